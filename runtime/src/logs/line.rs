//! What a format gets to write.

use tracing_core::{Event, Metadata};
use tracing_log::NormalizeEvent;
use tracing_subscriber::registry::{LookupSpan, SpanRef};

use crate::context::key::Key;
use crate::logs::spans as spans_of_tracing;
use crate::logs::timestamp::{self, Timestamp};

/// One line to be written: an event, when it happened, and under which request.
#[derive(Debug)]
pub struct Line<'a> {
    pub(super) event: &'a Event<'a>,
    /// The event's, or that of the `log` record it stands for.
    pub(super) metadata: &'a Metadata<'a>,
    /// It stands for a record of `log`: its fields `log.*` are in `metadata`.
    pub(super) is_log_record: bool,
    pub(super) timestamp: Timestamp,
    pub(super) key: Key,
    /// The fields of enclosing spans of `tracing`, as [`span_fields`](super::span_fields) collects them.
    pub(super) spans: &'a str,
}

/// How a line is written: [`JsonFormat`](super::JsonFormat), [`PrettyFormat`](super::PrettyFormat). For use, not to be
/// implemented: what a [`Line`] holds is not public.
pub trait LineFormat: sealed::Sealed + Send + Sync + 'static {
    /// Appends the line with its line end.
    #[doc(hidden)]
    fn write(&self, out: &mut Vec<u8>, line: &Line<'_>);
}

pub(super) mod sealed {
    pub trait Sealed {}
}

/// Calls `f` with the line for an event that happens now, in the span of `tracing` that it names as its parent, if it does.
pub(super) fn now<'s, S: LookupSpan<'s>, R>(
    event: &Event<'_>,
    parent: Option<SpanRef<'s, S>>,
    spans: &str,
    f: impl FnOnce(&Line<'_>) -> R,
) -> R {
    let normalized = event.normalized_metadata();
    f(&Line {
        event,
        metadata: normalized.as_ref().unwrap_or(event.metadata()),
        is_log_record: normalized.is_some(),
        timestamp: timestamp::format(crate::clock::unix_nanos()),
        key: spans_of_tracing::key_inside(parent),
        spans,
    })
}

impl Line<'_> {
    /// Whether a field says nothing about the event: where a record of `log` came from.
    pub(super) fn is_about_origin(&self, field: &str) -> bool {
        self.is_log_record && field.starts_with("log.")
    }
}
