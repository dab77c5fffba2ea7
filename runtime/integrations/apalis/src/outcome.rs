//! How a run of a task ends.

use std::any::type_name;
use std::error::Error;
use std::iter::successors;
use std::pin::Pin;
use std::task::{Context, Poll};

use apalis_core::error::{AbortError, BoxDynError, DeferredError, RetryAfterError};
use pin_project_lite::pin_project;
use throughline::jobs::JobOutcome;

/// More causes than an error has, unless it goes round in a circle.
const CAUSES: usize = 16;

/// What a run came to.
#[derive(Debug)]
pub(crate) struct Ended<R>(pub(crate) Result<R, BoxDynError>);

impl<R> JobOutcome for Ended<R> {
    fn error(&self) -> Option<(&'static str, String)> {
        let error = self.0.as_ref().err()?.as_ref();
        Some((kind(error), chain(error)))
    }
}

/// The type of an error that means something to apalis; of others nothing is known.
fn kind(error: &(dyn Error + Send + Sync + 'static)) -> &'static str {
    if error.is::<AbortError>() {
        type_name::<AbortError>()
    } else if error.is::<RetryAfterError>() {
        type_name::<RetryAfterError>()
    } else if error.is::<DeferredError>() {
        type_name::<DeferredError>()
    } else {
        type_name::<BoxDynError>()
    }
}

/// What it says, and what its sources say, unless the error has said it already.
fn chain(error: &(dyn Error + Send + Sync + 'static)) -> String {
    let mut message = error.to_string();
    for cause in successors(error.source(), |cause: &&dyn Error| (*cause).source()).take(CAUSES) {
        let text = cause.to_string();
        if !message.ends_with(&text) {
            message.push_str(": ");
            message.push_str(&text);
        }
    }
    message
}

pin_project! {
    /// The work on a task, for its outcome.
    #[derive(Debug)]
    pub(crate) struct Ending<F> {
        #[pin]
        work: F,
    }
}

impl<F> Ending<F> {
    pub(crate) fn new(work: F) -> Self {
        Self { work }
    }
}

impl<F, R, E> Future for Ending<F>
where
    F: Future<Output = Result<R, E>>,
    E: Into<BoxDynError>,
{
    type Output = Ended<R>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Ended<R>> {
        self.project().work.poll(context).map(|result| Ended(result.map_err(Into::into)))
    }
}
