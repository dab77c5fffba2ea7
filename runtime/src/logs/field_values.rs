//! Fields of `tracing` as typed values.

use std::error::Error;
use std::fmt::{self, Write};
use std::ops::Range;

use tracing_core::field::{Field, Visit};

use crate::logs::json;
use crate::span::Value;

/// The fields of an event or a span as attributes, with all texts in one string.
#[derive(Default)]
pub(super) struct FieldValues {
    text: String,
    values: Vec<(&'static str, Stored)>,
    sources: Vec<(String, Range<usize>)>,
}

#[derive(Clone)]
enum Stored {
    Typed(Value<'static>),
    Text(Range<usize>),
}

impl FieldValues {
    /// All of them, by their keys.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, Value<'_>)> {
        let values = self.values.iter().map(|(key, stored)| match stored {
            Stored::Typed(value) => (*key, *value),
            Stored::Text(range) => (*key, Value::Str(self.at(range))),
        });
        values.chain(self.sources.iter().map(|(key, range)| (key.as_str(), Value::Str(self.at(range)))))
    }

    /// The text of the first field of that name, which is no field any more.
    pub(super) fn take_text(&mut self, name: &str) -> Option<String> {
        let is_it = |(key, stored): &(&str, Stored)| *key == name && matches!(stored, Stored::Text(_));
        let index = self.values.iter().position(is_it)?;
        match self.values.remove(index).1 {
            Stored::Text(range) => Some(self.at(&range).to_owned()),
            Stored::Typed(_) => None,
        }
    }

    /// What they say of an error: the text of the field that holds it or, without one, the message.
    pub(super) fn error(&self) -> Option<&str> {
        let text_of = |names: &[&str]| {
            self.iter().find_map(|(key, value)| match value {
                Value::Str(text) if names.contains(&key) => Some(text),
                _ => None,
            })
        };
        text_of(&["error", "err"]).or_else(|| text_of(&["message"]))
    }

    fn at(&self, range: &Range<usize>) -> &str {
        &self.text[range.clone()]
    }

    fn typed(&mut self, field: &Field, value: Value<'static>) {
        self.values.push((name(field), Stored::Typed(value)));
    }

    /// A number wider than OTLP's int is text where it has to be.
    fn wide<N: Copy + TryInto<i64> + fmt::Display>(&mut self, field: &Field, value: N) {
        match value.try_into() {
            Ok(value) => self.typed(field, Value::I64(value)),
            Err(_) => self.text(field, |text| text.push_str(&value.to_string())),
        }
    }

    fn text(&mut self, field: &Field, write: impl FnOnce(&mut String)) {
        let range = self.append(write);
        self.values.push((name(field), Stored::Text(range)));
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

impl Visit for FieldValues {
    fn record_bool(&mut self, field: &Field, value: bool) {
        self.typed(field, Value::Bool(value));
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.typed(field, Value::I64(value));
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.typed(field, Value::U64(value));
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
