//! The header `X-Cloud-Trace-Context` of
//! [Google Cloud](https://cloud.google.com/trace/docs/trace-context#legacy-http-header): `{trace}/{span};o={options}`, the
//! span as a decimal number.
//!
//! A trace without a span is no context.

use crate::context::Flags;
use crate::propagation::formats::datadog::decimal;
use crate::propagation::formats::hex;
use crate::propagation::formats::single_header::{SingleHeader, Written};
use crate::propagation::formats::trace::{Trace, sampled};

/// `gcp`.
pub(super) const CLOUD_TRACE: SingleHeader =
    SingleHeader { name: "gcp", key: "X-Cloud-Trace-Context", parse, write };

fn write(trace: &Trace) -> Written {
    let (trace_id, span) = (trace.trace_id, trace.span_id.to_u64());
    if trace.flags.is_deferred() {
        Written::of(format_args!("{trace_id}/{span}"))
    } else {
        Written::of(format_args!("{trace_id}/{span};o={}", trace.digit()))
    }
}

fn parse(value: &[u8]) -> Option<Trace> {
    let (trace, rest) = value.split_at_checked(32)?;
    let rest = rest.strip_prefix(b"/")?;
    let end = rest.iter().position(|byte| *byte == b';').unwrap_or(rest.len());
    let (span, options) = rest.split_at(end);
    Trace::new(hex::parse(trace, 32)?, decimal(span)?, flags(options)?)
}

/// Options of which the lowest bit says whether the trace is recorded; none leave it open.
fn flags(options: &[u8]) -> Option<Flags> {
    match options {
        [] | b";o=" => Some(Flags::DEFERRED),
        options => decimal(options.strip_prefix(b";o=")?).map(|bits| sampled(bits & 1 != 0)),
    }
}
