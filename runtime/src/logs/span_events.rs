//! Events of `tracing` on Throughline's spans.

use std::error::Error;
use std::fmt::{self, Write};
use std::ops::Range;

use tracing_core::field::{Field, Visit};
use tracing_core::{Event, LevelFilter, Subscriber};
use tracing_log::NormalizeEvent;
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;

use crate::logs::json;
use crate::semconv;
use crate::span::{Value, current};

/// Makes an event of the current span of every event of `tracing`, where that span is recorded: its name is the message,
/// its attributes are the fields, `level` and `target`.
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

impl<S: Subscriber> Layer<S> for SpanEvents {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        if *event.metadata().level() > self.max_level || !current::is_recording() {
            return;
        }
        if event.metadata().name() == super::RETURNED {
            return;
        }
        let normalized = event.normalized_metadata();
        let target = normalized.as_ref().unwrap_or(event.metadata()).target();
        if target == super::REQUEST_TARGET {
            return;
        }
        let mut fields = Fields { is_log_record: normalized.is_some(), ..Fields::default() };
        event.record(&mut fields);
        fields.write(event.metadata().level().as_str(), target);
    }
}

/// The fields of an event, with all texts in one string.
#[derive(Default)]
struct Fields {
    text: String,
    message: Option<Range<usize>>,
    values: Vec<(&'static str, Stored)>,
    sources: Vec<(String, Range<usize>)>,
    is_log_record: bool,
}

enum Stored {
    Typed(Value<'static>),
    Text(Range<usize>),
}

impl Fields {
    fn write(&self, level: &str, target: &str) {
        let mut attributes =
            vec![(semconv::EVENT_LEVEL, Value::Str(level)), (semconv::EVENT_TARGET, Value::Str(target))];
        attributes.extend(self.values.iter().map(|(key, stored)| match stored {
            Stored::Typed(value) => (*key, *value),
            Stored::Text(range) => (*key, Value::Str(&self.text[range.clone()])),
        }));
        let sources = self.sources.iter();
        attributes.extend(sources.map(|(key, range)| (key.as_str(), Value::Str(&self.text[range.clone()]))));
        // An event without a message has no better name than where it is from.
        current::event(self.message.clone().map_or(target, |range| &self.text[range]), &attributes);
    }

    fn typed(&mut self, field: &Field, value: Value<'static>) {
        self.values.push((name(field), Stored::Typed(value)));
    }

    /// A number wider than OTLP's int is text where it has to be.
    fn wide<N: Copy + TryInto<i64> + std::fmt::Display>(&mut self, field: &Field, value: N) {
        match value.try_into() {
            Ok(value) => self.typed(field, Value::I64(value)),
            Err(_) => self.text(field, |text| text.push_str(&value.to_string())),
        }
    }

    fn text(&mut self, field: &Field, write: impl FnOnce(&mut String)) {
        let range = self.append(write);
        if field.name() == "message" && self.message.is_none() {
            self.message = Some(range);
        } else if !(self.is_log_record && field.name().starts_with("log.")) {
            self.values.push((name(field), Stored::Text(range)));
        }
    }

    fn append(&mut self, write: impl FnOnce(&mut String)) -> Range<usize> {
        let start = self.text.len();
        write(&mut self.text);
        start..self.text.len()
    }
}

/// Writing to a string fails only when the `Display` does: what it wrote until then counts.
fn display(text: &mut String, value: &dyn fmt::Display) {
    let _ = write!(text, "{value}");
}

/// The name of a field; one that is called after a keyword is declared as `r#type`.
fn name(field: &Field) -> &'static str {
    field.name().strip_prefix("r#").unwrap_or(field.name())
}

impl Visit for Fields {
    fn record_bool(&mut self, field: &Field, value: bool) {
        self.typed(field, Value::Bool(value));
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.typed(field, Value::I64(value));
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        // The line number of a record of `log`.
        if !(self.is_log_record && field.name().starts_with("log.")) {
            self.typed(field, Value::U64(value));
        }
    }

    fn record_i128(&mut self, field: &Field, value: i128) {
        self.wide(field, value);
    }

    fn record_u128(&mut self, field: &Field, value: u128) {
        self.wide(field, value);
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        self.typed(field, Value::F64(value));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.text(field, |text| text.push_str(value));
    }

    fn record_bytes(&mut self, field: &Field, value: &[u8]) {
        self.text(field, |text| text.push_str(&String::from_utf8_lossy(value)));
    }

    fn record_error(&mut self, field: &Field, error: &(dyn Error + 'static)) {
        self.text(field, |text| display(text, &error));
        let Some(sources) = json::sources(error) else { return };
        let range = self.append(|text| {
            for (index, source) in sources.enumerate() {
                text.push_str(if index > 0 { ": " } else { "" });
                display(text, &source);
            }
        });
        self.sources.push((format!("{}{}", name(field), json::SOURCES), range));
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.text(field, |text| display(text, &format_args!("{value:?}")));
    }
}
