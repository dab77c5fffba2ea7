//! The service that the layer makes.

use std::task::{Context, Poll};

use http::{Request, Response};
use http_body::Body;
use throughline::FutureExt;
use tonic::Status;
use tower_service::Service;

use crate::BoxError;
use crate::client::call::Call;
use crate::client::{ClientLayer, ResponseBody, ResponseFuture};

/// The service that [`ClientLayer`] makes: what a generated client takes.
///
/// Its errors are the statuses that a generated client makes of those of the channel, which are their sources.
#[derive(Clone, Debug)]
pub struct Client<S> {
    inner: S,
    layer: ClientLayer,
}

impl<S> Client<S> {
    pub(super) fn new(inner: S, layer: ClientLayer) -> Self {
        Self { inner, layer }
    }
}

impl<S, B, R> Service<Request<B>> for Client<S>
where
    S: Service<Request<B>, Response = Response<R>>,
    S::Error: Into<BoxError>,
    R: Body,
{
    type Response = Response<ResponseBody<R>>;
    type Error = Status;
    type Future = ResponseFuture<S::Future>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Status>> {
        self.inner.poll_ready(cx).map_err(|error| Status::from_error(error.into()))
    }

    fn call(&mut self, mut request: Request<B>) -> Self::Future {
        let call = Call::begin(&self.layer, &mut request);
        let context = call.context();
        let inner = {
            let _attached = context.attach();
            self.inner.call(request)
        };
        ResponseFuture::new(inner.in_context(context), call)
    }
}
