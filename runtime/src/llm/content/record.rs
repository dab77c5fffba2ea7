//! Recording content on the current span.

use serde::Serialize;

use crate::llm::content::capture::capture;
use crate::llm::content::policy;
use crate::llm::content::tree::Tree;
use crate::semconv;
use crate::span::current;

/// Which part of a call a value is.
#[doc(hidden)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ContentPart {
    /// What a model is given: messages, or a whole request.
    Input,
    /// What it is told before.
    System,
    /// The tools it may call.
    Tools,
    /// What it answers.
    Output,
    /// What is searched for.
    Query,
    /// What is found.
    Documents,
    /// What a tool is called with.
    Arguments,
    /// What it returns.
    Result,
}

/// What was read of a value, where content is asked for.
#[doc(hidden)]
#[derive(Debug)]
pub struct Captured(Tree);

/// Reads any `Serialize` value.
#[doc(hidden)]
pub fn captured<T: Serialize + ?Sized>(value: &T) -> Option<Captured> {
    capture(value, policy::policy()?.longest_text()).map(Captured)
}

/// Reads a text.
#[doc(hidden)]
pub fn captured_text(text: &str) -> Option<Captured> {
    captured(text)
}

/// Several values by their names; those of which nothing is known are left out.
#[doc(hidden)]
pub fn captured_fields<const N: usize>(fields: [(&str, Option<Captured>); N]) -> Captured {
    let known = fields.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?.0)));
    Captured(Tree::Map(known.collect()))
}

/// Records what was read on the current span.
#[doc(hidden)]
pub fn record_captured(part: ContentPart, value: Option<Captured>) {
    let (Some(Captured(tree)), true) = (value, current::is_recording()) else { return };
    let key = match part {
        ContentPart::Input => semconv::GEN_AI_INPUT_MESSAGES,
        ContentPart::System => semconv::GEN_AI_SYSTEM_INSTRUCTIONS,
        ContentPart::Tools => semconv::GEN_AI_TOOL_DEFINITIONS,
        ContentPart::Output => semconv::GEN_AI_OUTPUT_MESSAGES,
        ContentPart::Query => semconv::GEN_AI_RETRIEVAL_QUERY_TEXT,
        ContentPart::Documents => semconv::GEN_AI_RETRIEVAL_DOCUMENTS,
        ContentPart::Arguments => semconv::GEN_AI_TOOL_CALL_ARGUMENTS,
        ContentPart::Result => semconv::GEN_AI_TOOL_CALL_RESULT,
    };
    let text = tree.as_str().map_or_else(|| tree.to_json(), str::to_owned);
    current::set(key, text);
}
