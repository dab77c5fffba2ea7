//! Messages in the form of the conventions.

use crate::llm::content::tree::{Text, Tree};

/// A message.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Message {
    pub(crate) role: String,
    pub(crate) name: Option<String>,
    pub(crate) parts: Vec<Part>,
    /// As the provider calls it.
    pub(crate) finish_reason: Option<String>,
}

/// A part of a message.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Part {
    Text(Text),
    Reasoning(Text),
    ToolCall { id: Option<String>, name: Option<String>, arguments: Tree },
    ToolResponse { id: Option<String>, response: Tree },
    Media(Media),
}

/// An image, sound or document: where it is or how large, never what it holds.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Media {
    /// `image`, `audio`, `video` or `document`.
    pub(crate) modality: &'static str,
    pub(crate) mime_type: Option<String>,
    pub(crate) place: Place,
}

/// Where a medium is.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Place {
    /// In the message; so many bytes.
    Here(usize),
    Uri(Text),
    /// At the provider, by this ID.
    File(String),
}

impl Default for Place {
    fn default() -> Self {
        Self::Here(0)
    }
}

impl Message {
    pub(crate) fn new(role: &str, parts: Vec<Part>) -> Self {
        Self { role: role.to_owned(), parts, ..Self::default() }
    }

    /// A message of one text.
    pub(crate) fn of_text(role: &str, text: Text) -> Self {
        Self::new(role, vec![Part::Text(text)])
    }

    pub(crate) fn into_tree(self) -> Tree {
        Tree::map([
            ("role", Tree::word(&self.role)),
            ("name", word(self.name.as_deref())),
            ("parts", Tree::List(self.parts.into_iter().map(Part::into_tree).collect())),
            ("finish_reason", word(self.finish_reason.as_deref())),
        ])
    }

    /// The same of an answer, which always says why it ended.
    pub(crate) fn into_answer(mut self) -> Tree {
        let reason = self.finish_reason.take();
        self.finish_reason = Some(reason.as_deref().map_or("unknown", finish_reason).to_owned());
        self.into_tree()
    }
}

impl Part {
    pub(crate) fn text(text: impl Into<String>) -> Self {
        Self::Text(Text::whole(text))
    }

    pub(crate) fn into_tree(self) -> Tree {
        match self {
            Self::Text(text) => typed("text", [("content", Tree::Text(text))]),
            Self::Reasoning(text) => typed("reasoning", [("content", Tree::Text(text))]),
            Self::ToolCall { id, name, arguments } => typed(
                "tool_call",
                [
                    ("id", word(id.as_deref())),
                    ("name", Tree::word(&name.unwrap_or_default())),
                    ("arguments", parsed(arguments)),
                ],
            ),
            Self::ToolResponse { id, response } => {
                typed("tool_call_response", [("id", word(id.as_deref())), ("response", parsed(response))])
            }
            Self::Media(media) => media.into_tree(),
        }
    }
}

impl Media {
    fn into_tree(self) -> Tree {
        let fields =
            [("modality", Tree::word(self.modality)), ("mime_type", word(self.mime_type.as_deref()))];
        let [modality, mime_type] = fields;
        match self.place {
            // The conventions want the data here; its size says what is left out.
            Place::Here(bytes) => typed(
                "blob",
                [modality, mime_type, ("content", Tree::word("")), ("bytes", Tree::Number(bytes.into()))],
            ),
            Place::Uri(uri) => typed("uri", [modality, mime_type, ("uri", Tree::Text(uri))]),
            Place::File(id) => typed("file", [modality, mime_type, ("file_id", Tree::word(&id))]),
        }
    }
}

fn typed<const N: usize>(kind: &str, fields: [(&str, Tree); N]) -> Tree {
    let Tree::Map(mut fields) = Tree::map(fields) else { return Tree::Null };
    fields.insert(0, ("type".to_owned(), Tree::word(kind)));
    Tree::Map(fields)
}

fn word(word: Option<&str>) -> Tree {
    word.map_or(Tree::Null, Tree::word)
}

/// Many providers send arguments and results as JSON in a text: their texts are to be redacted, not the JSON.
pub(crate) fn parsed(tree: Tree) -> Tree {
    match &tree {
        Tree::Text(text) if !text.is_cut() && text.kept.trim_start().starts_with(['{', '[']) => {
            let value = serde_json::from_str::<serde_json::Value>(&text.kept).ok();
            value.and_then(|value| super::capture::capture(&value, usize::MAX)).unwrap_or(tree)
        }
        _ => tree,
    }
}

/// The word of the conventions for a provider's.
fn finish_reason(reason: &str) -> &str {
    match reason.to_ascii_lowercase().as_str() {
        "stop" | "end_turn" | "stop_sequence" | "eos" | "completed" => "stop",
        "length" | "max_tokens" | "max_output_tokens" | "model_context_window_exceeded" => "length",
        "content_filter"
        | "safety"
        | "refusal"
        | "recitation"
        | "prohibited_content"
        | "blocklist"
        | "spii"
        | "guardrail_intervened"
        | "content_filtered" => "content_filter",
        "tool_calls" | "tool_call" | "tool_use" | "function_call" => "tool_call",
        "error" | "failed" => "error",
        _ => reason,
    }
}
