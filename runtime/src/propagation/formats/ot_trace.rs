//! The headers `ot-tracer-*` of the OpenTracing clients of Lightstep, as OpenTelemetry's
//! [propagators](https://opentelemetry.io/docs/specs/otel/context/api-propagators/#propagators-distribution) for it write
//! them: trace IDs of 64 bits, and baggage in headers whose names begin with `ot-baggage-`.

use crate::context::{ContextParts, Flags};
use crate::propagation::formats::prefixed::{self, Encoding};
use crate::propagation::formats::text::Text;
use crate::propagation::formats::trace::{Trace, sampled};
use crate::propagation::formats::{hex, value};
use crate::propagation::{Extract, Inject, Propagator};

const TRACE_ID: &str = "ot-tracer-traceid";
const SPAN_ID: &str = "ot-tracer-spanid";
const SAMPLED: &str = "ot-tracer-sampled";
const BAGGAGE: &str = "ot-baggage-";

/// `ottrace`.
#[derive(Debug)]
pub(super) struct OtTrace;

impl Propagator for OtTrace {
    fn name(&self) -> &str {
        "ottrace"
    }

    fn each_field(&self, field: &mut dyn FnMut(&str)) {
        [TRACE_ID, SPAN_ID, SAMPLED].into_iter().for_each(field);
    }

    fn extract(&self, carrier: &dyn Extract, parts: &mut ContextParts) {
        let Some(trace) = read(carrier) else { return };
        trace.put_into(parts);
        prefixed::extract(carrier, BAGGAGE, Encoding::Plain, &mut parts.baggage);
    }

    fn inject(&self, parts: &ContextParts, carrier: &mut dyn Inject) {
        let Some(trace) = Trace::of(parts) else { return };
        let low = trace.trace_id.to_u128() as u64;
        if low == 0 {
            return;
        }
        carrier.set(TRACE_ID, Text::<16>::of(format_args!("{low:016x}")).as_str());
        carrier.set(SPAN_ID, Text::<16>::of(format_args!("{}", trace.span_id)).as_str());
        carrier.set(SAMPLED, if trace.is_sampled() { "true" } else { "false" });
        prefixed::inject(carrier, BAGGAGE, Encoding::Plain, &parts.baggage);
    }
}

fn read(carrier: &dyn Extract) -> Option<Trace> {
    let verdict = value::read(carrier, SAMPLED, |state| match state.to_ascii_lowercase().as_slice() {
        b"true" | b"1" => Some(sampled(true)),
        b"false" | b"0" => Some(sampled(false)),
        _ => None,
    });
    // The first of these clients wrote as many digits as there are.
    let trace_id = value::read(carrier, TRACE_ID, |digits| hex::parse(digits, 32)).ok()?;
    let span_id = value::read(carrier, SPAN_ID, hex::parse_u64).ok()?;
    Trace::new(trace_id, span_id, verdict.or(Flags::DEFERRED)?)
}
