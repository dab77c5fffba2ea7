//! What went in and what came out, as one text.

use serde_json::Value as Json;

use super::super::additions::Additions;
use crate::semconv::{self, openinference as key};

/// The messages of a call, where they were recorded.
pub(super) fn messages(additions: &mut Additions<'_>) {
    let facts = additions.facts;
    let (input, output) = (semconv::GEN_AI_INPUT_MESSAGES, semconv::GEN_AI_OUTPUT_MESSAGES);
    self::input(additions, facts.json(input).as_ref().and_then(only_text).or_else(|| facts.text(input)));
    self::output(additions, facts.json(output).as_ref().and_then(only_text).or_else(|| facts.text(output)));
}

pub(super) fn input(additions: &mut Additions<'_>, value: Option<&str>) {
    additions.add(key::INPUT_VALUE, value);
    additions.add(key::INPUT_MIME_TYPE, value.map(mime_type));
}

pub(super) fn output(additions: &mut Additions<'_>, value: Option<&str>) {
    additions.add(key::OUTPUT_VALUE, value);
    additions.add(key::OUTPUT_MIME_TYPE, value.map(mime_type));
}

/// The text of a list of one message that is nothing but text: lists of spans show it, and it reads better than JSON.
fn only_text(messages: &Json) -> Option<&str> {
    let [message] = messages.as_array()?.as_slice() else { return None };
    let [part] = message["parts"].as_array()?.as_slice() else { return None };
    part["content"].as_str().filter(|_| part["type"] == "text")
}

/// JSON that was cut is text.
fn mime_type(value: &str) -> &'static str {
    let is_json =
        value.starts_with(['{', '[']) && serde_json::from_str::<serde::de::IgnoredAny>(value).is_ok();
    if is_json { "application/json" } else { "text/plain" }
}
