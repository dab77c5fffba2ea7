//! Writing a context into a carrier.

use crate::context::key::Key;
use crate::context::{ContextParts, parts_of};
use crate::propagation::erased::Target;
use crate::propagation::propagators::Format;
use crate::propagation::{CarrierKind, Config, Inject, TraceParent, baggage};

/// Writes the context of `key` into `carrier`; see [`inject`](crate::inject) for what wins.
pub(crate) fn inject<C: Inject + ?Sized>(config: &Config, key: Key, carrier: &mut C) {
    if key.is_empty() {
        return;
    }
    let parts = parts_of(key);
    let formats = config.propagators.formats();
    let kept = if parts.trace_id.is_some() { settle(formats, carrier) } else { Vec::new() };
    for (_, format) in formats.iter().enumerate().filter(|(index, _)| !kept.contains(index)) {
        match format {
            Format::TraceContext => inject_trace(&parts, carrier),
            Format::Other(format) => format.inject(&parts, &mut Target(carrier)),
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

/// Makes room for the trace in all formats before it is written in the first one, because formats share keys, and a reader
/// of one may look at those of another first. The keys of a format belong together: what an HTTP request has of them goes;
/// a message that has one of them keeps what it has. These are the formats that are not written then, usually none.
fn settle<C: Inject + ?Sized>(formats: &[Format], carrier: &mut C) -> Vec<usize> {
    let is_http = carrier.kind() == CarrierKind::Http;
    let mut kept = Vec::new();
    for (index, format) in formats.iter().enumerate() {
        let is_there = match format {
            // In HTTP requests the writing replaces it.
            Format::TraceContext => !is_http && carrier.contains("traceparent"),
            Format::Other(format) if is_http => {
                format.each_field(&mut |key| carrier.remove(key));
                false
            }
            Format::Other(format) => {
                let mut is_there = false;
                format.each_field(&mut |key| is_there |= carrier.contains(key));
                is_there
            }
        };
        if is_there {
            kept.push(index);
        }
    }
    kept
}

/// Writes both trace headers or none: the state belongs to the parent it came with.
fn inject_trace<C: Inject + ?Sized>(parts: &ContextParts, carrier: &mut C) {
    let (Some(trace_id), Some(span_id)) = (parts.trace_id, parts.span_id) else { return };
    let text = TraceParent { trace_id, span_id, flags: parts.flags.decided() }.to_bytes();
    carrier.set("traceparent", std::str::from_utf8(&text).unwrap_or_default());
    match &parts.trace_state {
        Some(state) => carrier.set("tracestate", state),
        None if carrier.kind() == CarrierKind::Http => carrier.remove("tracestate"),
        None => {}
    }
}
