//! The subscriber of a process that has none.

use tracing_subscriber::filter::FilterExt as _;
use tracing_subscriber::layer::Identity;
use tracing_subscriber::prelude::*;
use tracing_subscriber::{Layer, Registry};

use crate::logs::{Filter, JsonLayer, PrettyLayer, SpanEvents, TracingSpans};

/// The lines that are written.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Lines<'a> {
    /// JSON, with this service.
    Json(&'a str),
    /// For people.
    Pretty,
    /// None.
    Off,
}

/// Sets the global subscriber: lines of what passes `filter` on the standard output, and the same as events of spans;
/// and spans of `tracing` that pass `span_filter` as ours. `false` when there is one.
pub(crate) fn subscribe(filter: &Filter, span_filter: &Filter, lines: Lines<'_>) -> bool {
    match lines {
        Lines::Json(service) => subscribe_with(filter, span_filter, JsonLayer::new().with_service(service)),
        Lines::Pretty => subscribe_with(filter, span_filter, PrettyLayer::new()),
        Lines::Off => subscribe_with(filter, span_filter, Identity::new()),
    }
}

/// Each with a filter of its own: who asks for fewer log lines asks neither for fewer spans nor for fewer failed ones. Lines
/// and events know all spans that are recorded, whose IDs and fields they have.
fn subscribe_with(filter: &Filter, span_filter: &Filter, lines: impl Layer<Registry> + Send + Sync) -> bool {
    let spans = TracingSpans::new().with_filter(span_filter.to_filter_of_spans_and_errors());
    let seen = filter.to_layer().or(span_filter.to_filter_of_spans());
    let events = lines.and_then(SpanEvents::new()).with_filter(seen);
    // Not by `and_then`: right above the registry, that takes the most verbose level from one of both.
    let subscriber = tracing_subscriber::registry().with(events).with(spans);
    tracing::subscriber::set_global_default(subscriber).is_ok()
}
