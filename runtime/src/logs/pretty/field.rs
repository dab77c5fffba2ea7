//! Fields of a line for people.

use tracing_core::field::Field;

use crate::context::slots;
use crate::logs::json::{self, Fields};
use crate::logs::line::Line;
use crate::logs::pretty::paint::printable;
use crate::logs::span_fields;

/// The fields of a line, bound ones first, as keys and readable values.
pub(super) fn collect(line: &Line<'_>) -> Vec<(String, String)> {
    let mut fields = bound(line);
    fields.extend(span_fields::effective(line).map(|(_, field)| readable(field)));
    fields.extend(of_event(line).lines().map(readable));
    fields
}

/// The fields of the event as `,"key":value`, one a line: the serializer is the one of JSON lines.
fn of_event(line: &Line<'_>) -> String {
    let mut out = Vec::new();
    let skip = |field: &Field| field.name() == "message" || line.is_about_origin(field.name());
    line.event.record(&mut Fields::new(&mut out, "\n", skip));
    String::from_utf8(out).unwrap_or_default()
}

fn bound(line: &Line<'_>) -> Vec<(String, String)> {
    slots::with(line.key.meta, |request| {
        let wins = |(key, _): &(&str, _)| {
            !json::has_field(line.event, key) && !span_fields::contains(line.spans, key)
        };
        let text = |(key, value): (&str, _)| {
            let mut out = Vec::new();
            json::bound_value(&mut out, value);
            (printable(key), bare(&String::from_utf8(out).unwrap_or_default()))
        };
        request.bound.iter().filter(wins).map(text).collect()
    })
    .unwrap_or_default()
}

/// Key and value of `,"key":value`.
fn readable(field: &str) -> (String, String) {
    let key = span_fields::key(field);
    // `,"` before and `":` behind the key.
    let value = field.get(key.len() + 4..).unwrap_or_default();
    (printable(key.strip_prefix("fields.").unwrap_or(key)), bare(value))
}

/// A JSON value without quotes where nothing is lost.
fn bare(value: &str) -> String {
    let text = value.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
    let is_plain = |text: &&str| !text.is_empty() && !text.contains(['\\', ' ', '=', '"']);
    printable(text.filter(is_plain).unwrap_or(value))
}
