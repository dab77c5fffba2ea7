//! Events of `tracing` on Throughline's spans.

use tracing_core::{Event, LevelFilter, Subscriber};
use tracing_log::NormalizeEvent;
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;
use tracing_subscriber::registry::LookupSpan;

use crate::logs::field_values::FieldValues;
use crate::logs::spans;
use crate::semconv;
use crate::span::Value;
use crate::span::current::event_on;

/// Makes an event of the current span of every event of `tracing`, where that span is recorded: its name is the message,
/// its attributes are the fields, `level` and `target`. An event whose parent is given (`info!(parent: &span, ..)`) is one
/// of that span.
///
/// Events up to INFO are taken unless told: a backend keeps every one of them, and debugging a program should not raise
/// the bill for its traces. What the filter of the subscriber disables does not arrive at all. The line at the end of a
/// request (target `throughline::request`) is left out: the span of the request says all of it.
///
/// ```
/// use throughline::logs::SpanEvents;
/// use tracing_subscriber::prelude::*;
///
/// let subscriber = tracing_subscriber::registry().with(SpanEvents::new());
/// tracing::subscriber::with_default(subscriber, || tracing::info!(items = 3, "placed"));
/// ```
#[derive(Clone, Copy, Debug)]
pub struct SpanEvents {
    max_level: LevelFilter,
}

impl SpanEvents {
    /// Takes events of the levels INFO, WARN and ERROR.
    pub fn new() -> Self {
        Self { max_level: LevelFilter::INFO }
    }

    /// Takes events up to `level`.
    pub fn with_max_level(mut self, level: LevelFilter) -> Self {
        self.max_level = level;
        self
    }
}

impl Default for SpanEvents {
    fn default() -> Self {
        Self::new()
    }
}

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for SpanEvents {
    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        // One that is said to be in no span is in none.
        if *event.metadata().level() > self.max_level || event.is_root() {
            return;
        }
        let key = spans::key_inside(event.parent().and_then(|id| context.span(id)));
        if !key.is_recording() || super::is_said_by_a_span(event.metadata()) {
            return;
        }
        let normalized = event.normalized_metadata();
        let target = normalized.as_ref().unwrap_or(event.metadata()).target();
        let mut fields = FieldValues::default();
        event.record(&mut fields);
        let message = fields.take_text("message");
        let level = event.metadata().level();
        let mut attributes = vec![
            (semconv::EVENT_LEVEL, Value::Str(level.as_str())),
            (semconv::EVENT_TARGET, Value::Str(target)),
        ];
        // The fields of a record of `log` that say where it came from are in the metadata.
        let is_about_origin = |name: &str| normalized.is_some() && name.starts_with("log.");
        attributes.extend(fields.iter().filter(|(name, _)| !is_about_origin(name)));
        // An event without a message has no better name than where it is from.
        event_on(&key, message.as_deref().unwrap_or(target), &attributes);
    }
}
