//! The header `uber-trace-id` of [Jaeger's clients](https://www.jaegertracing.io/docs/1.76/client-libraries/#propagation-format):
//! `{trace}:{span}:{parent}:{flags}`, and baggage in headers whose names begin with `uberctx-`.

use crate::context::ContextParts;
use crate::propagation::formats::prefixed::{self, Encoding};
use crate::propagation::formats::text::Text;
use crate::propagation::formats::trace::{DEBUG, Trace, sampled};
use crate::propagation::formats::{hex, value};
use crate::propagation::{Extract, Inject, Propagator, baggage};

const KEY: &str = "uber-trace-id";
const BAGGAGE: &str = "uberctx-";

/// `jaeger`.
#[derive(Debug)]
pub(super) struct Jaeger;

impl Propagator for Jaeger {
    fn name(&self) -> &str {
        "jaeger"
    }

    fn each_field(&self, field: &mut dyn FnMut(&str)) {
        field(KEY);
    }

    fn extract(&self, carrier: &dyn Extract, parts: &mut ContextParts) {
        if let Some(trace) = value::read(carrier, KEY, |value| parse(baggage::decode(value).as_bytes())).ok()
        {
            trace.put_into(parts);
        }
        prefixed::extract(carrier, BAGGAGE, Encoding::Percent, &mut parts.baggage);
    }

    fn inject(&self, parts: &ContextParts, carrier: &mut dyn Inject) {
        if let Some(trace) = Trace::of(parts) {
            let Trace { trace_id, span_id, .. } = trace;
            let flags = if trace.is_debug() { '3' } else { trace.digit() };
            let text: Text<53> = Text::of(format_args!("{trace_id}:{span_id}:0:{flags}"));
            carrier.set(KEY, text.as_str());
        }
        prefixed::inject(carrier, BAGGAGE, Encoding::Percent, &parts.baggage);
    }
}

/// IDs can have fewer digits than they have room for. The parent is deprecated; of the flags the first says whether the trace
/// is recorded, and the second, which means nothing without it, that it is for debugging.
fn parse(value: &[u8]) -> Option<Trace> {
    let mut fields = value.split(|byte| *byte == b':');
    let (trace_id, span_id) = (hex::parse(fields.next()?, 32)?, hex::parse_u64(fields.next()?)?);
    hex::parse_u64(fields.next()?)?;
    let flags = hex::parse(fields.next()?, 2)?;
    let flags = if flags & 3 == 3 { DEBUG } else { sampled(flags & 1 != 0) };
    let trace = Trace::new(trace_id, span_id, flags)?;
    fields.next().is_none().then_some(trace)
}
