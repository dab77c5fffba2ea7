//! The wait for a response.

use std::fmt::Display;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use http::Response;
use http_body::Body;
use pin_project_lite::pin_project;

use crate::http::server::exchange::{End, Exchange};
use crate::http::server::{Http, Protocol, ResponseBody};

pin_project! {
    /// The future of [`Server`](crate::http::Server).
    #[derive(Debug)]
    pub struct ResponseFuture<F, P: Protocol = Http> {
        #[pin]
        inner: F,
        exchange: Option<Exchange<P>>,
    }
}

impl<F, P: Protocol> ResponseFuture<F, P> {
    pub(super) fn new(inner: F, exchange: Option<Exchange<P>>) -> Self {
        Self { inner, exchange }
    }
}

impl<F, R, E, P> Future for ResponseFuture<F, P>
where
    F: Future<Output = Result<Response<R>, E>>,
    R: Body,
    E: Display,
    P: Protocol,
{
    type Output = Result<Response<ResponseBody<R, P>>, E>;

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
