//! Spans in the words of the collector, whoever saw them.

use std::collections::BTreeMap;
use std::mem;
use std::sync::{Arc, Mutex};

use throughline::span::{Kind, Outcome, Sink, SpanView, ValueView};

/// What the collector and a sink can both say about a span. Values of attributes are text with their type, such as
/// `Int(3)`.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the fields of `SpanView`, which has the words")]
pub struct Seen {
    pub trace_id: String,
    pub span_id: String,
    pub parent: String,
    pub name: String,
    pub kind: String,
    pub trace_state: String,
    pub start: String,
    pub end: String,
    pub status: String,
    pub message: String,
    pub attributes: BTreeMap<String, String>,
    pub events: Vec<(String, String)>,
}

impl Seen {
    /// Reads what the collector wrote. Text of several lines is not understood.
    pub(super) fn parse(lines: &[String]) -> Vec<Self> {
        let mut spans: Vec<Self> = Vec::new();
        for line in lines {
            if line.starts_with("Span #") {
                spans.push(Self::default());
            } else if line.starts_with("ResourceSpans #") {
                // What follows is about the resource until the next span.
                spans.push(Self::default());
            } else if let Some(span) = spans.last_mut() {
                span.read(line);
            }
        }
        spans.retain(|span| !span.span_id.is_empty());
        spans
    }

    fn read(&mut self, line: &str) {
        let indent = line.len() - line.trim_start().len();
        let text = line.trim_start();
        if let Some(pair) = text.strip_prefix("-> ") {
            return self.read_pair(indent, pair);
        }
        let Some((key, value)) = text.split_once(':') else { return };
        let value = value.trim().to_owned();
        match key.trim() {
            "Trace ID" => self.trace_id = value,
            "ID" => self.span_id = value,
            "Parent ID" => self.parent = value,
            "Name" => self.name = value,
            "Kind" => self.kind = value,
            "TraceState" => self.trace_state = value,
            "Start time" => self.start = value,
            "End time" => self.end = value,
            "Status code" => self.status = value,
            "Status message" => self.message = value,
            _ => {}
        }
    }

    /// Attributes of the span are indented by five; those of events further.
    fn read_pair(&mut self, indent: usize, pair: &str) {
        let Some((key, value)) = pair.split_once(": ") else { return };
        match (indent, key) {
            (5, "Name") if !value.contains('(') => self.events.push((value.to_owned(), String::new())),
            (5, "Timestamp") => {
                if let Some((_, time)) = self.events.last_mut() {
                    value.clone_into(time);
                }
            }
            (5, "DroppedAttributesCount") => {}
            (5, _) => {
                let before = self.attributes.insert(key.to_owned(), value.to_owned());
                assert!(before.is_none(), "{key} appears twice");
            }
            _ => {}
        }
    }

    /// The same of a view, without what the callsite says about the code.
    pub fn of(span: &SpanView<'_>) -> Self {
        let failed = matches!(span.outcome, Outcome::Error | Outcome::Panicked);
        let constants = span.callsite.constants.iter().copied();
        let attributes = constants.chain(span.attributes);
        let mut seen = Self {
            trace_id: span.trace_id.to_string(),
            span_id: span.span_id.to_string(),
            parent: span.parent.map(|parent| parent.to_string()).unwrap_or_default(),
            name: span.name.to_owned(),
            kind: kind(span.callsite.kind).to_owned(),
            trace_state: span.trace_state.unwrap_or_default().to_owned(),
            start: span.start.to_string(),
            end: span.end().to_string(),
            status: if failed { "STATUS_CODE_ERROR" } else { "" }.to_owned(),
            message: span.message.filter(|_| failed).unwrap_or_default().to_owned(),
            attributes: attributes.map(|(key, value)| (key.to_owned(), text(value))).collect(),
            events: span.events.iter().map(|event| (event.name.to_owned(), event.time.to_string())).collect(),
        };
        if let Some(word) = outcome(span.outcome) {
            seen.attributes.insert("throughline.outcome".to_owned(), format!("Str({word})"));
        }
        seen
    }

    /// Without what the callsite says about the code, which must be there.
    pub fn without_code(mut self) -> Self {
        for key in ["code.function.name", "code.file.path", "code.line.number"] {
            assert!(self.attributes.remove(key).is_some(), "{key} of {}", self.name);
        }
        self
    }
}

fn outcome(outcome: Outcome) -> Option<&'static str> {
    match outcome {
        Outcome::Ok | Outcome::Error => None,
        Outcome::Panicked => Some("panicked"),
        Outcome::Cancelled => Some("cancelled"),
    }
}

fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Internal => "SPAN_KIND_INTERNAL",
        Kind::Server => "SPAN_KIND_SERVER",
        Kind::Client => "SPAN_KIND_CLIENT",
        Kind::Producer => "SPAN_KIND_PRODUCER",
        Kind::Consumer => "SPAN_KIND_CONSUMER",
    }
}

fn text(value: ValueView<'_>) -> String {
    match value {
        ValueView::Bool(value) => format!("Bool({value})"),
        ValueView::Int(value) => format!("Int({value})"),
        ValueView::Double(value) => format!("Double({value})"),
        ValueView::Str(value) => format!("Str({value})"),
        ValueView::Array(values) => format!("Slice({})", values.map(text).collect::<Vec<_>>().join(", ")),
    }
}

/// A sink that keeps what it sees.
#[derive(Clone, Debug, Default)]
pub struct Keeper(Arc<Mutex<Vec<Seen>>>);

impl Keeper {
    /// Takes out what was seen so far.
    pub fn take(&self) -> Vec<Seen> {
        mem::take(&mut self.0.lock().expect("not poisoned"))
    }
}

impl Sink for Keeper {
    fn span(&mut self, span: &SpanView<'_>) {
        self.0.lock().expect("not poisoned").push(Seen::of(span));
    }
}
