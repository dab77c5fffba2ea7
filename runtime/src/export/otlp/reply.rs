//! What became of a request.

use std::time::Duration;

use super::answer::Answer;
use super::signal::Signal;

/// What became of a request.
#[derive(Debug, PartialEq)]
pub(super) enum Reply {
    /// The receiver took it, but for the spans or data points it `rejected`.
    Taken { rejected: usize, message: String },
    /// It may be taken later.
    Later(Failure),
    /// It will never be taken.
    Never(Failure),
}

/// What went wrong.
#[derive(Debug, PartialEq)]
pub(super) struct Failure {
    pub(super) reason: String,
    pub(super) advice: &'static str,
    /// How long the receiver asked to be left alone.
    pub(super) retry_after: Option<Duration>,
    /// Nobody was there to answer.
    pub(super) unreachable: bool,
    /// The receiver has no place for it.
    pub(super) unwanted: bool,
}

impl Failure {
    /// One without an answer.
    pub(super) fn of(reason: String, advice: &'static str) -> Self {
        Self { reason, advice, retry_after: None, unreachable: false, unwanted: false }
    }
}

impl Reply {
    /// An answer of success: a `partial_success` or, most often, nothing.
    pub(super) fn taken(answer: &Answer<'_>, items: usize) -> Self {
        let (rejected, message) = answer.partial_success();
        let rejected = usize::try_from(rejected).unwrap_or(usize::MAX).min(items);
        Self::Taken { rejected, message }
    }

    /// A status other than 2xx. Which ones are worth another try, the
    /// [specification](https://opentelemetry.io/docs/specs/otlp/#retryable-response-codes) says.
    pub(super) fn status(signal: Signal, status: u16, reason: String, retry_after: Option<Duration>) -> Self {
        let advice = signal.advice_on_status(status);
        let unwanted = matches!(status, 404 | 405 | 501);
        let failure = Failure { retry_after, unwanted, ..Failure::of(reason, advice) };
        match status {
            429 | 502 | 503 | 504 => Self::Later(failure),
            _ => Self::Never(failure),
        }
    }
}
