//! A finished span as OpenTelemetry's exporters take it.

use std::time::{Duration, SystemTime};

use opentelemetry::trace::{Event, Link, SpanContext, SpanId, SpanKind, Status, TraceFlags, TraceState};
use opentelemetry::{InstrumentationScope, KeyValue, TraceId};
use opentelemetry_sdk::trace::{SpanData, SpanEvents, SpanLinks};
use throughline::semconv;
use throughline::span::{Attributes, EventView, Kind, LinkView, Outcome, SpanView, ValueView};

use crate::value;

/// The span, as data of its own.
pub(super) fn of(span: &SpanView<'_>, scope: &InstrumentationScope) -> SpanData {
    let state = span.trace_state.and_then(|state| state.parse().ok()).unwrap_or(TraceState::NONE);
    SpanData {
        span_context: SpanContext::new(
            span.trace_id.to_u128().into(),
            span.span_id.to_u64().into(),
            TraceFlags::new(span.flags.bits()),
            false,
            state,
        ),
        parent_span_id: span.parent.map_or(SpanId::INVALID, |parent| parent.to_u64().into()),
        parent_span_is_remote: span.parent_is_remote,
        span_kind: kind(span.callsite.kind),
        name: span.name.to_owned().into(),
        start_time: time(span.start),
        end_time: time(span.end()),
        attributes: all_attributes(span),
        dropped_attributes_count: span.dropped.attributes,
        events: events(span),
        links: links(span),
        status: status(span),
        instrumentation_scope: scope.clone(),
    }
}

/// The memory it takes, about.
pub(super) fn size(data: &SpanData) -> usize {
    let attributes = |list: &[KeyValue]| list.iter().map(|pair| 96 + value::size(&pair.value)).sum::<usize>();
    let events: usize = data.events.iter().map(|event| 128 + attributes(&event.attributes)).sum();
    512 + data.name.len() + attributes(&data.attributes) + events + 128 * data.links.len()
}

fn all_attributes(span: &SpanView<'_>) -> Vec<KeyValue> {
    let mut list: Vec<KeyValue> = Vec::new();
    let callsite = span.callsite;
    if let Some(function) = callsite.function() {
        list.push(KeyValue::new(semconv::CODE_FUNCTION_NAME, function));
    }
    if !callsite.file.is_empty() {
        list.push(KeyValue::new(semconv::CODE_FILE_PATH, callsite.file));
        list.push(KeyValue::new(semconv::CODE_LINE_NUMBER, i64::from(callsite.line)));
    }
    for (key, value) in callsite.constants.iter().copied().chain(span.attributes) {
        set(&mut list, key, value);
    }
    match span.outcome {
        Outcome::Ok | Outcome::Error => {}
        Outcome::Panicked => list.push(KeyValue::new(semconv::THROUGHLINE_OUTCOME, "panicked")),
        Outcome::Cancelled => list.push(KeyValue::new(semconv::THROUGHLINE_OUTCOME, "cancelled")),
    }
    list
}

/// A key that was written twice counts with its last value.
fn set(list: &mut Vec<KeyValue>, key: &str, value: ValueView<'_>) {
    let value = value::from_view(value);
    match list.iter_mut().find(|known| known.key.as_str() == key) {
        Some(known) => known.value = value,
        None => list.push(KeyValue::new(key.to_owned(), value)),
    }
}

fn attributes(view: Attributes<'_>) -> Vec<KeyValue> {
    let mut list = Vec::new();
    view.for_each(|(key, value)| set(&mut list, key, value));
    list
}

fn events(span: &SpanView<'_>) -> SpanEvents {
    let event = |event: &EventView<'_>| {
        Event::new(event.name.to_owned(), time(event.time), attributes(event.attributes), 0)
    };
    let mut events = SpanEvents::default();
    events.events = span.events.iter().map(event).collect();
    events.dropped_count = span.dropped.events;
    events
}

fn links(span: &SpanView<'_>) -> SpanLinks {
    let mut links = SpanLinks::default();
    links.links = span.links.iter().map(link).collect();
    links.dropped_count = span.dropped.links;
    links
}

fn link(link: &LinkView) -> Link {
    let trace_id: TraceId = link.trace_id.to_u128().into();
    let flags = TraceFlags::new(link.flags.bits());
    Link::with_context(SpanContext::new(
        trace_id,
        link.span_id.to_u64().into(),
        flags,
        false,
        TraceState::NONE,
    ))
}

fn status(span: &SpanView<'_>) -> Status {
    match span.outcome {
        Outcome::Error | Outcome::Panicked => Status::error(span.message.unwrap_or_default().to_owned()),
        Outcome::Ok | Outcome::Cancelled => Status::Unset,
    }
}

fn kind(kind: Kind) -> SpanKind {
    match kind {
        Kind::Internal => SpanKind::Internal,
        Kind::Server => SpanKind::Server,
        Kind::Client => SpanKind::Client,
        Kind::Producer => SpanKind::Producer,
        Kind::Consumer => SpanKind::Consumer,
    }
}

fn time(nanos: u64) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_nanos(nanos)
}
