//! Messages, tools and documents, written flat: `llm.input_messages.0.message.role`. What is no JSON, or is in another
//! form than that of the conventions, is left out.

use std::borrow::Cow;

use serde_json::{Value as Json, json};

use super::super::additions::Additions;
use crate::semconv::{self, openinference as key};

/// The messages of a call. The instructions of the system go in front of those that went in.
pub(super) fn messages(additions: &mut Additions<'_>) {
    let facts = additions.facts;
    let instructions = facts
        .json(semconv::GEN_AI_SYSTEM_INSTRUCTIONS)
        .map(|parts| json!({ "role": "system", "parts": parts }));
    let input = facts.json(semconv::GEN_AI_INPUT_MESSAGES);
    let input: Vec<_> = instructions.iter().chain(elements(input.as_ref())).collect();
    let output = facts.json(semconv::GEN_AI_OUTPUT_MESSAGES);
    for (list, messages) in
        [(key::LLM_INPUT_MESSAGES, input), (key::LLM_OUTPUT_MESSAGES, elements(output.as_ref()).collect())]
    {
        for (index, message) in messages.into_iter().enumerate() {
            self::message(additions, &format!("{list}.{index}"), message);
        }
    }
}

/// The tools that the model could ask for.
pub(super) fn tools(additions: &mut Additions<'_>) {
    let tools = additions.facts.json(semconv::GEN_AI_TOOL_DEFINITIONS);
    for (index, tool) in elements(tools.as_ref()).enumerate() {
        let key = format!("{}.{index}.{}", key::LLM_TOOLS, key::TOOL_JSON_SCHEMA);
        additions.add(&key, tool.to_string());
    }
}

/// The documents of a search, as `list`.
pub(super) fn documents(additions: &mut Additions<'_>, list: &str) {
    let documents = additions.facts.json(semconv::GEN_AI_RETRIEVAL_DOCUMENTS);
    for (index, document) in elements(documents.as_ref()).enumerate() {
        additions.add(&format!("{list}.{index}.{}", key::DOCUMENT_ID), text(&document["id"]));
        additions.add(&format!("{list}.{index}.{}", key::DOCUMENT_CONTENT), text(&document["content"]));
        additions.add(&format!("{list}.{index}.{}", key::DOCUMENT_SCORE), document["score"].as_f64());
    }
}

fn message(additions: &mut Additions<'_>, place: &str, message: &Json) {
    additions.add(&format!("{place}.{}", key::MESSAGE_ROLE), message["role"].as_str());
    let parts: Vec<_> = elements(message.get("parts")).collect();
    contents(additions, place, &parts);
    for (index, call) in parts.iter().filter(|part| part["type"] == "tool_call").enumerate() {
        let place = format!("{place}.{}.{index}", key::MESSAGE_TOOL_CALLS);
        additions.add(&format!("{place}.{}", key::TOOL_CALL_ID), text(&call["id"]));
        additions.add(&format!("{place}.{}", key::TOOL_CALL_NAME), text(&call["name"]));
        additions.add(&format!("{place}.{}", key::TOOL_CALL_ARGUMENTS), text(&call["arguments"]));
    }
    if let Some(answer) = parts.iter().find(|part| part["type"] == "tool_call_response") {
        additions.add(&format!("{place}.{}", key::MESSAGE_TOOL_CALL_ID), text(&answer["id"]));
        additions.add(&format!("{place}.{}", key::MESSAGE_CONTENT), text(&answer["response"]));
    }
}

/// What is said in a message: one text, or a list of parts where there is more.
fn contents(additions: &mut Additions<'_>, place: &str, parts: &[&Json]) {
    let parts: Vec<_> = parts.iter().filter_map(|part| content(part)).collect();
    if let [("text", key::MESSAGE_CONTENT_TEXT, text)] = &parts[..] {
        return additions.add(&format!("{place}.{}", key::MESSAGE_CONTENT), text);
    }
    for (index, (kind, key, value)) in parts.into_iter().enumerate() {
        let place = format!("{place}.{}.{index}", key::MESSAGE_CONTENTS);
        additions.add(&format!("{place}.{}", key::MESSAGE_CONTENT_TYPE), kind);
        additions.add(&format!("{place}.{key}"), value);
    }
}

/// A part of what is said: what it is, and its value by key.
fn content(part: &Json) -> Option<(&'static str, &'static str, &str)> {
    Some(match part["type"].as_str()? {
        "text" => ("text", key::MESSAGE_CONTENT_TEXT, part["content"].as_str()?),
        "reasoning" => ("reasoning", key::MESSAGE_CONTENT_TEXT, part["content"].as_str()?),
        "uri" if part["modality"] == "image" => {
            ("image", key::MESSAGE_CONTENT_IMAGE_URL, part["uri"].as_str()?)
        }
        _ => return None,
    })
}

fn elements(list: Option<&Json>) -> impl Iterator<Item = &Json> {
    list.and_then(Json::as_array).into_iter().flatten()
}

/// A text as it is, anything else as JSON.
fn text(value: &Json) -> Option<Cow<'_, str>> {
    match value {
        Json::Null => None,
        Json::String(text) => Some(text.into()),
        other => Some(other.to_string().into()),
    }
}
