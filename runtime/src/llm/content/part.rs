//! The parts of messages, in the ways of the providers and of the conventions themselves.

use crate::llm::content::media::media;
use crate::llm::content::message::Part;
use crate::llm::content::tree::{Text, Tree};

/// The parts that `content` is: a text, a part, or a list of them.
pub(super) fn parts(content: &Tree) -> Vec<Part> {
    match content {
        Tree::Null => Vec::new(),
        Tree::List(list) => list.iter().flat_map(parts).collect(),
        Tree::Text(text) => vec![Part::Text(text.clone())],
        other => vec![part(other)],
    }
}

/// One part. What nobody knows is kept as the JSON it is.
fn part(part: &Tree) -> Part {
    let kind = part.text_of(&["type"]).unwrap_or_default();
    let known = by_type(kind, part).or_else(|| media(kind, part)).or_else(|| by_field(part));
    known.unwrap_or_else(|| json(part))
}

/// Any value as its JSON.
pub(super) fn json(value: &Tree) -> Part {
    Part::text(value.to_json())
}

fn by_type(kind: &str, part: &Tree) -> Option<Part> {
    Some(match kind {
        "text" | "input_text" | "output_text" | "summary_text" | "refusal" => {
            Part::Text(text(part, &["text", "content", "refusal"])?)
        }
        "thinking" | "reasoning" | "reasoning_text" => {
            Part::Reasoning(text(part, &["thinking", "content", "text", "reasoning", "summary"])?)
        }
        // What the provider has encrypted says nothing.
        "redacted_thinking" => Part::Reasoning(Text::default()),
        "tool_call" | "tool_use" | "server_tool_use" | "mcp_tool_use" | "function_call"
        | "custom_tool_call" | "mcp_call" | "function" => tool_call(part)?,
        "tool_call_response" | "tool_result" | "function_call_output" | "custom_tool_call_output" => {
            tool_response(part)?
        }
        kind if kind.ends_with("_tool_result") => tool_response(part)?,
        _ => return None,
    })
}

/// By the field that a part has, or by the variant of an enum that it is.
fn by_field(part: &Tree) -> Option<Part> {
    if let Some(call) =
        part.get(&["functionCall", "function_call", "toolUse", "tool_use", "ToolCall", "toolCall"])
    {
        return tool_call(call);
    }
    if let Some(response) = part.get(&["functionResponse", "function_response", "toolResult", "ToolResponse"])
    {
        return tool_response(response);
    }
    if let Some(Tree::Map(_)) = part.get(&["function"]) {
        return tool_call(part);
    }
    if let Some(reasoning) = part.get(&["reasoningContent", "ReasoningContent", "Reasoning", "thinking"]) {
        return Some(Part::Reasoning(joined(reasoning)?));
    }
    let text = joined(part.get(&["text", "Text", "content", "output_text"])?)?;
    let is_thought = part.get(&["thought"]) == Some(&Tree::Bool(true));
    Some(if is_thought { Part::Reasoning(text) } else { Part::Text(text) })
}

/// A call of a tool: of OpenAI with a function inside, or with its fields at hand.
pub(super) fn tool_call(call: &Tree) -> Option<Part> {
    let inner =
        call.get(&["function", "custom"]).filter(|inner| matches!(inner, Tree::Map(_))).unwrap_or(call);
    let word = |keys: &[&str]| inner.text_of(keys).or_else(|| call.text_of(keys)).map(str::to_owned);
    let name = word(&["name", "fn_name"]);
    let arguments = ["arguments", "input", "args", "fn_arguments", "partial_json"];
    let arguments = inner.get(&arguments).or_else(|| call.get(&arguments)).cloned();
    if name.is_none() && arguments.is_none() {
        return None;
    }
    let id = call.text_of(&["call_id", "toolUseId", "id"]).map(str::to_owned);
    Some(Part::ToolCall { id, name, arguments: arguments.unwrap_or_default() })
}

/// What a tool returned.
fn tool_response(part: &Tree) -> Option<Part> {
    let response = part.get(&["response", "result", "output", "content"])?;
    let ids = ["tool_use_id", "toolUseId", "call_id", "tool_call_id", "id"];
    let id = part.text_of(&ids).map(str::to_owned);
    Some(Part::ToolResponse { id, response: plain(response) })
}

/// A list of texts as the text that it is; anything else as it is.
pub(super) fn plain(content: &Tree) -> Tree {
    let is_text = |part: &Tree| part.text_of(&["type"]).is_some_and(|kind| kind.ends_with("text"));
    match content.as_list() {
        Some(list) if !list.is_empty() && list.iter().all(is_text) => {
            joined(content).map_or_else(|| content.clone(), Tree::Text)
        }
        _ => content.clone(),
    }
}

fn text(part: &Tree, keys: &[&str]) -> Option<Text> {
    joined(part.get(keys)?)
}

/// The texts of a text, of a part, or of a list of them.
fn joined(content: &Tree) -> Option<Text> {
    match content {
        Tree::Text(text) => Some(text.clone()),
        Tree::Map(_) => joined(content.get(&["text", "content", "thinking", "reasoningText"])?),
        Tree::List(list) => {
            let mut all = Text::default();
            for text in list.iter().filter_map(joined) {
                if !all.kept.is_empty() {
                    all.kept.push('\n');
                    all.bytes += 1;
                }
                all.kept.push_str(&text.kept);
                all.bytes += text.bytes;
            }
            Some(all)
        }
        _ => None,
    }
}
