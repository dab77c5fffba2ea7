//! What the waterfall keeps of a span.

use crate::export::terminal::model::{CallReader, ModelCall};
use crate::export::terminal::times::Stretch;
use crate::id::{SpanId, TraceId};
use crate::semconv;
use crate::span::{Outcome, SpanView, ValueView};

/// What the waterfall keeps of a finished span: what it shows, and no more.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The service it is of, where that is not the one that shows it.
    pub(super) service: Option<Box<str>>,
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

/// A finished span as it came from somewhere else, such as a process that sent it by OTLP; its attributes apart.
///
/// ```
/// use throughline::export::terminal::{Entry, Finished, Style, Waterfall};
/// use throughline::span::{Outcome, ValueView};
/// use throughline::{SpanId, TraceId};
///
/// let span = Finished {
///     service: Some("catalog"),
///     trace_id: TraceId::new(7).unwrap(),
///     span_id: SpanId::new(1).unwrap(),
///     parent: None,
///     parent_is_remote: false,
///     name: "GET /items",
///     start: 1_000_000,
///     duration: 2_000_000,
///     outcome: Outcome::Ok,
///     message: None,
/// };
/// let entry = Entry::new(&span, [("http.response.status_code", ValueView::Int(200))]);
/// let text = Waterfall::new(vec![entry]).render(&Style::plain(80));
/// assert!(text.contains("catalog: GET /items 200  2.00 ms"), "{text}");
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Finished<'a> {
    /// The service it is of: shown where a trace enters it, to tell the processes of one trace apart.
    pub service: Option<&'a str>,
    /// Its trace.
    pub trace_id: TraceId,
    /// Its ID.
    pub span_id: SpanId,
    /// The span it is a child of.
    pub parent: Option<SpanId>,
    /// The parent is in another process.
    pub parent_is_remote: bool,
    /// Its name.
    pub name: &'a str,
    /// When it started, nanoseconds since 1970.
    pub start: u64,
    /// How long it took, nanoseconds.
    pub duration: u64,
    /// How it ended.
    pub outcome: Outcome,
    /// What its error said.
    pub message: Option<&'a str>,
}

impl From<&SpanView<'_>> for Entry {
    fn from(span: &SpanView<'_>) -> Self {
        let finished = Finished {
            service: None,
            trace_id: span.trace_id,
            span_id: span.span_id,
            parent: span.parent,
            parent_is_remote: span.parent_is_remote,
            name: span.name,
            start: span.start,
            duration: span.duration,
            outcome: span.outcome,
            message: span.message,
        };
        // What was written while the span ran counts before what never changes.
        let attributes = span.callsite.constants.iter().copied().chain(span.attributes);
        Self::of(&finished, span.callsite.operation.is_model_call(), attributes)
    }
}

impl Entry {
    /// What the waterfall shows of a span with these attributes, of which the last one of a key counts.
    pub fn new<'a>(
        span: &Finished<'_>,
        attributes: impl IntoIterator<Item = (&'a str, ValueView<'a>)>,
    ) -> Self {
        Self::of(span, false, attributes)
    }

    fn of<'a>(
        span: &Finished<'_>,
        is_model_call: bool,
        attributes: impl IntoIterator<Item = (&'a str, ValueView<'a>)>,
    ) -> Self {
        let mut call = CallReader::new(is_model_call);
        let mut error_type = None;
        let mut entry = Self {
            service: span.service.map(|service| cut(service, 64)),
            trace_id: span.trace_id,
            span_id: span.span_id,
            parent: span.parent.filter(|parent| *parent != span.span_id),
            is_local_root: span.parent.is_none() || span.parent_is_remote,
            name: cut(span.name, 256),
            start: span.start,
            duration: span.duration,
            outcome: span.outcome,
            message: None,
            request_id: None,
            attempt: None,
            waited: None,
            status: None,
            found: None,
            is_step: false,
            call: None,
        };
        for (key, value) in attributes {
            entry.is_step |= key == semconv::GEN_AI_OPERATION_NAME;
            match (key, value) {
                (semconv::ERROR_TYPE, ValueView::Str(text)) => error_type = Some(text),
                (semconv::REQUEST_ID, ValueView::Str(id)) => entry.request_id = Some(cut(id, 256)),
                (semconv::LLM_ATTEMPT_NUMBER, ValueView::Int(number)) => entry.attempt = Some(number),
                (semconv::LLM_ATTEMPT_WAIT, ValueView::Double(time)) => {
                    entry.waited = Some(nanoseconds(time))
                }
                (semconv::RETRIEVAL_RETURNED, ValueView::Int(number)) => entry.found = Some(number),
                (semconv::HTTP_RESPONSE_STATUS_CODE, ValueView::Int(code)) => entry.status = Some(code),
                _ => call.read(key, value),
            }
        }
        entry.message = complaint(error_type, span.message);
        entry.call = call.finish().map(Box::new);
        entry
    }

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
        let texts = [&self.service, &self.message, &self.request_id];
        let texts: usize = texts.into_iter().flatten().map(|text| text.len()).sum();
        size_of::<Self>() + self.name.len() + texts + self.call.as_ref().map_or(0, |call| call.bytes())
    }
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
