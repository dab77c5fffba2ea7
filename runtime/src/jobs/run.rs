//! Work on a message.

use std::fmt::Display;
use std::panic::resume_unwind;
use std::pin::Pin;
use std::task::{Context, Poll};

use pin_project_lite::pin_project;

use crate::propagation::Entry;

/// What work on a message, or on a schedule, comes to: `()`, or a `Result` whose error fails the span.
///
/// ```
/// use throughline::jobs::JobOutcome;
///
/// assert!(Ok::<_, std::io::Error>(()).error().is_none());
/// assert_eq!(Err::<(), _>("no such user").error().unwrap().1, "no such user");
/// ```
pub trait JobOutcome {
    /// The kind of error, and what it says.
    fn error(&self) -> Option<(&'static str, String)>;
}

impl JobOutcome for () {
    fn error(&self) -> Option<(&'static str, String)> {
        None
    }
}

impl<T, E: Display> JobOutcome for Result<T, E> {
    fn error(&self) -> Option<(&'static str, String)> {
        let error = self.as_ref().err()?;
        Some((std::any::type_name::<E>(), error.to_string()))
    }
}

/// Work that has begun. Dropped before it is done, it is cancelled, or panicked.
#[derive(Debug)]
pub(super) struct Started {
    entry: Entry,
    is_done: bool,
}

impl Started {
    pub(super) fn new(entry: Entry) -> Self {
        Self { entry, is_done: false }
    }

    fn work<R>(&mut self, f: impl FnOnce() -> R) -> R {
        self.entry.work(f).unwrap_or_else(|panic| resume_unwind(panic))
    }

    fn finish<R: JobOutcome>(&mut self, outcome: &R) {
        self.is_done = true;
        if self.entry.span.is_recording()
            && let Some((error_type, message)) = outcome.error()
        {
            self.entry.span.fail(error_type, &message);
        }
    }
}

impl Drop for Started {
    fn drop(&mut self) {
        if !self.is_done {
            self.entry.abandon();
        }
    }
}

pub(super) fn blocking<R: JobOutcome>(mut started: Started, work: impl FnOnce() -> R) -> R {
    let outcome = started.work(work);
    started.finish(&outcome);
    outcome
}

pub(super) fn in_future<F: Future<Output: JobOutcome>>(
    mut started: Started,
    work: impl FnOnce() -> F,
) -> Running<F> {
    let future = started.work(work);
    Running { future, started: Some(started) }
}

pin_project! {
    /// The future of work that has begun: of [`Delivery::run`](crate::jobs::Delivery::run) and its like.
    #[derive(Debug)]
    #[must_use = "futures do nothing unless awaited"]
    pub struct Running<F> {
        #[pin]
        future: F,
        started: Option<Started>,
    }
}

impl<F: Future<Output: JobOutcome>> Future for Running<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.project();
        let Some(started) = this.started else { return Poll::Pending };
        let polled = started.work(|| this.future.poll(cx));
        if let Poll::Ready(outcome) = &polled
            && let Some(mut started) = this.started.take()
        {
            started.finish(outcome);
        }
        polled
    }
}
