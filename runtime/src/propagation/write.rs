//! Writing a context into a carrier.

use crate::context::key::Key;
use crate::context::{ContextParts, parts_of};
use crate::propagation::erased::Target;
use crate::propagation::propagators::Format;
use crate::propagation::{CarrierKind, Config, Inject, Propagator, TraceParent, baggage};

/// Writes the context of `key` into `carrier`; see [`inject`](crate::inject) for what wins.
pub(crate) fn inject<C: Inject + ?Sized>(config: &Config, key: Key, carrier: &mut C) {
    if key.is_empty() {
        return;
    }
    let parts = parts_of(key);
    for format in config.propagators.formats() {
        match format {
            Format::TraceContext => inject_trace(&parts, carrier),
            Format::Other(format) => inject_other(&**format, &parts, &mut Target(carrier)),
        }
    }
    if config.propagators.baggage
        && !parts.baggage.is_empty()
        && !carrier.contains("baggage")
        && let Some(list) = baggage::write(&parts.baggage)
    {
        carrier.set("baggage", &list);
    }
    if let Some(id) = &parts.request_id {
        let name = config.request_ids.outgoing(carrier.kind());
        if !carrier.contains(name) {
            id.with_str(|id| carrier.set(name, id));
        }
    }
}

/// Writes both trace headers or none: the state belongs to the parent it came with.
fn inject_trace<C: Inject + ?Sized>(parts: &ContextParts, carrier: &mut C) {
    let (Some(trace_id), Some(span_id)) = (parts.trace_id, parts.span_id) else { return };
    let is_http = carrier.kind() == CarrierKind::Http;
    if !is_http && carrier.contains("traceparent") {
        return;
    }
    let text = TraceParent { trace_id, span_id, flags: parts.flags.decided() }.to_bytes();
    carrier.set("traceparent", std::str::from_utf8(&text).unwrap_or_default());
    match &parts.trace_state {
        Some(state) => carrier.set("tracestate", state),
        None if is_http => carrier.remove("tracestate"),
        None => {}
    }
}

/// The headers of a format belong together too.
fn inject_other(format: &dyn Propagator, parts: &ContextParts, carrier: &mut dyn Inject) {
    if parts.trace_id.is_some() {
        let is_http = carrier.kind() == CarrierKind::Http;
        let mut is_there = false;
        format.each_field(&mut |key| is_there |= carrier.contains(key));
        if is_there && !is_http {
            return;
        }
        if is_there {
            format.each_field(&mut |key| carrier.remove(key));
        }
    }
    format.inject(parts, carrier);
}
