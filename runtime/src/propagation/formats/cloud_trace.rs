//! The header `X-Cloud-Trace-Context` of
//! [Google Cloud](https://cloud.google.com/trace/docs/trace-context#legacy-http-header): `{trace}/{span};o={options}`, the
//! span as a decimal number.
//!
//! A trace without a span is no context.

use crate::context::{ContextParts, Flags};
use crate::propagation::formats::datadog::decimal;
use crate::propagation::formats::text::Text;
use crate::propagation::formats::trace::{Trace, sampled};
use crate::propagation::formats::{hex, value};
use crate::propagation::{Extract, Inject, Propagator};

const KEY: &str = "X-Cloud-Trace-Context";

/// `gcp`.
#[derive(Debug)]
pub(super) struct CloudTrace;

impl Propagator for CloudTrace {
    fn name(&self) -> &str {
        "gcp"
    }

    fn each_field(&self, field: &mut dyn FnMut(&str)) {
        field(KEY);
    }

    fn extract(&self, carrier: &dyn Extract, parts: &mut ContextParts) {
        if let Some(trace) = value::read(carrier, KEY, parse).ok() {
            trace.put_into(parts);
        }
    }

    fn inject(&self, parts: &ContextParts, carrier: &mut dyn Inject) {
        let Some(trace) = Trace::of(parts) else { return };
        let (trace_id, span) = (trace.trace_id, trace.span_id.to_u64());
        let text: Text<57> = if trace.flags.is_deferred() {
            Text::of(format_args!("{trace_id}/{span}"))
        } else {
            Text::of(format_args!("{trace_id}/{span};o={}", trace.digit()))
        };
        carrier.set(KEY, text.as_str());
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
