//! Writing a context into a carrier.

use crate::context::key::Key;
use crate::context::{ContextParts, parts_of};
use crate::propagation::{CarrierKind, Config, Inject, TraceParent, baggage};

/// Writes the context of `key` into `carrier`; see [`inject`](crate::inject) for what wins.
pub(crate) fn inject<C: Inject + ?Sized>(config: &Config, key: Key, carrier: &mut C) {
    if key.is_empty() {
        return;
    }
    let parts = parts_of(key);
    if config.propagators.trace_context {
        inject_trace(&parts, carrier);
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
    let text = TraceParent { trace_id, span_id, flags: parts.flags }.to_bytes();
    carrier.set("traceparent", std::str::from_utf8(&text).unwrap_or_default());
    match &parts.trace_state {
        Some(state) => carrier.set("tracestate", state),
        None if is_http => carrier.remove("tracestate"),
        None => {}
    }
}
