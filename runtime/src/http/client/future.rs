//! The wait for a response.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use http::{HeaderMap, StatusCode};
use pin_project_lite::pin_project;

use crate::http::usage;
use crate::semconv;
use crate::span::future::{FutureExt, InSpan};
use crate::span::{Span, current};

/// What came of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// A response with this status; 400 and above fail the span.
    Status(StatusCode),
    /// The same, with what its header `throughline-usage` says that was used for it.
    Used(StatusCode, String),
    /// No response.
    Failed {
        /// The kind of error: one of few.
        error_type: &'static str,
        /// What it says.
        message: String,
    },
}

impl Answer {
    /// A response with this status and these headers.
    pub fn of(status: StatusCode, headers: &HeaderMap) -> Self {
        match usage::text(headers) {
            Some(text) => Self::Used(status, text.to_owned()),
            None => Self::Status(status),
        }
    }
}

pin_project! {
    /// The future of [`Client`](crate::http::Client) and [`Call::run`](crate::http::Call::run).
    #[must_use = "futures do nothing unless polled"]
    pub struct CallFuture<F: Future> {
        #[pin]
        inner: InSpan<Classified<F>>,
    }
}

impl<F: Future> CallFuture<F> {
    pub(super) fn new(request: F, answer: fn(&F::Output) -> Answer, span: Span) -> Self {
        Self { inner: Classified { request, answer }.in_span(span) }
    }
}

impl<F: Future> Future for CallFuture<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        self.project().inner.poll(cx)
    }
}

impl<F: Future> fmt::Debug for CallFuture<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CallFuture").finish_non_exhaustive()
    }
}

pin_project! {
    /// The request, which tells the span around it how it ended.
    struct Classified<F: Future> {
        #[pin]
        request: F,
        answer: fn(&F::Output) -> Answer,
    }
}

impl<F: Future> Future for Classified<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.project();
        let output = ready!(this.request.poll(cx));
        if current::is_recording() {
            record(&(this.answer)(&output));
        }
        Poll::Ready(output)
    }
}

fn record(answer: &Answer) {
    match answer {
        Answer::Status(status) => record_status(*status),
        Answer::Used(status, text) => {
            record_status(*status);
            usage::record(text);
        }
        Answer::Failed { error_type, message } => current::fail(error_type, message),
    }
}

fn record_status(status: StatusCode) {
    current::set(semconv::HTTP_RESPONSE_STATUS_CODE, status.as_u16());
    if status.is_client_error() || status.is_server_error() {
        // The code says it all: the conventions want no message then.
        current::fail(status.as_str(), "");
    }
}
