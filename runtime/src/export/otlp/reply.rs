//! What became of a request.

use std::time::Duration;

use super::signal::Signal;
use super::wire::{Field, Fields};

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

impl Reply {
    /// The body of a 2xx: an `ExportTraceServiceResponse` with a `partial_success` or, most often, nothing.
    pub(super) fn taken(body: &[u8], items: usize) -> Self {
        let (mut rejected, mut message) = (0, String::new());
        for (number, field) in (Fields { bytes: body }) {
            let (1, Field::Bytes(partial)) = (number, field) else { continue };
            for field in (Fields { bytes: partial }) {
                match field {
                    (1, Field::Number(count)) => rejected = count,
                    (2, Field::Bytes(text)) => message = printable(text),
                    _ => {}
                }
            }
        }
        let rejected = usize::try_from(rejected).unwrap_or(usize::MAX).min(items);
        Self::Taken { rejected, message }
    }

    /// A status other than 2xx. Which ones are worth another try, the
    /// [specification](https://opentelemetry.io/docs/specs/otlp/#retryable-response-codes) says.
    pub(super) fn status(signal: Signal, status: u16, reason: String, retry_after: Option<Duration>) -> Self {
        let advice = signal.advice_on_status(status);
        let unwanted = matches!(status, 404 | 405 | 501);
        let failure = Failure { reason, advice, retry_after, unreachable: false, unwanted };
        match status {
            429 | 502 | 503 | 504 => Self::Later(failure),
            _ => Self::Never(failure),
        }
    }
}

/// The message of a `google.rpc.Status`, which receivers answer errors with.
pub(super) fn status_message(body: &[u8]) -> Option<String> {
    let message = Fields { bytes: body }.find_map(|field| match field {
        (2, Field::Bytes(text)) => Some(printable(text)),
        _ => None,
    });
    message.filter(|message| !message.is_empty())
}

/// What a receiver says, fit for a terminal: one line, not long, no control characters.
pub(super) fn printable(text: &[u8]) -> String {
    const LONGEST: usize = 200;
    let text = String::from_utf8_lossy(text);
    let line = text.chars().map(|letter| if letter.is_control() { ' ' } else { letter });
    line.take(LONGEST).collect::<String>().trim().to_owned()
}
