//! The headers `x-b3-*` of [B3](https://github.com/openzipkin/b3-propagation#multiple-headers).

use crate::context::{ContextParts, Flags};
use crate::id::SpanId;
use crate::propagation::formats::b3::{self, Said};
use crate::propagation::formats::text::Text;
use crate::propagation::formats::trace::{DEBUG, Trace, sampled};
use crate::propagation::formats::value::{self, Value};
use crate::propagation::{Extract, Inject, Propagator};

const TRACE_ID: &str = "x-b3-traceid";
const SPAN_ID: &str = "x-b3-spanid";
const SAMPLED: &str = "x-b3-sampled";
const FLAGS: &str = "x-b3-flags";
const PARENT: &str = "x-b3-parentspanid";

/// `b3multi`.
#[derive(Debug)]
pub(super) struct B3Multi;

impl Propagator for B3Multi {
    fn name(&self) -> &str {
        "b3multi"
    }

    /// Those of both forms: whoever reads one of them reads the other one too.
    fn each_field(&self, field: &mut dyn FnMut(&str)) {
        [b3::KEY, TRACE_ID, SPAN_ID, SAMPLED, FLAGS, PARENT].into_iter().for_each(field);
    }

    fn extract(&self, carrier: &dyn Extract, parts: &mut ContextParts) {
        b3::extract(carrier, parts);
    }

    fn inject(&self, parts: &ContextParts, carrier: &mut dyn Inject) {
        let Some(trace) = Trace::of(parts) else { return };
        carrier.set(TRACE_ID, Text::<32>::of(format_args!("{}", trace.trace_id)).as_str());
        carrier.set(SPAN_ID, Text::<16>::of(format_args!("{}", trace.span_id)).as_str());
        if trace.is_debug() {
            carrier.set(FLAGS, "1");
        } else if !trace.flags.is_deferred() {
            carrier.set(SAMPLED, if trace.is_sampled() { "1" } else { "0" });
        }
    }
}

/// What the headers say.
pub(super) fn read(carrier: &dyn Extract) -> Said {
    let Some(flags) = verdict(carrier) else { return Said::Nothing };
    match (value::read(carrier, TRACE_ID, b3::trace_id), value::read(carrier, SPAN_ID, SpanId::from_hex)) {
        (Value::Read(trace_id), Value::Read(span_id)) => Said::Trace(Trace { trace_id, span_id, flags }),
        (Value::Missing, Value::Missing) if flags == sampled(false) => Said::Refused,
        _ => Said::Nothing,
    }
}

/// A trace for debugging is sampled, whatever else is said. `true` and `false` are older than the specification, which has
/// the first value count.
fn verdict(carrier: &dyn Extract) -> Option<Flags> {
    if value::first(carrier, FLAGS, |flags| (flags == b"1").then_some(())).ok().is_some() {
        return Some(DEBUG);
    }
    let verdict = value::first(carrier, SAMPLED, |state| match state {
        b"1" | b"true" => Some(sampled(true)),
        b"0" | b"false" => Some(sampled(false)),
        _ => None,
    });
    verdict.or(Flags::DEFERRED)
}
