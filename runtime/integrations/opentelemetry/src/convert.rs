//! Contexts of one kind as those of the other.

use std::str::FromStr;

use opentelemetry::Context as OtelContext;
use opentelemetry::baggage::{BaggageExt as _, KeyValueMetadata};
use opentelemetry::trace::{SpanContext, TraceContextExt as _, TraceState};
use throughline::{Context, ContextParts, Flags, SpanId, TraceId};

use crate::mirror::Mirror;
use crate::observer;

/// What OpenTelemetry's contexts have no place for: it travels in them as a value.
struct Carried(Context);

/// What is current in `otel`, as a context of ours: its span is the parent of what begins in it, and its baggage goes along.
/// A span that Throughline records is found again, with its request; any other one counts as that of another process. What
/// `otel` does not say (the request's ID, bound log fields) is that of the current context.
///
/// ```
/// use opentelemetry::trace::{SpanContext, TraceContextExt as _, TraceFlags, TraceState};
///
/// let (trace, span) = (0x4bf9_u128.into(), 0x00f0_u64.into());
/// let remote = SpanContext::new(trace, span, TraceFlags::SAMPLED, true, TraceState::NONE);
/// let otel = opentelemetry::Context::new().with_remote_span_context(remote);
/// let context = throughline_opentelemetry::from_otel(&otel);
/// assert_eq!(context.span_id().unwrap().to_u64(), 0x00f0);
/// assert!(context.is_remote());
/// ```
pub fn from_otel(otel: &OtelContext) -> Context {
    if otel.is_telemetry_suppressed() {
        return Context::suppressed();
    }
    let span = otel.span();
    let span = span.span_context();
    let base = carried(otel).or_else(|| observer::ours(otel)).unwrap_or_else(Context::current);
    base.with_parts(|parts| {
        put_span(span, parts);
        put_baggage(otel, parts);
    })
}

/// `context` as one of OpenTelemetry, with the values of the one that is current there. What is recorded on its span goes to
/// ours.
///
/// ```
/// use opentelemetry::trace::TraceContextExt as _;
///
/// let trace = throughline::testing::capture(|| {
///     throughline::span!("checkout").in_scope(|| {
///         let otel = throughline_opentelemetry::to_otel(&throughline::Context::current());
///         otel.span().set_attribute(opentelemetry::KeyValue::new("order.items", 3));
///     });
/// });
/// assert_eq!(trace.span("checkout").attribute("order.items").unwrap(), 3);
/// ```
pub fn to_otel(context: &Context) -> OtelContext {
    put_into(context, &OtelContext::current())
}

/// The same with the values of `otel`.
pub(crate) fn put_into(context: &Context, otel: &OtelContext) -> OtelContext {
    if context.is_suppressed() {
        return otel.with_telemetry_suppressed();
    }
    if context.is_empty() {
        return otel.clone();
    }
    let parts = context.to_parts();
    let mut otel = otel.with_value(Carried(context.clone()));
    if parts.trace_id.is_some() {
        let span = span_context(context, &parts);
        otel = match context.is_remote() {
            true => otel.with_remote_span_context(span),
            false => otel.with_span(Mirror::new(context.clone(), span)),
        };
    }
    if !parts.baggage.is_empty() {
        let values = parts.baggage.iter().map(|(name, value, metadata)| {
            KeyValueMetadata::new(name.to_owned(), value.to_owned(), metadata.to_owned())
        });
        otel = otel.with_baggage(values.collect::<Vec<_>>());
    }
    otel
}

/// The span of a context. Its flags are those that OpenTelemetry knows.
pub(crate) fn span_context(context: &Context, parts: &ContextParts) -> SpanContext {
    let (Some(trace_id), Some(span_id)) = (parts.trace_id, parts.span_id) else { return SpanContext::NONE };
    let state = parts.trace_state.as_deref().and_then(|state| TraceState::from_str(state).ok());
    SpanContext::new(
        trace_id.to_u128().into(),
        span_id.to_u64().into(),
        opentelemetry::TraceFlags::new(
            (parts.flags.bits() & KNOWN_FLAGS) | u8::from(parts.flags.is_deferred()),
        ),
        context.is_remote(),
        state.unwrap_or_default(),
    )
}

/// Sampled and random.
const KNOWN_FLAGS: u8 = Flags::SAMPLED.with(Flags::RANDOM).bits();

/// What came with `otel`, unless it has another span by now.
pub(crate) fn carried(otel: &OtelContext) -> Option<Context> {
    let Carried(context) = otel.get::<Carried>()?;
    let span = otel.span();
    let span = span.span_context();
    let is_same = match (context.trace_id(), context.span_id()) {
        (Some(trace), Some(span_id)) => ids(span) == Some((trace, span_id)),
        _ => !span.is_valid(),
    };
    is_same.then(|| context.clone())
}

/// What tells one context of OpenTelemetry from another by what is of interest here: where its values stand.
pub(crate) fn anchor(otel: &OtelContext) -> [usize; 2] {
    let place = |value: Option<*const ()>| value.map_or(0, |place| place as usize);
    let carried = otel.get::<Carried>().map(|carried| std::ptr::from_ref(carried).cast());
    [place(carried), place(Some(std::ptr::from_ref(otel.baggage()).cast()))]
}

fn put_span(span: &SpanContext, parts: &mut ContextParts) {
    let Some((trace_id, span_id)) = ids(span) else { return };
    if (parts.trace_id, parts.span_id) == (Some(trace_id), Some(span_id)) {
        return;
    }
    parts.trace_id = Some(trace_id);
    parts.span_id = Some(span_id);
    parts.flags = Flags::from_bits(span.trace_flags().to_u8() & KNOWN_FLAGS);
    let state = span.trace_state().header();
    parts.trace_state = (!state.is_empty()).then(|| state.into());
}

fn put_baggage(otel: &OtelContext, parts: &mut ContextParts) {
    for (name, (value, metadata)) in otel.baggage() {
        let known = parts.baggage.iter().find(|(known, ..)| *known == name.as_str());
        if known.is_none_or(|(_, known, more)| (known, more) != (value.as_str(), metadata.as_str())) {
            parts.baggage.set(name.as_str(), value.as_str(), metadata.as_str());
        }
    }
}

/// The IDs as ours, if they are valid.
pub(crate) fn ids(span: &SpanContext) -> Option<(TraceId, SpanId)> {
    Some((TraceId::from_bytes(span.trace_id().to_bytes())?, SpanId::from_bytes(span.span_id().to_bytes())?))
}

/// The span alone, as one of another process.
pub(crate) fn remote(span: &SpanContext) -> Context {
    let mut parts = ContextParts::default();
    put_span(span, &mut parts);
    parts.trace_state = None;
    parts.into()
}

/// What `otel` says itself.
pub(crate) fn parts_of(otel: &OtelContext) -> ContextParts {
    let mut parts = ContextParts::default();
    put_span(otel.span().span_context(), &mut parts);
    put_baggage(otel, &mut parts);
    parts
}
