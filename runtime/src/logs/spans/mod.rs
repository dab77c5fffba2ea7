//! Spans of `tracing` as Throughline's.

mod bridged;
mod callsites;
mod entered;
mod layer;
mod special;

pub(super) use callsites::level;
pub use layer::TracingSpans;
use tracing_subscriber::registry::{LookupSpan, SpanRef};

use crate::context::key::Key;
use bridged::Bridged;

/// The key of what runs inside of a span of `tracing`, where [`TracingSpans`] is at work.
pub(super) fn key_of<'a, S: LookupSpan<'a>>(span: &SpanRef<'a, S>) -> Option<Key> {
    span.extensions().get::<Bridged>().map(Bridged::key)
}

/// An event of the level ERROR happened directly inside of `span`, if the event is one of the span with that key.
pub(super) fn failed_by_event<'a, S: LookupSpan<'a>>(span: &SpanRef<'a, S>, key: &Key, message: &str) {
    if let Some(bridged) = span.extensions_mut().get_mut::<Bridged>()
        && bridged.key().span == key.span
    {
        bridged.failed_by_event(message);
    }
}
