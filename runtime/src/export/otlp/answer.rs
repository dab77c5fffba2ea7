//! What stands in the answers of receivers.

use serde_json::Value;

use super::wire::{Field, Fields};
use crate::unprintable::is_unprintable;

/// The body of an answer, by what it says it is.
#[derive(Clone, Copy, Debug)]
pub(super) enum Answer<'a> {
    Protobuf(&'a [u8]),
    Json(&'a [u8]),
    /// Text for people, if it is any.
    Other(&'a [u8]),
}

impl<'a> Answer<'a> {
    pub(super) fn of(mime_type: Option<&str>, body: &'a [u8]) -> Self {
        match mime_type {
            Some("application/x-protobuf") => Self::Protobuf(body),
            Some("application/json") => Self::Json(body),
            _ => Self::Other(body),
        }
    }

    /// The `partial_success` of an `ExportTraceServiceResponse` or `ExportMetricsServiceResponse`: how many were rejected,
    /// and why.
    pub(super) fn partial_success(self) -> (u64, String) {
        match self {
            Self::Protobuf(body) => partial_of_protobuf(body),
            Self::Json(body) => partial_of_json(body).unwrap_or_default(),
            Self::Other(_) => (0, String::new()),
        }
    }

    /// What it says about an error: the message of the `google.rpc.Status` that the specification asks for, or else all of
    /// it.
    pub(super) fn error(self) -> String {
        match self {
            Self::Protobuf(body) => {
                Fields { bytes: body }.bytes_of(2).last().map(printable).unwrap_or_default()
            }
            Self::Json(body) => message_of_json(body).unwrap_or_else(|| printable(body)),
            Self::Other(body) => printable(body),
        }
    }
}

fn partial_of_protobuf(body: &[u8]) -> (u64, String) {
    let (mut rejected, mut message) = (0, String::new());
    for (number, field) in (Fields { bytes: body }).bytes_of(1).flat_map(|bytes| Fields { bytes }) {
        match (number, field) {
            (1, Field::Number(count)) => rejected = count,
            (2, Field::Bytes(text)) => message = printable(text),
            _ => {}
        }
    }
    (rejected, message)
}

/// 64-bit numbers are text in the mapping, and numbers where a receiver does not care.
fn partial_of_json(body: &[u8]) -> Option<(u64, String)> {
    let answer: Value = serde_json::from_slice(body).ok()?;
    let partial = answer.get("partialSuccess")?;
    let rejected = partial.get("rejectedSpans").or_else(|| partial.get("rejectedDataPoints"));
    let rejected = rejected.and_then(|count| count.as_u64().or_else(|| count.as_str()?.parse().ok()));
    let message = partial.get("errorMessage").and_then(Value::as_str).unwrap_or_default();
    Some((rejected.unwrap_or_default(), printable(message.as_bytes())))
}

fn message_of_json(body: &[u8]) -> Option<String> {
    let status: Value = serde_json::from_slice(body).ok()?;
    status.get("message")?.as_str().map(|message| printable(message.as_bytes()))
}

/// What a receiver says, fit for a terminal: one line, not long, nothing unprintable.
pub(super) fn printable(text: &[u8]) -> String {
    const LONGEST: usize = 200;
    let text = String::from_utf8_lossy(text);
    let line = text.chars().map(|letter| if is_unprintable(letter) { ' ' } else { letter });
    line.take(LONGEST).collect::<String>().trim().to_owned()
}
