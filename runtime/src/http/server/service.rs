//! The service that the layer makes.

use std::fmt::Display;
use std::task::{Context, Poll};

use http::{Request, Response};
use http_body::Body;
use tower_service::Service;

use crate::http::server::exchange::Exchange;
use crate::http::server::layer::Options;
use crate::http::server::{Http, Protocol, ResponseBody, ResponseFuture};

/// The service that [`ServerLayer`](crate::http::ServerLayer) makes.
#[derive(Clone, Debug)]
pub struct Server<S, P = Http> {
    inner: S,
    options: Options,
    protocol: P,
}

impl<S, P> Server<S, P> {
    pub(super) fn new(inner: S, options: Options, protocol: P) -> Self {
        Self { inner, options, protocol }
    }
}

impl<S, B, R, P> Service<Request<B>> for Server<S, P>
where
    S: Service<Request<B>, Response = Response<R>>,
    S::Error: Display,
    R: Body,
    P: Protocol,
{
    type Response = Response<ResponseBody<R, P>>;
    type Error = S::Error;
    type Future = ResponseFuture<S::Future, P>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, mut request: Request<B>) -> Self::Future {
        let mut exchange = Exchange::begin(&self.options, self.protocol.clone(), &mut request);
        let inner = match &mut exchange {
            Some(exchange) => exchange.work(|| self.inner.call(request)),
            None => self.inner.call(request),
        };
        ResponseFuture::new(inner, exchange)
    }
}
