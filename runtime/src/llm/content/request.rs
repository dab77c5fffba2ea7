//! What a model is given: messages, or whole requests, in the ways of the providers.

use crate::llm::content::media::image;
use crate::llm::content::message::{Message, Part};
use crate::llm::content::part::{json, parts, plain, tool_call};
use crate::llm::content::tree::Tree;

/// What a request holds.
#[derive(Debug, Default)]
pub(super) struct Request {
    pub(super) messages: Vec<Message>,
    pub(super) system: Vec<Part>,
    pub(super) tools: Vec<Tree>,
}

/// Where requests have their messages.
const MESSAGES: [&str; 5] = ["messages", "contents", "chat_history", "input", "prompt"];
/// Where they have what the model is told before.
const SYSTEM: [&str; 6] =
    ["system", "instructions", "systemInstruction", "system_instruction", "preamble", "system_instructions"];

/// Reads messages, or a request with messages in it.
pub(super) fn request(input: &Tree) -> Request {
    let is_message = input.get(&["role"]).is_some();
    if is_message || input.get(&MESSAGES).is_none() {
        return Request { messages: messages(input), ..Request::default() };
    }
    Request {
        messages: MESSAGES.iter().filter_map(|key| input.get(&[key])).flat_map(messages).collect(),
        system: input.get(&SYSTEM).map(system).unwrap_or_default(),
        tools: input.get(&["tools", "functions"]).map(tools).unwrap_or_default(),
    }
}

/// What the model is told before, as parts.
pub(super) fn system(instructions: &Tree) -> Vec<Part> {
    match instructions.get(&["parts", "content"]) {
        Some(inner) if instructions.get(&["type"]).is_none() => parts(inner),
        _ => parts(instructions),
    }
}

/// One message, or a list of them. A plain text is what the user says.
pub(super) fn messages(input: &Tree) -> Vec<Message> {
    match input {
        Tree::Null => Vec::new(),
        Tree::List(list) => list.iter().flat_map(messages).collect(),
        Tree::Text(text) => vec![Message::of_text("user", text.clone())],
        other => message(other).map_or_else(|| vec![outside_of_messages(other)], |message| vec![message]),
    }
}

/// A part that stands beside messages, as in OpenAI's responses interface; what nobody knows is said by the user.
fn outside_of_messages(item: &Tree) -> Message {
    let parts = parts(item);
    let role = match parts.first() {
        Some(Part::ToolCall { .. } | Part::Reasoning(_)) => "assistant",
        Some(Part::ToolResponse { .. }) => "tool",
        _ => "user",
    };
    Message::new(role, parts)
}

/// A message: what has a role, or is the variant of an enum that is one.
pub(super) fn message(tree: &Tree) -> Option<Message> {
    let Some(role) = tree.text_of(&["role"]) else {
        let Tree::Map(fields) = tree else { return None };
        let [(variant, content)] = &fields[..] else { return None };
        let is_role = ["System", "User", "Assistant", "Tool", "Developer"].contains(&variant.as_str());
        return is_role.then(|| with_role(variant, content));
    };
    Some(with_role(role, tree))
}

fn with_role(role: &str, tree: &Tree) -> Message {
    let role = match role.to_ascii_lowercase().as_str() {
        "model" => "assistant".to_owned(),
        "function" => "tool".to_owned(),
        role => role.to_owned(),
    };
    let mut found = Vec::new();
    for key in ["reasoning_content", "reasoning", "thinking"] {
        if let Some(Tree::Text(text)) = tree.get(&[key])
            && found.is_empty()
            && !text.kept.is_empty()
        {
            found.push(Part::Reasoning(text.clone()));
        }
    }
    let content = tree.get(&["content", "parts"]);
    match (answered_call(&role, tree), content) {
        (Some(id), Some(content)) => {
            found.push(Part::ToolResponse { id: Some(id.to_owned()), response: plain(content) });
        }
        (_, Some(Tree::Text(text))) if text.kept.is_empty() => {}
        (_, Some(content)) => found.extend(parts(content)),
        (_, None) if matches!(tree, Tree::Text(_)) => found.extend(parts(tree)),
        (_, None) => {}
    }
    found.extend(tree.get(&["refusal"]).into_iter().flat_map(parts));
    found.extend(tree.get(&["images"]).into_iter().flat_map(Tree::each).map(image));
    let calls = tree.get(&["tool_calls", "function_call"]).into_iter().flat_map(Tree::each);
    found.extend(calls.map(|call| tool_call(call).unwrap_or_else(|| json(call))));
    Message { name: tree.text_of(&["name"]).map(str::to_owned), ..Message::new(&role, found) }
}

/// The ID of the call that a tool's message answers.
fn answered_call<'a>(role: &str, tree: &'a Tree) -> Option<&'a str> {
    (role == "tool").then(|| tree.text_of(&["tool_call_id", "tool_name", "name"])).flatten()
}

/// The definitions of tools: a list, in whatever the providers wrap it.
pub(super) fn tools(tree: &Tree) -> Vec<Tree> {
    tree.each()
        .iter()
        .flat_map(|tool| match tool.get(&["functionDeclarations", "function_declarations"]) {
            Some(declared) => declared.each().iter().map(definition).collect(),
            None => vec![definition(tool)],
        })
        .collect()
}

fn definition(tool: &Tree) -> Tree {
    let inner = tool.get(&["function", "toolSpec", "custom"]).unwrap_or(tool);
    let field = |keys: &[&str]| inner.get(keys).cloned().unwrap_or_default();
    let kind = tool.text_of(&["type"]).unwrap_or("function");
    if inner.get(&["name"]).is_none() && tool.get(&["type"]).is_none() {
        return tool.clone();
    }
    Tree::map([
        ("type", Tree::word(kind)),
        ("name", Tree::word(inner.text_of(&["name"]).unwrap_or(kind))),
        ("description", field(&["description"])),
        (
            "parameters",
            field(&["parameters", "input_schema", "inputSchema", "parametersJsonSchema", "schema"]),
        ),
    ])
}
