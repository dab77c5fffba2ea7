//! A span that began through OpenTelemetry's API.

use std::borrow::Cow;
use std::time::SystemTime;

use opentelemetry::KeyValue;
use opentelemetry::trace::{SpanBuilder, SpanContext, Status};
use throughline::semconv;
use throughline::span::Outcome;

use crate::live::{self, Held};
use crate::{convert, value};

/// The kind of an error whose kind nobody named; see
/// [`error.type`](https://opentelemetry.io/docs/specs/semconv/registry/attributes/error/#error-type).
pub(crate) const OTHER_ERROR: &str = "_OTHER";

/// A span of a [`Tracer`](crate::Tracer). It is a span of Throughline, which has no place for some of what OpenTelemetry
/// knows: times of events other than that of the call, attributes of links.
#[derive(Debug)]
pub struct Span {
    span_context: SpanContext,
    /// Until it ends.
    span: Option<throughline::Span>,
    /// The kind of error that the library named.
    error_type: Option<String>,
    /// Whether the library said when it began, so that it says when it ends too: an end alone may be nothing but the time
    /// of the call, read from another clock than the start.
    is_timed: bool,
    /// As long as somebody can name it as a parent.
    _held: Held,
}

impl Span {
    pub(crate) fn start(span: throughline::Span, builder: SpanBuilder) -> Self {
        let context = span.context();
        let span_context = convert::span_context(&context, &context.to_parts());
        let mut started = Self {
            span_context,
            span: Some(span),
            error_type: None,
            is_timed: builder.start_time.is_some(),
            _held: live::hold(&context),
        };
        started.fill(builder);
        started
    }

    fn fill(&mut self, builder: SpanBuilder) {
        use opentelemetry::trace::Span as _;

        let Some(span) = self.recording() else { return };
        span.rename(&builder.name);
        if self.is_timed {
            span.set_times(builder.start_time, None);
        }
        self.set_attributes(builder.attributes.into_iter().flatten());
        for event in builder.events.into_iter().flatten() {
            self.add_event_with_timestamp(event.name, event.timestamp, event.attributes);
        }
        for link in builder.links.into_iter().flatten() {
            self.add_link(link.span_context, link.attributes);
        }
    }

    /// The span, while it is recorded.
    fn recording(&self) -> Option<&throughline::Span> {
        self.span.as_ref().filter(|span| span.is_recording())
    }
}

impl opentelemetry::trace::Span for Span {
    fn add_event_with_timestamp<T>(&mut self, name: T, _: SystemTime, attributes: Vec<KeyValue>)
    where
        T: Into<Cow<'static, str>>,
    {
        if let Some(span) = self.recording() {
            value::with_all(&attributes, |attributes| span.event(&name.into(), attributes));
        }
    }

    fn span_context(&self) -> &SpanContext {
        &self.span_context
    }

    fn is_recording(&self) -> bool {
        self.recording().is_some()
    }

    fn set_attribute(&mut self, attribute: KeyValue) {
        let Some(span) = self.recording() else { return };
        value::with(&attribute.value, |value| span.set(attribute.key.as_str(), value));
        if attribute.key.as_str() == semconv::ERROR_TYPE {
            self.error_type = Some(attribute.value.as_str().into_owned());
        }
    }

    fn set_status(&mut self, status: Status) {
        let Some(span) = self.recording() else { return };
        match status {
            Status::Unset => {}
            Status::Ok => span.set_outcome(Outcome::Ok),
            Status::Error { description } => {
                span.fail(self.error_type.as_deref().unwrap_or(OTHER_ERROR), &description);
            }
        }
    }

    fn update_name<T>(&mut self, new_name: T)
    where
        T: Into<Cow<'static, str>>,
    {
        if let Some(span) = self.recording() {
            span.rename(&new_name.into());
        }
    }

    fn add_link(&mut self, span_context: SpanContext, _: Vec<KeyValue>) {
        if let Some(span) = self.recording() {
            span.link(&convert::remote(&span_context));
        }
    }

    fn end_with_timestamp(&mut self, timestamp: SystemTime) {
        if let Some(span) = self.recording().filter(|_| self.is_timed) {
            span.set_times(None, Some(timestamp));
        }
        self.span = None;
    }
}
