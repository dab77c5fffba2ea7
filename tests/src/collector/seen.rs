//! Spans in the words of OTLP, whoever saw them.

use std::collections::BTreeMap;
use std::fmt::Debug;

use opentelemetry_proto::tonic::common::v1::KeyValue;
use opentelemetry_proto::tonic::trace::v1::Span;
use opentelemetry_proto::tonic::trace::v1::status::StatusCode;
use throughline::semconv;
use throughline::span::{Kind, Outcome};
use throughline::testing::{EventRecord, LinkRecord, SpanRecord};

use crate::otlp::{self, hex};

/// What OTLP and a capture can both say about a span: everything but what a callsite says about the code. Values of
/// attributes are text with their type, such as `Int(3)`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the fields of a span, in the words of OTLP")]
pub struct Seen {
    pub trace_id: String,
    pub span_id: String,
    pub parent: String,
    pub name: String,
    pub kind: i32,
    pub flags: u32,
    pub trace_state: String,
    pub start: u64,
    pub end: u64,
    pub failed: bool,
    pub message: String,
    pub attributes: Attributes,
    pub events: Vec<(String, u64, Attributes)>,
    pub links: Vec<(String, String, u32)>,
    /// Attributes, events and links over the limits.
    pub dropped: [u32; 3],
}

type Attributes = BTreeMap<String, String>;

impl Seen {
    /// As OTLP says it. File and line must be there.
    pub fn received(span: &Span) -> Self {
        let status = span.status.clone().unwrap_or_default();
        let mut attributes = of_otlp(&span.attributes);
        attributes.remove(semconv::CODE_FUNCTION_NAME);
        for key in [semconv::CODE_FILE_PATH, semconv::CODE_LINE_NUMBER] {
            assert!(attributes.remove(key).is_some(), "{key} of {}", span.name);
        }
        let events = span.events.iter();
        let links = span.links.iter();
        Self {
            trace_id: hex(&span.trace_id),
            span_id: hex(&span.span_id),
            parent: hex(&span.parent_span_id),
            name: span.name.clone(),
            kind: span.kind,
            flags: span.flags,
            trace_state: span.trace_state.clone(),
            start: span.start_time_unix_nano,
            end: span.end_time_unix_nano,
            failed: status.code() == StatusCode::Error,
            message: status.message,
            attributes,
            events: events
                .map(|event| (event.name.clone(), event.time_unix_nano, of_otlp(&event.attributes)))
                .collect(),
            links: links.map(|link| (hex(&link.trace_id), hex(&link.span_id), link.flags)).collect(),
            dropped: [span.dropped_attributes_count, span.dropped_events_count, span.dropped_links_count],
        }
    }

    /// As a capture says it.
    pub fn captured(span: &SpanRecord) -> Self {
        let failed = matches!(span.outcome(), Outcome::Error | Outcome::Panicked);
        let dropped = span.dropped();
        let mut attributes = debugged(span.attributes());
        if let Some(word) = outcome(span.outcome()) {
            attributes.insert(semconv::THROUGHLINE_OUTCOME.to_owned(), format!("Str({word:?})"));
        }
        Self {
            trace_id: span.trace_id().to_string(),
            span_id: span.span_id().to_string(),
            parent: span.parent_id().map(|parent| parent.to_string()).unwrap_or_default(),
            name: span.name().to_owned(),
            kind: kind(span.kind()),
            flags: u32::from(span.flags().bits()) | if span.parent_is_remote() { 0x300 } else { 0x100 },
            trace_state: span.trace_state().unwrap_or_default().to_owned(),
            start: span.start(),
            end: span.end(),
            failed,
            message: span.message().filter(|_| failed).unwrap_or_default().to_owned(),
            attributes,
            events: span.events().iter().map(event).collect(),
            links: span.links().iter().map(link).collect(),
            dropped: [dropped.attributes, dropped.events, dropped.links],
        }
    }
}

fn event(event: &EventRecord) -> (String, u64, Attributes) {
    (event.name().to_owned(), event.time(), debugged(event.attributes()))
}

fn link(link: &LinkRecord) -> (String, String, u32) {
    (link.trace_id.to_string(), link.span_id.to_string(), link.flags.bits().into())
}

fn outcome(outcome: Outcome) -> Option<&'static str> {
    match outcome {
        Outcome::Ok | Outcome::Error => None,
        Outcome::Panicked => Some("panicked"),
        Outcome::Cancelled => Some("cancelled"),
    }
}

/// The number in OTLP, whose 0 is "unspecified".
fn kind(kind: Kind) -> i32 {
    match kind {
        Kind::Internal => 1,
        Kind::Server => 2,
        Kind::Client => 3,
        Kind::Producer => 4,
        Kind::Consumer => 5,
    }
}

fn of_otlp(attributes: &[KeyValue]) -> Attributes {
    debugged(&otlp::attributes(attributes))
}

/// The types of values here and there have the same names.
fn debugged(attributes: &BTreeMap<String, impl Debug>) -> Attributes {
    attributes.iter().map(|(key, value)| (key.clone(), format!("{value:?}"))).collect()
}
