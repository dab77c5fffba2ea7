//! A span of ours as OpenTelemetry's code sees it that did not begin it.

use std::borrow::Cow;
use std::time::SystemTime;

use opentelemetry::KeyValue;
use opentelemetry::trace::{Span, SpanContext, Status};
use throughline::Context;
use throughline::span::{self, Outcome};

use crate::convert;
use crate::live::{self, Held};
use crate::span::OTHER_ERROR;
use crate::value;

/// What is recorded on it is recorded on our span, which it does not end: who began it does.
#[derive(Debug)]
pub(crate) struct Mirror {
    context: Context,
    span_context: SpanContext,
    _held: Held,
}

impl Mirror {
    pub(crate) fn new(context: Context, span_context: SpanContext) -> Self {
        Self { _held: live::hold(&context), context, span_context }
    }

    fn inside<R>(&self, f: impl FnOnce() -> R) -> R {
        let _attached = self.context.attach();
        f()
    }
}

impl Span for Mirror {
    fn add_event_with_timestamp<T>(&mut self, name: T, _: SystemTime, attributes: Vec<KeyValue>)
    where
        T: Into<Cow<'static, str>>,
    {
        self.inside(|| {
            value::with_all(&attributes, |attributes| span::current::event(&name.into(), attributes))
        });
    }

    fn span_context(&self) -> &SpanContext {
        &self.span_context
    }

    fn is_recording(&self) -> bool {
        self.inside(span::current::is_recording)
    }

    fn set_attribute(&mut self, attribute: KeyValue) {
        self.inside(|| {
            value::with(&attribute.value, |value| span::current::set(attribute.key.as_str(), value));
        });
    }

    fn set_status(&mut self, status: Status) {
        self.inside(|| match status {
            Status::Unset => {}
            Status::Ok => span::current::set_outcome(Outcome::Ok),
            Status::Error { description } => span::current::fail(OTHER_ERROR, &description),
        });
    }

    fn update_name<T>(&mut self, new_name: T)
    where
        T: Into<Cow<'static, str>>,
    {
        self.inside(|| span::current::rename(&new_name.into()));
    }

    fn add_link(&mut self, span_context: SpanContext, _: Vec<KeyValue>) {
        self.inside(|| span::current::link(&convert::remote(&span_context)));
    }

    fn end_with_timestamp(&mut self, _: SystemTime) {}
}
