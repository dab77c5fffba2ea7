//! A captured span.

use std::collections::BTreeMap;

use crate::context::Flags;
use crate::id::{SpanId, TraceId};
use crate::span::{Callsite, Dropped, Kind, Outcome, SpanView};
use crate::testing::event::owned;
use crate::testing::{EventRecord, LinkRecord, OwnedValue};

/// A captured span: a [`SpanView`] that owns what it shows.
///
/// Its relatives are known to the [`Trace`](crate::testing::Trace) it is in, see
/// [`SpanNode`](crate::testing::SpanNode).
#[derive(Clone, Debug)]
pub struct SpanRecord {
    callsite: &'static Callsite,
    name: String,
    trace_id: TraceId,
    span_id: SpanId,
    parent: Option<SpanId>,
    parent_is_remote: bool,
    flags: Flags,
    trace_state: Option<String>,
    start: u64,
    duration: u64,
    outcome: Outcome,
    message: Option<String>,
    attributes: BTreeMap<String, OwnedValue>,
    events: Vec<EventRecord>,
    links: Vec<LinkRecord>,
    dropped: Dropped,
}

impl From<&SpanView<'_>> for SpanRecord {
    fn from(view: &SpanView<'_>) -> Self {
        let constants = view.callsite.constants.iter().copied();
        Self {
            callsite: view.callsite,
            name: view.name.to_owned(),
            trace_id: view.trace_id,
            span_id: view.span_id,
            parent: view.parent,
            parent_is_remote: view.parent_is_remote,
            flags: view.flags,
            trace_state: view.trace_state.map(str::to_owned),
            start: view.start,
            duration: view.duration,
            outcome: view.outcome,
            message: view.message.map(str::to_owned),
            attributes: owned(constants.chain(view.attributes)),
            events: view.events.iter().map(EventRecord::from).collect(),
            links: view.links.iter().map(LinkRecord::from).collect(),
            dropped: view.dropped,
        }
    }
}

impl SpanRecord {
    /// The static description of the function it is a call of.
    pub const fn callsite(&self) -> &'static Callsite {
        self.callsite
    }

    /// The name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What it means to its neighbours.
    pub const fn kind(&self) -> Kind {
        self.callsite.kind
    }

    /// Its trace.
    pub const fn trace_id(&self) -> TraceId {
        self.trace_id
    }

    /// Its ID.
    pub const fn span_id(&self) -> SpanId {
        self.span_id
    }

    /// The ID of its parent, here or in another process.
    pub const fn parent_id(&self) -> Option<SpanId> {
        self.parent
    }

    /// Whether its parent came in through a carrier.
    pub const fn parent_is_remote(&self) -> bool {
        self.parent_is_remote
    }

    /// Whether its parent is absent or remote.
    pub const fn is_local_root(&self) -> bool {
        self.parent.is_none() || self.parent_is_remote
    }

    /// The flags of its trace.
    pub const fn flags(&self) -> Flags {
        self.flags
    }

    /// The `tracestate` its trace came with.
    pub fn trace_state(&self) -> Option<&str> {
        self.trace_state.as_deref()
    }

    /// When it started, nanoseconds since 1970.
    pub const fn start(&self) -> u64 {
        self.start
    }

    /// How long it took, nanoseconds.
    pub const fn duration(&self) -> u64 {
        self.duration
    }

    /// When it ended, nanoseconds since 1970.
    pub const fn end(&self) -> u64 {
        self.start.saturating_add(self.duration)
    }

    /// How it ended.
    pub const fn outcome(&self) -> Outcome {
        self.outcome
    }

    /// What its error said.
    pub fn message(&self) -> Option<&str> {
        self.message.as_deref()
    }

    /// The value of `key`: the last one, if it was written more than once. Constants of the callsite count too.
    pub fn attribute(&self, key: &str) -> Option<OwnedValue> {
        self.attributes.get(key).cloned()
    }

    /// Keys and values, by key.
    pub const fn attributes(&self) -> &BTreeMap<String, OwnedValue> {
        &self.attributes
    }

    /// What happened in it, by time.
    pub fn events(&self) -> &[EventRecord] {
        &self.events
    }

    /// The first event with this name.
    pub fn event(&self, name: &str) -> Option<&EventRecord> {
        self.events.iter().find(|event| event.name() == name)
    }

    /// Other spans it has to do with.
    pub fn links(&self) -> &[LinkRecord] {
        &self.links
    }

    /// How much of it was over the limits.
    pub const fn dropped(&self) -> Dropped {
        self.dropped
    }
}
