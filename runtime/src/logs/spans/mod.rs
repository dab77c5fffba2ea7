//! Spans of `tracing` as Throughline's.

mod bridged;
mod callsites;
mod entered;
mod layer;
mod special;

pub(super) use callsites::level;
pub use layer::TracingSpans;
use tracing_subscriber::registry::{LookupSpan, SpanRef};

use crate::context::current;
use crate::context::key::Key;
use bridged::Bridged;

/// The key of what runs inside of a span of `tracing`, where [`TracingSpans`] is at work.
fn key_of<'a, S: LookupSpan<'a>>(span: &SpanRef<'a, S>) -> Option<Key> {
    span.extensions().get::<Bridged>().map(Bridged::key)
}

/// The key of what is said inside of the span that is given: its own or, where it is none of ours, that of the nearest span
/// around it which is; else what is current.
pub(super) fn key_inside<'a, S: LookupSpan<'a>>(given: Option<SpanRef<'a, S>>) -> Key {
    given.and_then(|span| span.scope().find_map(|span| key_of(&span))).unwrap_or_else(current::get)
}
