//! What the waterfall keeps of a span.

use crate::export::terminal::model::ModelCall;
use crate::export::terminal::times::Stretch;
use crate::id::{SpanId, TraceId};
use crate::semconv;
use crate::span::{Outcome, SpanView, ValueView};

/// What the waterfall keeps of a finished span: what it shows, and no more.
#[derive(Clone, Debug)]
pub struct Entry {
    pub(super) trace_id: TraceId,
    pub(super) span_id: SpanId,
    pub(super) parent: Option<SpanId>,
    pub(super) is_local_root: bool,
    pub(super) name: Box<str>,
    pub(super) start: u64,
    pub(super) duration: u64,
    pub(super) outcome: Outcome,
    /// What its error said, after the kind of error.
    pub(super) message: Option<Box<str>>,
    pub(super) request_id: Option<Box<str>>,
    /// Which attempt of a model call it is, from 1.
    pub(super) attempt: Option<i64>,
    /// Nanoseconds since the attempt before it.
    pub(super) waited: Option<u64>,
    /// The status of the HTTP response.
    pub(super) status: Option<i64>,
    /// How many documents a retrieval found.
    pub(super) found: Option<i64>,
    /// A step of work with models: it is not folded with others that it does not follow at once.
    pub(super) is_step: bool,
    pub(super) call: Option<Box<ModelCall>>,
}

impl From<&SpanView<'_>> for Entry {
    fn from(span: &SpanView<'_>) -> Self {
        let text = |key| match attribute(span, key)? {
            ValueView::Str(text) => Some(text),
            _ => None,
        };
        let int = |key| match attribute(span, key)? {
            ValueView::Int(number) => Some(number),
            _ => None,
        };
        let double = |key| match attribute(span, key)? {
            ValueView::Double(number) => Some(number),
            _ => None,
        };
        Self {
            trace_id: span.trace_id,
            span_id: span.span_id,
            parent: span.parent.filter(|parent| *parent != span.span_id),
            is_local_root: span.is_local_root(),
            name: cut(span.name, 256),
            start: span.start,
            duration: span.duration,
            outcome: span.outcome,
            message: complaint(text(semconv::ERROR_TYPE), span.message),
            request_id: text(semconv::REQUEST_ID).map(|id| cut(id, 256)),
            attempt: int(semconv::LLM_ATTEMPT_NUMBER),
            waited: double(semconv::LLM_ATTEMPT_WAIT).map(nanoseconds),
            found: int(semconv::RETRIEVAL_RETURNED),
            status: int(semconv::HTTP_RESPONSE_STATUS_CODE),
            is_step: attribute(span, semconv::GEN_AI_OPERATION_NAME).is_some(),
            call: ModelCall::of(span).map(Box::new),
        }
    }
}

impl Entry {
    pub(super) const fn end(&self) -> u64 {
        self.start.saturating_add(self.duration)
    }

    pub(super) const fn stretch(&self) -> Stretch {
        (self.start, self.end())
    }

    pub(super) const fn failed(&self) -> bool {
        matches!(self.outcome, Outcome::Error | Outcome::Panicked)
    }

    /// How much memory it takes, about.
    pub(super) fn bytes(&self) -> usize {
        let texts = [&self.message, &self.request_id];
        let texts: usize = texts.into_iter().flatten().map(|text| text.len()).sum();
        size_of::<Self>() + self.name.len() + texts + self.call.as_ref().map_or(0, |call| call.bytes())
    }
}

/// The last value of `key`; what was written while the span ran counts before what never changes.
fn attribute<'a>(span: &SpanView<'a>, key: &str) -> Option<ValueView<'a>> {
    let constant = || span.callsite.constants.iter().rev().find(|(known, _)| *known == key);
    span.attributes.get(key).or_else(|| constant().map(|(_, value)| *value))
}

/// `TimedOut: no answer`, or what there is of it.
fn complaint(error_type: Option<&str>, message: Option<&str>) -> Option<Box<str>> {
    let error_type = error_type.filter(|kind| !kind.is_empty());
    match (error_type, message.filter(|message| !message.is_empty())) {
        (Some(kind), Some(message)) if message.starts_with(kind) => Some(cut(message, 1_024)),
        (Some(kind), Some(message)) => Some(cut(&format!("{kind}: {message}"), 1_024)),
        (one, two) => one.or(two).map(|text| cut(text, 1_024)),
    }
}

/// A cast of a float saturates: nonsense becomes 0 or the longest time.
pub(super) const fn nanoseconds(seconds: f64) -> u64 {
    (seconds * 1e9) as u64
}

/// At most `bytes` of `text`, cut between characters.
pub(super) fn cut(text: &str, bytes: usize) -> Box<str> {
    let end = (0..=bytes.min(text.len())).rev().find(|&end| text.is_char_boundary(end));
    text[..end.unwrap_or(0)].into()
}
