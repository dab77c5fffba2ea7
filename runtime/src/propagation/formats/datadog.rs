//! The headers `x-datadog-*` of
//! [Datadog's tracers](https://docs.datadoghq.com/tracing/trace_collection/trace_context_propagation/): IDs as decimal
//! numbers of 64 bits, the upper half of a trace ID of 128 bits as hex digits among the tags, and the verdict as a priority.
//!
//! Other tags, and the origin, are not passed on.

use crate::context::{ContextParts, Flags};
use crate::propagation::formats::text::Text;
use crate::propagation::formats::trace::{Trace, sampled};
use crate::propagation::formats::{hex, value};
use crate::propagation::ows::members;
use crate::propagation::{Extract, Inject, Propagator};

const TRACE_ID: &str = "x-datadog-trace-id";
const PARENT_ID: &str = "x-datadog-parent-id";
const PRIORITY: &str = "x-datadog-sampling-priority";
const TAGS: &str = "x-datadog-tags";
const ORIGIN: &str = "x-datadog-origin";
/// The tag with the upper half of the trace ID.
const UPPER_HALF: &[u8] = b"_dd.p.tid=";

/// `datadog`.
#[derive(Debug)]
pub(super) struct Datadog;

impl Propagator for Datadog {
    fn name(&self) -> &str {
        "datadog"
    }

    fn each_field(&self, field: &mut dyn FnMut(&str)) {
        [TRACE_ID, PARENT_ID, PRIORITY, TAGS, ORIGIN].into_iter().for_each(field);
    }

    fn extract(&self, carrier: &dyn Extract, parts: &mut ContextParts) {
        if let Some(trace) = read(carrier) {
            trace.put_into(parts);
        }
    }

    fn inject(&self, parts: &ContextParts, carrier: &mut dyn Inject) {
        let Some(trace) = Trace::of(parts) else { return };
        let number = trace.trace_id.to_u128();
        let (high, low) = ((number >> 64) as u64, number as u64);
        if low == 0 {
            return;
        }
        carrier.set(TRACE_ID, Text::<20>::of(format_args!("{low}")).as_str());
        carrier.set(PARENT_ID, Text::<20>::of(format_args!("{}", trace.span_id.to_u64())).as_str());
        if !trace.flags.is_deferred() {
            carrier.set(PRIORITY, if trace.is_sampled() { "1" } else { "0" });
        }
        if high != 0 {
            carrier.set(TAGS, Text::<26>::of(format_args!("_dd.p.tid={high:016x}")).as_str());
        }
    }
}

fn read(carrier: &dyn Extract) -> Option<Trace> {
    let low = value::read(carrier, TRACE_ID, decimal).ok().filter(|low| *low != 0)?;
    let parent = value::read(carrier, PARENT_ID, decimal).ok()?;
    let flags = value::read(carrier, PRIORITY, priority).or(Flags::DEFERRED)?;
    let high = value::read(carrier, TAGS, upper_half).or(0)?;
    Trace::new(u128::from(high) << 64 | u128::from(low), parent, flags)
}

/// A number of digits alone: no sign.
pub(super) fn decimal(digits: &[u8]) -> Option<u64> {
    if !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    std::str::from_utf8(digits).ok()?.parse().ok()
}

/// A user's or a sampler's yes or no.
fn priority(value: &[u8]) -> Option<Flags> {
    match value {
        b"1" | b"2" => Some(sampled(true)),
        b"0" | b"-1" => Some(sampled(false)),
        _ => None,
    }
}

/// The upper half of the trace ID, 0 where the tags do not have it.
fn upper_half(tags: &[u8]) -> Option<u64> {
    match members(tags).find_map(|tag| tag.strip_prefix(UPPER_HALF)) {
        Some(digits) if digits.len() == 16 => hex::parse_u64(digits),
        Some(_) => None,
        None => Some(0),
    }
}
