//! The wait for a response.

use std::fmt::Display;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use http::Response;
use http_body::Body;
use pin_project_lite::pin_project;

use crate::http::server::ResponseBody;
use crate::http::server::exchange::{End, Exchange};

pin_project! {
    /// The future of [`Server`](crate::http::Server).
    #[derive(Debug)]
    pub struct ResponseFuture<F> {
        #[pin]
        inner: F,
        exchange: Option<Exchange>,
    }
}

impl<F> ResponseFuture<F> {
    pub(super) fn new(inner: F, exchange: Exchange) -> Self {
        Self { inner, exchange: Some(exchange) }
    }
}

impl<F, R, E> Future for ResponseFuture<F>
where
    F: Future<Output = Result<Response<R>, E>>,
    R: Body,
    E: Display,
{
    type Output = Result<Response<ResponseBody<R>>, E>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let result = match this.exchange.as_mut() {
            Some(exchange) => ready!(exchange.work(|| this.inner.poll(cx))),
            None => return this.inner.poll(cx).map_ok(|response| response.map(ResponseBody::unobserved)),
        };
        let exchange = this.exchange.take();
        Poll::Ready(match (result, exchange) {
            (Ok(response), Some(exchange)) => Ok(exchange.answer(response)),
            (Ok(response), None) => Ok(response.map(ResponseBody::unobserved)),
            (Err(error), exchange) => {
                let end = End::Failed { error_type: std::any::type_name::<E>(), message: &error.to_string() };
                exchange.into_iter().for_each(|exchange| exchange.end(&end));
                Err(error)
            }
        })
    }
}
