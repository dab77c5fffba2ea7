//! Captured events and links.

use std::collections::BTreeMap;

use crate::context::Flags;
use crate::id::{SpanId, TraceId};
use crate::span::{EventView, LinkView, ValueView};
use crate::testing::OwnedValue;

/// A captured event.
#[derive(Clone, Debug, PartialEq)]
pub struct EventRecord {
    name: String,
    time: u64,
    attributes: BTreeMap<String, OwnedValue>,
}

impl EventRecord {
    /// What happened.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// When, nanoseconds since 1970.
    pub const fn time(&self) -> u64 {
        self.time
    }

    /// The value of `key`, if the event has it.
    pub fn attribute(&self, key: &str) -> Option<OwnedValue> {
        self.attributes.get(key).cloned()
    }

    /// Keys and values, by key.
    pub const fn attributes(&self) -> &BTreeMap<String, OwnedValue> {
        &self.attributes
    }
}

impl From<&EventView<'_>> for EventRecord {
    fn from(event: &EventView<'_>) -> Self {
        Self { name: event.name.to_owned(), time: event.time, attributes: owned(event.attributes) }
    }
}

/// A captured link to another span.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LinkRecord {
    /// The trace of the other span.
    pub trace_id: TraceId,
    /// The other span.
    pub span_id: SpanId,
    /// The flags of its trace.
    pub flags: Flags,
}

impl From<&LinkView> for LinkRecord {
    fn from(link: &LinkView) -> Self {
        Self { trace_id: link.trace_id, span_id: link.span_id, flags: link.flags }
    }
}

/// The last value of each key.
pub(super) fn owned<'a>(
    attributes: impl Iterator<Item = (&'a str, ValueView<'a>)>,
) -> BTreeMap<String, OwnedValue> {
    attributes.map(|(key, value)| (key.to_owned(), value.into())).collect()
}
