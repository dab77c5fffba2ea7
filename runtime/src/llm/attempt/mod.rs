//! One attempt of a call that may be retried.

mod answered;
#[cfg(feature = "http")]
mod layer;

use std::any::type_name;
use std::fmt::Display;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context as TaskContext, Poll};

use pin_project_lite::pin_project;

use crate::context::current;
use crate::context::key::Key;
use crate::llm::calls::{self, SharedState};
use crate::llm::moment::Moment;
use crate::llm::observed::{Text, cut};
use crate::llm::response::message_of;
use crate::semconv;
use crate::span::current as current_span;
use crate::span::{Callsite, Kind, Span};
use crate::{Context, FutureExt};
use answered::Answered;

#[cfg(feature = "http")]
pub(crate) use answered::answered;
pub use answered::retry_after;
#[cfg(feature = "http")]
pub use layer::{AttemptFuture, AttemptLayer, Attempts};

static ATTEMPT: Callsite =
    Callsite::new("llm attempt", module_path!(), file!(), line!(), &[]).with_kind(Kind::Client);

/// Runs one attempt of a model call in a child span of the call's, so that retries are seen: its number from 1, the
/// seconds waited since the attempt before it, and its error if it has one. The call itself says how many attempts it took
/// and why those failed that did.
///
/// An attempt fails by the error that it returns. Where a request in it goes through
/// [`ClientLayer`](crate::http::ClientLayer) or the adapter for reqwest, the status of the last response is known: from 400
/// on it fails the attempt, whatever that makes of it, and it is the reason, rather than the error's type. A header
/// `Retry-After` is noted; what other clients say of it goes through [`retry_after`](crate::llm::retry_after).
///
/// Nothing is retried by this: the loop is yours, or your retry crate's. Client crates that retry by themselves, such as
/// async-openai, do so inside of one attempt: switch that off to see each.
///
/// What is recorded of responses and chunks inside of an attempt is written on the call, not on the attempt, so that no
/// reader counts it twice.
///
/// ```
/// use throughline::llm;
///
/// # async fn create() -> Result<llm::Usage, String> { Ok(llm::Usage::default()) }
/// async fn ask() -> Result<llm::Usage, String> {
///     for _ in 0..2 {
///         if let Ok(response) = llm::attempt(async || create().await).await {
///             return Ok(response);
///         }
///         // wait a moment
///     }
///     llm::attempt(async || create().await).await
/// }
/// ```
pub fn attempt<F, T, E>(call: F) -> impl Future<Output = Result<T, E>>
where
    F: AsyncFnOnce() -> Result<T, E>,
    E: Display,
{
    // What is current now is what the attempt belongs to, even when it is spawned.
    let context = Context::current();
    async move {
        let (span, attempt) = Attempt::begin();
        Watched::new(async move { call().await }, attempt).in_span(span).await
    }
    .in_context(context)
}

pin_project! {
    /// The work of an attempt, which is polled inside of its span.
    #[derive(Debug)]
    pub(super) struct Watched<F> {
        #[pin]
        call: F,
        // Where nothing is recorded there is none.
        attempt: Option<Attempt>,
    }
}

impl<F> Watched<F> {
    pub(super) const fn new(call: F, attempt: Option<Attempt>) -> Self {
        Self { call, attempt }
    }
}

impl<F, T, E> Future for Watched<F>
where
    F: Future<Output = Result<T, E>>,
    E: Display,
{
    type Output = Result<T, E>;

    fn poll(self: Pin<&mut Self>, cx: &mut TaskContext<'_>) -> Poll<Result<T, E>> {
        let this = self.project();
        let polled = Attempt::work(this.attempt, || this.call.poll(cx));
        if let Poll::Ready(result) = &polled
            && let Some(attempt) = this.attempt.take()
        {
            attempt.end(result);
        }
        polled
    }
}

/// An attempt under way. Dropped before its end, it is cancelled.
#[derive(Debug)]
pub(super) struct Attempt {
    of: SharedState,
    span: Key,
    answered: Answered,
    /// Why it failed, if it did.
    error: Option<Text>,
}

impl Attempt {
    /// Begins an attempt of the current span, in a span of its own.
    pub(super) fn begin() -> (Span, Option<Self>) {
        let call = current::get();
        let span = Span::new(&ATTEMPT);
        if !span.is_recording() || !call.is_recording() {
            return (span, None);
        }
        let of = calls::of_span(&call);
        let key = span.context().key();
        calls::enter(&key, &of);
        let (number, wait) = calls::lock(&of).attempt_begins(Moment::now(&key));
        span.set(semconv::LLM_ATTEMPT_NUMBER, number);
        span.set(semconv::LLM_ATTEMPT_WAIT, wait);
        let attempt =
            Self { of, span: key, answered: Answered::nothing_yet(key), error: Some(cut("cancelled")) };
        (span, Some(attempt))
    }

    /// Does a piece of its work.
    pub(super) fn work<R>(attempt: &mut Option<Self>, f: impl FnOnce() -> R) -> R {
        match attempt {
            Some(attempt) => attempt.answered.during(f),
            None => f(),
        }
    }

    /// It is over. The current span is its own.
    fn end<T, E: Display>(mut self, result: &Result<T, E>) {
        let message = result.as_ref().err().map(message_of);
        let status = self.answered.error_status().map(|status| status.to_string());
        self.error = match (&status, &message) {
            (Some(status), _) => Some(cut(status)),
            (None, Some(_)) => Some(cut(type_name::<E>())),
            (None, None) => None,
        };
        if let Some(error) = &self.error {
            current_span::fail(error, &message.unwrap_or_default());
        }
    }
}

impl Drop for Attempt {
    fn drop(&mut self) {
        calls::leave(&self.span);
        if std::thread::panicking() {
            self.error = Some(cut("panicked"));
        }
        calls::lock(&self.of).attempt_ended(Moment::now(&self.span), self.error);
    }
}
