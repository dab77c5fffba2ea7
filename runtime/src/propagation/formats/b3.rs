//! The header `b3` of [B3](https://github.com/openzipkin/b3-propagation#single-header):
//! `{trace}-{span}-{sampled}-{parent}`.
//!
//! Both forms of B3 are read whichever of the two is named, as
//! [OpenTelemetry](https://opentelemetry.io/docs/specs/otel/context/api-propagators/#b3-requirements) has it; the header
//! `b3` is looked at first. The parent of the span is not ours to know: a span of B3 can be one of two services, ours never
//! is. A yes without a trace leaves it to the sampler, as one that is not there.

use crate::context::{ContextParts, Flags};
use crate::id::{SpanId, TraceId};
use crate::propagation::formats::b3_multi::{self, B3Multi};
use crate::propagation::formats::text::Text;
use crate::propagation::formats::trace::{DEBUG, Trace, refuse, sampled};
use crate::propagation::formats::value::{self, Value};
use crate::propagation::{Extract, Inject, Propagator};

pub(super) const KEY: &str = "b3";

/// `b3`.
#[derive(Debug)]
pub(super) struct B3;

/// What the headers say.
pub(super) enum Said {
    /// Nothing of a trace.
    Nothing,
    /// That none is to be recorded.
    Refused,
    /// Where the request is.
    Trace(Trace),
}

impl Propagator for B3 {
    fn name(&self) -> &str {
        "b3"
    }

    fn each_field(&self, field: &mut dyn FnMut(&str)) {
        B3Multi.each_field(field);
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
            let state = if trace.is_debug() { 'd' } else { trace.digit() };
            Text::of(format_args!("{trace_id}-{span_id}-{state}"))
        };
        carrier.set(KEY, text.as_str());
    }
}

/// Reads either form.
pub(super) fn extract(carrier: &dyn Extract, parts: &mut ContextParts) {
    let said = match value::read(carrier, KEY, parse) {
        Value::Read(said) => said,
        Value::Missing | Value::Malformed => b3_multi::read(carrier),
    };
    match said {
        Said::Nothing => {}
        Said::Refused => refuse(parts),
        Said::Trace(trace) => trace.put_into(parts),
    }
}

/// What a well-formed value says.
fn parse(value: &[u8]) -> Option<Said> {
    match value {
        b"0" => return Some(Said::Refused),
        b"1" | b"d" => return Some(Said::Nothing),
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
    (!has_more && fields.next().is_none()).then_some(Said::Trace(Trace { trace_id, span_id, flags }))
}

/// 32 or 16 digits.
pub(super) fn trace_id(digits: &[u8]) -> Option<TraceId> {
    let long = || TraceId::from_hex(digits);
    SpanId::from_hex(digits).map_or_else(long, |id| TraceId::new(id.to_u64().into()))
}

fn verdict(state: &[u8]) -> Option<Flags> {
    match state {
        b"d" => Some(DEBUG),
        b"1" => Some(sampled(true)),
        b"0" => Some(sampled(false)),
        _ => None,
    }
}
