//! The service that the layer makes.

use std::borrow::Cow;
use std::fmt::Display;
use std::task::{Context, Poll};

use http::{HeaderMap, Request, Response, Uri};
use tower_service::Service;

use crate::http::address;
use crate::http::client::{Answer, CallFuture, ClientLayer, Outgoing};

/// The service that [`ClientLayer`] makes.
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
    S::Error: Display,
{
    type Response = Response<R>;
    type Error = S::Error;
    type Future = CallFuture<S::Future>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, mut request: Request<B>) -> Self::Future {
        let (method, uri) = (request.method().clone(), request.uri().clone());
        let url = full(&uri, request.headers());
        let host = address::of(&uri, request.headers()).map(|(host, port)| (host.to_owned(), port));
        let (host, port) = host.unwrap_or_default();
        let port = port.or_else(|| address::default_port(uri.scheme_str().unwrap_or("http")));
        let call = self.layer.start(Outgoing {
            method: &method,
            url: &url,
            host: &host,
            port,
            headers: request.headers_mut(),
        });
        let inner = call.in_scope(|| self.inner.call(request));
        call.run(inner, answer)
    }
}

fn answer<R, E: Display>(result: &Result<Response<R>, E>) -> Answer {
    match result {
        Ok(response) => Answer::of(response.status(), response.headers()),
        Err(error) => Answer::Failed { error_type: std::any::type_name::<E>(), message: error.to_string() },
    }
}

/// The absolute URL, which a client that connects by itself leaves to the header `Host`.
fn full<'a>(uri: &'a Uri, headers: &HeaderMap) -> Cow<'a, str> {
    match (uri.scheme(), address::of(uri, headers)) {
        (None, Some((host, port))) => {
            let port = port.map(|port| format!(":{port}")).unwrap_or_default();
            format!("http://{host}{port}{uri}").into()
        }
        _ => uri.to_string().into(),
    }
}
