//! The headers `x-datadog-*` of
//! [Datadog's tracers](https://docs.datadoghq.com/tracing/trace_collection/trace_context_propagation/): IDs as decimal
//! numbers of 64 bits, the upper half of a trace ID of 128 bits as hex digits among the tags, and the verdict as a priority.
//!
//! Priority, origin and other tags are passed on as they came: they stand in the trace state meanwhile, where Datadog's
//! tracers have a place for them too.

use crate::context::{ContextParts, Flags};
use crate::propagation::formats::datadog_state::{Written, fields};
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
/// What the names of all tags begin with.
const TAG: &str = "_dd.p.";
/// The tag with the upper half of the trace ID.
const UPPER_HALF: &str = "tid";
/// The tag with who decided.
const DECISION_MAKER: &str = "dm";

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
        let priority = value::read(carrier, PRIORITY, |value| number(value).map(Some));
        let (Some(priority), tags) = (priority.or(None), text(carrier, TAGS)) else { return };
        let Some(trace) = read(carrier, &tags, priority) else { return };
        trace.put_into(parts);
        told(priority, &text(carrier, ORIGIN), &tags).put_into(parts);
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
        let PassedOn { priority, origin, tags } = PassedOn::of(parts, &trace);
        if !trace.flags.is_deferred() {
            carrier.set(PRIORITY, Text::<11>::of(format_args!("{priority}")).as_str());
        }
        if let Some(origin) = origin {
            carrier.set(ORIGIN, &origin);
        }
        let upper_half = (high != 0).then(|| format!("{TAG}{UPPER_HALF}={high:016x}"));
        let tags: Vec<String> = upper_half.into_iter().chain(tags).collect();
        if !tags.is_empty() {
            carrier.set(TAGS, &tags.join(","));
        }
    }
}

/// What is to be passed on of what came beside the IDs.
fn told(priority: Option<i32>, origin: &[u8], tags: &[u8]) -> Written {
    let tags: Vec<_> = each_tag(tags).filter(|(name, _)| *name != UPPER_HALF).collect();
    let mut told = Written::default();
    // The flags say as much as 0 and 1 by themselves.
    let is_implied = matches!(priority, Some(0 | 1)) && origin.is_empty() && tags.is_empty();
    if let Some(priority) = priority.filter(|_| !is_implied) {
        told.push("s", priority.to_string().as_bytes());
    }
    told.push("o", origin);
    tags.iter().for_each(|(name, value)| told.push(&format!("t.{name}"), value));
    told
}

/// What is written beside the IDs.
struct PassedOn {
    priority: i32,
    origin: Option<String>,
    tags: Vec<String>,
}

impl PassedOn {
    /// What came with the trace. The priority counts, and so does who chose it, as long as the trace is recorded or not as it
    /// says.
    fn of(parts: &ContextParts, trace: &Trace) -> Self {
        let fields: Vec<(&str, String)> = fields(parts.trace_state.as_deref()).collect();
        let find = |key| fields.iter().find(|(name, _)| *name == key).map(|(_, value)| value);
        let came = find("s").and_then(|priority| priority.parse::<i32>().ok());
        let is_as_decided = came.is_none_or(|priority| (priority > 0) == trace.is_sampled());
        let tags = fields.iter().filter_map(|(name, value)| Some((name.strip_prefix("t.")?, value)));
        let tags = tags.filter(|(name, _)| match *name {
            "" | UPPER_HALF => false,
            DECISION_MAKER => is_as_decided,
            _ => true,
        });
        Self {
            priority: came.filter(|_| is_as_decided).unwrap_or(trace.is_sampled().into()),
            origin: find("o").cloned(),
            tags: tags.map(|(name, value)| format!("{TAG}{name}={value}")).collect(),
        }
    }
}

fn read(carrier: &dyn Extract, tags: &[u8], priority: Option<i32>) -> Option<Trace> {
    let low = value::read(carrier, TRACE_ID, decimal).ok().filter(|low| *low != 0)?;
    let parent = value::read(carrier, PARENT_ID, decimal).ok()?;
    let flags = priority.map_or(Flags::DEFERRED, |priority| sampled(priority > 0));
    Trace::new(u128::from(upper_half(tags)) << 64 | u128::from(low), parent, flags)
}

/// The value of a header; empty where there is none.
fn text(carrier: &dyn Extract, key: &str) -> Vec<u8> {
    value::read(carrier, key, |text| Some(text.to_vec())).ok().unwrap_or_default()
}

/// A number of digits alone: no sign.
pub(super) fn decimal(digits: &[u8]) -> Option<u64> {
    if !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    std::str::from_utf8(digits).ok()?.parse().ok()
}

/// A yes is more than 0: a user's is 2, a sampler's 1; a user's no is -1.
fn number(priority: &[u8]) -> Option<i32> {
    std::str::from_utf8(priority).ok()?.parse().ok()
}

/// The tags of the trace, their names without what all begin with.
fn each_tag(tags: &[u8]) -> impl Iterator<Item = (&str, &[u8])> {
    members(tags).filter_map(|tag| {
        let equals = tag.iter().position(|byte| *byte == b'=')?;
        let name = std::str::from_utf8(&tag[..equals]).ok()?;
        Some((name.strip_prefix(TAG)?, &tag[equals + 1..]))
    })
}

/// The upper half of the trace ID, 0 where the tags do not have it: what is no half is no reason to lose the other one.
fn upper_half(tags: &[u8]) -> u64 {
    let digits = each_tag(tags).find(|(name, _)| *name == UPPER_HALF);
    digits
        .filter(|(_, digits)| digits.len() == 16)
        .and_then(|(_, digits)| hex::parse_u64(digits))
        .unwrap_or(0)
}
