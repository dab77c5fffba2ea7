//! The wait for a response.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use http::header::{DATE, RETRY_AFTER};
use http::{HeaderMap, StatusCode};
use pin_project_lite::pin_project;

use crate::http::usage;
use crate::retry_after;
use crate::semconv;
use crate::span::future::{FutureExt, InSpan};
use crate::span::{Span, current};

/// What came of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// A response with this status; 400 and above fail the span.
    Status(StatusCode),
    /// The same, with what its headers say besides.
    Response {
        /// The status.
        status: StatusCode,
        /// How long the server asks to wait before the next request.
        retry_after: Option<Duration>,
        /// What the header `throughline-usage` says that was used for it.
        usage: Option<String>,
    },
    /// No response.
    Failed {
        /// The kind of error: one of few.
        error_type: &'static str,
        /// What it says.
        message: String,
    },
}

impl Answer {
    /// What a response with this status and these headers says. A wait is in `Retry-After`: seconds, or a date that counts
    /// from the response's own.
    ///
    /// ```
    /// use std::time::Duration;
    /// use http::{HeaderMap, StatusCode};
    /// use throughline::http::Answer;
    ///
    /// let headers = HeaderMap::from_iter([(http::header::RETRY_AFTER, "20".parse().unwrap())]);
    /// let answer = Answer::of(StatusCode::TOO_MANY_REQUESTS, &headers);
    /// assert!(matches!(answer, Answer::Response { retry_after: Some(wait), .. } if wait == Duration::from_secs(20)));
    /// ```
    pub fn of(status: StatusCode, headers: &HeaderMap) -> Self {
        let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
        let retry_after = text(RETRY_AFTER).and_then(|asked| retry_after::wait(asked, text(DATE)));
        match (retry_after, usage::text(headers)) {
            (None, None) => Self::Status(status),
            (retry_after, usage) => Self::Response { status, retry_after, usage: usage.map(str::to_owned) },
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
        let is_recorded = span.is_recording();
        Self { inner: Classified { request, answer, is_recorded }.in_span(span) }
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
        // A span that is filtered out leaves the one around it current, which is none of a request's.
        is_recorded: bool,
    }
}

impl<F: Future> Future for Classified<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.project();
        let output = ready!(this.request.poll(cx));
        if current::is_recording() {
            let answer = (this.answer)(&output);
            #[cfg(feature = "llm")]
            note(&answer);
            if *this.is_recorded {
                record(&answer);
            }
        }
        Poll::Ready(output)
    }
}

fn record(answer: &Answer) {
    match answer {
        Answer::Status(status) => record_status(*status),
        Answer::Response { status, usage, .. } => {
            record_status(*status);
            usage.iter().for_each(|text| usage::record(text));
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

/// Tells the attempt of a model call that the request may belong to.
#[cfg(feature = "llm")]
fn note(answer: &Answer) {
    let (status, wait) = match answer {
        Answer::Status(status) => (Some(status), None),
        Answer::Response { status, retry_after, .. } => (Some(status), *retry_after),
        Answer::Failed { .. } => (None, None),
    };
    crate::llm::answered(status.map(StatusCode::as_u16), wait);
}
