//! Spans that own their parts, from which views are made.

use throughline::span::{
    Array, AttributesBuf, Callsite, Dropped, EventView, LinkView, Outcome, SpanView, ToValue, Value,
};
use throughline::{Flags, SpanId, TraceId};

/// A typed value that owns its text.
#[derive(Clone, Debug, PartialEq)]
pub enum Typed {
    /// A truth value.
    Bool(bool),
    /// An integer.
    Int(i64),
    /// A floating-point number.
    Double(f64),
    /// Text.
    Str(String),
    /// Several values.
    Array(Vec<Typed>),
}

impl ToValue for Typed {
    fn to_value(&self) -> Value<'_> {
        match self {
            Self::Bool(value) => Value::Bool(*value),
            Self::Int(value) => Value::I64(*value),
            Self::Double(value) => Value::F64(*value),
            Self::Str(value) => Value::Str(value),
            Self::Array(values) => Value::Array(values as &dyn Array),
        }
    }
}

impl From<&str> for Typed {
    fn from(text: &str) -> Self {
        Self::Str(text.to_owned())
    }
}

impl From<i64> for Typed {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

/// Keys and values in the order in which they were written.
pub type Pairs = Vec<(String, Typed)>;

/// An event of a [`Shape`].
#[derive(Clone, Debug, Default)]
pub struct Event {
    /// What.
    pub name: String,
    /// When, nanoseconds since 1970.
    pub time: u64,
    /// With what.
    pub attributes: Pairs,
}

/// A finished span that owns its parts. The fields are those of [`SpanView`].
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the fields of `SpanView`, which has the words")]
pub struct Shape {
    pub callsite: &'static Callsite,
    pub name: String,
    pub trace_id: TraceId,
    pub span_id: SpanId,
    pub parent: Option<SpanId>,
    pub parent_is_remote: bool,
    pub flags: Flags,
    pub trace_state: Option<String>,
    pub start: u64,
    pub duration: u64,
    pub outcome: Outcome,
    pub message: Option<String>,
    pub attributes: Pairs,
    pub events: Vec<Event>,
    pub links: Vec<LinkView>,
    pub dropped: Dropped,
}

impl Shape {
    /// A sampled root span of `callsite` with this number as its ID.
    pub fn new(callsite: &'static Callsite, id: u64) -> Self {
        Self {
            callsite,
            name: callsite.name.to_owned(),
            trace_id: TraceId::new(0x0af7_6519_16cd_43dd_8448_eb21_1c80_319c).expect("not 0"),
            span_id: SpanId::new(id).expect("not 0"),
            parent: None,
            parent_is_remote: false,
            flags: Flags::SAMPLED.with(Flags::RANDOM),
            trace_state: None,
            start: 1_700_000_000_000_000_000,
            duration: 1_500,
            outcome: Outcome::Ok,
            message: None,
            attributes: Vec::new(),
            events: Vec::new(),
            links: Vec::new(),
            dropped: Dropped::default(),
        }
    }

    /// The same with one more attribute.
    pub fn with(mut self, key: &str, value: impl Into<Typed>) -> Self {
        self.attributes.push((key.to_owned(), value.into()));
        self
    }

    /// Shows it as sinks see spans.
    pub fn view<R>(&self, see: impl FnOnce(&SpanView<'_>) -> R) -> R {
        let attributes = packed(&self.attributes);
        let of_events: Vec<_> = self.events.iter().map(|event| packed(&event.attributes)).collect();
        let events: Vec<_> = self.events.iter().zip(&of_events).map(event_view).collect();
        see(&SpanView {
            callsite: self.callsite,
            name: &self.name,
            trace_id: self.trace_id,
            span_id: self.span_id,
            parent: self.parent,
            parent_is_remote: self.parent_is_remote,
            flags: self.flags,
            trace_state: self.trace_state.as_deref(),
            start: self.start,
            duration: self.duration,
            outcome: self.outcome,
            message: self.message.as_deref(),
            attributes: attributes.view(),
            events: &events,
            links: &self.links,
            dropped: self.dropped,
        })
    }
}

fn event_view<'a>((event, attributes): (&'a Event, &'a AttributesBuf)) -> EventView<'a> {
    EventView { name: &event.name, time: event.time, attributes: attributes.view() }
}

fn packed(pairs: &Pairs) -> AttributesBuf {
    let mut packed = AttributesBuf::new();
    pairs.iter().for_each(|(key, value)| packed.push(key, value.to_value()));
    packed
}
