//! OTLP's JSON: made of its protobuf, from the thread that sends.

mod schema;
mod write;

use crate::export::otlp::signal::Signal;

/// The body of a request, which is protobuf, in the
/// [JSON encoding](https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding): IDs in hexadecimal, enums as
/// numbers, integers of 64 bits as text.
pub(in crate::export) fn request(signal: Signal, body: &[u8]) -> Vec<u8> {
    let message = match signal {
        Signal::Traces | Signal::Zipkin => &schema::TRACES,
        Signal::Metrics => &schema::METRICS,
    };
    // A member's name takes more than a tag: most requests grow by this and a little.
    let mut out = Vec::with_capacity(2 * body.len());
    write::message(&mut out, message, body);
    out
}
