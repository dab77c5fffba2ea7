//! The header `b3` of [B3](https://github.com/openzipkin/b3-propagation#single-header):
//! `{trace}-{span}-{sampled}-{parent}`.
//!
//! Both forms of B3 are read whichever of the two is named, as
//! [OpenTelemetry](https://opentelemetry.io/docs/specs/otel/context/api-propagators/#b3-requirements) has it; the header
//! `b3` is looked at first. That a trace is for debugging counts as sampled, and is not passed on. The parent of the span
//! is not ours to know: a span of B3 can be one of two services, ours never is.

use crate::context::{ContextParts, Flags};
use crate::id::{SpanId, TraceId};
use crate::propagation::formats::b3_multi;
use crate::propagation::formats::text::Text;
use crate::propagation::formats::trace::{Trace, sampled};
use crate::propagation::formats::value::{self, Value};
use crate::propagation::{Extract, Inject, Propagator};

const KEY: &str = "b3";

/// `b3`.
#[derive(Debug)]
pub(super) struct B3;

impl Propagator for B3 {
    fn name(&self) -> &str {
        "b3"
    }

    fn each_field(&self, field: &mut dyn FnMut(&str)) {
        field(KEY);
    }

    fn extract(&self, carrier: &dyn Extract, parts: &mut ContextParts) {
        extract(carrier, parts);
    }

    fn inject(&self, parts: &ContextParts, carrier: &mut dyn Inject) {
        let Some(trace) = Trace::of(parts) else { return };
        let Trace { trace_id, span_id, flags } = trace;
        let text: Text<51> = if flags.is_deferred() {
            Text::of(format_args!("{trace_id}-{span_id}"))
        } else {
            Text::of(format_args!("{trace_id}-{span_id}-{}", trace.digit()))
        };
        carrier.set(KEY, text.as_str());
    }
}

/// Reads either form.
pub(super) fn extract(carrier: &dyn Extract, parts: &mut ContextParts) {
    let single = value::read(carrier, KEY, parse);
    let trace = match single {
        Value::Read(trace) => trace,
        Value::Missing | Value::Malformed => b3_multi::read(carrier),
    };
    if let Some(trace) = trace {
        trace.put_into(parts);
    }
}

/// The trace of a value that is well-formed, if it has one: a verdict other than no says nothing without.
fn parse(value: &[u8]) -> Option<Option<Trace>> {
    match value {
        b"0" => return Some(Trace::refused()),
        b"1" | b"d" => return Some(None),
        _ => {}
    }
    let mut fields = value.split(|byte| *byte == b'-');
    let (trace_id, span_id) = (trace_id(fields.next()?)?, SpanId::from_hex(fields.next()?)?);
    let flags = match fields.next() {
        None => Flags::DEFERRED,
        // Whoever has nothing to say of the verdict may say who the parent is.
        Some(parent) if parent.len() > 1 => SpanId::from_hex(parent).map(|_| Flags::DEFERRED)?,
        Some(state) => verdict(state)?,
    };
    let has_more = fields.next().is_some_and(|parent| SpanId::from_hex(parent).is_none());
    (!has_more && fields.next().is_none()).then_some(Some(Trace { trace_id, span_id, flags }))
}

/// 32 or 16 digits.
pub(super) fn trace_id(digits: &[u8]) -> Option<TraceId> {
    let long = || TraceId::from_hex(digits);
    SpanId::from_hex(digits).map_or_else(long, |id| TraceId::new(id.to_u64().into()))
}

fn verdict(state: &[u8]) -> Option<Flags> {
    match state {
        b"1" | b"d" => Some(sampled(true)),
        b"0" => Some(sampled(false)),
        _ => None,
    }
}
