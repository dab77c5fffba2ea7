//! What a status of gRPC means.

use std::error::Error as _;
use std::io::{self, ErrorKind};
use std::time::Duration;

use tonic::{Code, ConnectError, Status, TimeoutExpired};

use super::causes;
use crate::export::otlp::answer::printable;
use crate::export::otlp::reply::{Failure, Reply};
use crate::export::otlp::signal::Signal;
use crate::export::otlp::wire::{Field, Fields};

/// What a status other than OK means. Which codes are worth another try, the
/// [specification](https://opentelemetry.io/docs/specs/otlp/#failures) says: a receiver that is exhausted only when it says
/// how long that takes.
pub(super) fn reply(signal: Signal, status: &Status) -> Reply {
    let retry_after = retry_info(status.details());
    let failure = Failure {
        reason: reason(status),
        advice: advice(signal, status),
        retry_after,
        unreachable: is_unreachable(status),
        unwanted: status.code() == Code::Unimplemented,
    };
    match status.code() {
        Code::Cancelled
        | Code::DeadlineExceeded
        | Code::Aborted
        | Code::OutOfRange
        | Code::Unavailable
        | Code::DataLoss => Reply::Later(failure),
        Code::ResourceExhausted if retry_after.is_some() => Reply::Later(failure),
        // Without an answer there is no status either: tonic gives such a failure this code where it knows no better one.
        Code::Unknown if status.source().is_some() => Reply::Later(failure),
        _ => Reply::Never(failure),
    }
}

/// What went wrong on the way; without any cause the status is the receiver's answer.
fn reason(status: &Status) -> String {
    match causes(status).last() {
        Some(cause) => printable(cause.to_string().as_bytes()),
        None => printable(format!("gRPC status {:?}: {}", status.code(), status.message()).as_bytes()),
    }
}

fn advice(signal: Signal, status: &Status) -> &'static str {
    match status.code() {
        Code::DeadlineExceeded => signal.advice_on_timeout(),
        _ if causes(status).any(|error| error.is::<TimeoutExpired>()) => signal.advice_on_timeout(),
        Code::Unauthenticated | Code::PermissionDenied => signal.advice_on_status(401),
        Code::Unimplemented => "the receiver must speak OTLP over gRPC; over HTTP it has another port",
        Code::ResourceExhausted => signal.advice_on_status(429),
        _ if is_tls(status) => signal.advice_on_tls(),
        _ if status.source().is_some() => signal.advice_on_silence(),
        _ => "see what the receiver logs",
    }
}

/// Nobody was there to answer.
fn is_unreachable(status: &Status) -> bool {
    causes(status).any(|error| error.is::<ConnectError>()) && !is_tls(status)
}

/// Handshakes fail as I/O errors.
fn is_tls(status: &Status) -> bool {
    causes(status).any(|error| {
        error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == ErrorKind::InvalidData)
    })
}

/// The delay of the `google.rpc.RetryInfo` among the details of a `google.rpc.Status`.
fn retry_info(status: &[u8]) -> Option<Duration> {
    let details = Fields { bytes: status }.bytes_of(3).map(|any| Fields { bytes: any });
    let mut infos = details.filter(|any| {
        let name = any.bytes_of(1).last();
        name.is_some_and(|name| name.ends_with(b"/google.rpc.RetryInfo"))
    });
    // `Any.value`, then `RetryInfo.retry_delay`, whose default is no time at all.
    let info = infos.next()?.bytes_of(2).last().unwrap_or_default();
    let delay = Fields { bytes: info }.bytes_of(1).last().unwrap_or_default();
    let part = |number| {
        let mut parts = Fields { bytes: delay }.filter(|(known, _)| *known == number);
        parts.find_map(|(_, field)| match field {
            Field::Number(part) => Some(part),
            _ => None,
        })
    };
    let (seconds, nanos) = (part(1).unwrap_or_default(), part(2).unwrap_or_default());
    // Negative ones are numbers without end here.
    Some(
        Duration::from_secs(u32::try_from(seconds).ok()?.into())
            + Duration::from_nanos(u32::try_from(nanos).ok()?.into()),
    )
}
