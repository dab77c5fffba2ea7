//! The wait for the head of an answer.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use http::Response;
use http_body::Body;
use pin_project_lite::pin_project;
use throughline::span::future::InSpan;
use tonic::Status;

use crate::BoxError;
use crate::client::ResponseBody;
use crate::client::call::Call;

pin_project! {
    /// The future of [`Client`](crate::Client).
    #[must_use = "futures do nothing unless polled"]
    pub struct ResponseFuture<F> {
        #[pin]
        inner: InSpan<F>,
        call: Option<Call>,
    }
}

impl<F> ResponseFuture<F> {
    pub(super) fn new(inner: InSpan<F>, call: Call) -> Self {
        Self { inner, call: Some(call) }
    }
}

impl<F, R, E> Future for ResponseFuture<F>
where
    F: Future<Output = Result<Response<R>, E>>,
    R: Body,
    E: Into<BoxError>,
{
    type Output = Result<Response<ResponseBody<R>>, Status>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let result = ready!(this.inner.poll(cx));
        let call = this.call.take();
        Poll::Ready(match result {
            Ok(response) => {
                let call = call.and_then(|call| call.answered(&response));
                Ok(response.map(|body| ResponseBody::new(body, call)))
            }
            Err(error) => {
                let status = Status::from_error(error.into());
                call.into_iter().for_each(|call| call.failed(&status));
                Err(status)
            }
        })
    }
}

impl<F> fmt::Debug for ResponseFuture<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseFuture").finish_non_exhaustive()
    }
}
