//! A finished span as sinks see it: plain data, borrowed.

use crate::context::Flags;
use crate::id::{SpanId, TraceId};
use crate::span::{Callsite, Outcome};

/// One finished span. Sinks get it borrowed, once, and take what they need.
#[derive(Clone, Copy, Debug)]
pub struct SpanView<'a> {
    /// The static description; `constants` there are attributes too.
    pub callsite: &'static Callsite,
    /// The name: the callsite's, unless the span was renamed.
    pub name: &'a str,
    /// Its trace.
    pub trace_id: TraceId,
    /// Its ID.
    pub span_id: SpanId,
    /// The span it is a child of, in this process or another.
    pub parent: Option<SpanId>,
    /// The parent is in another process.
    pub parent_is_remote: bool,
    /// The flags of the trace.
    pub flags: Flags,
    /// The `tracestate` the trace came with.
    pub trace_state: Option<&'a str>,
    /// When it started, nanoseconds since 1970.
    pub start: u64,
    /// How long it took, nanoseconds.
    pub duration: u64,
    /// How it ended.
    pub outcome: Outcome,
    /// What its error said, when the outcome is an error.
    pub message: Option<&'a str>,
    /// The attributes written while it ran, `callsite.constants` not included. A key that was written
    /// twice is there twice: the last one counts.
    pub attributes: Attributes<'a>,
    /// What happened in it, by time.
    pub events: &'a [EventView<'a>],
    /// Other spans it has to do with.
    pub links: &'a [LinkView],
    /// The number of attributes, events and links over the limits, not kept.
    pub dropped: Dropped,
}

impl SpanView<'_> {
    /// Whether its parent is absent or remote.
    pub fn is_local_root(&self) -> bool {
        self.parent.is_none() || self.parent_is_remote
    }

    /// When it ended, nanoseconds since 1970.
    pub fn end(&self) -> u64 {
        self.start.saturating_add(self.duration)
    }
}

/// How much of a span was over the limits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Dropped {
    /// Attributes not kept.
    pub attributes: u32,
    /// Events not kept.
    pub events: u32,
    /// Links not kept.
    pub links: u32,
}

/// Something that happened in a span.
#[derive(Clone, Copy, Debug)]
pub struct EventView<'a> {
    /// What.
    pub name: &'a str,
    /// When, nanoseconds since 1970.
    pub time: u64,
    /// With what.
    pub attributes: Attributes<'a>,
}

/// Another span that a span has to do with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LinkView {
    /// Its trace.
    pub trace_id: TraceId,
    /// Its ID.
    pub span_id: SpanId,
    /// The flags of its trace.
    pub flags: Flags,
}

/// A typed value of a finished span: the types of OTLP.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ValueView<'a> {
    /// A truth value.
    Bool(bool),
    /// An integer.
    Int(i64),
    /// A floating-point number.
    Double(f64),
    /// Text.
    Str(&'a str),
    /// Several values.
    Array(ArrayView<'a>),
}

/// The attributes of a span or event: an iterator over keys and values.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Attributes<'a> {
    pub(crate) bytes: &'a [u8],
}

/// The values of an array: an iterator.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct ArrayView<'a> {
    pub(crate) bytes: &'a [u8],
}
