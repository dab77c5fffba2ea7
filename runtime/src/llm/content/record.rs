//! Recording content on the current span.

use serde::Serialize;

use crate::context::current;
use crate::context::key::Key;
use crate::llm::calls;
use crate::llm::content::answer::{Said, answer};
use crate::llm::content::capture::capture;
use crate::llm::content::documents::documents;
use crate::llm::content::message::{Message, Part, parsed};
use crate::llm::content::policy::{self, Content, is_asked};
use crate::llm::content::request::{request, system, tools};
use crate::llm::content::tree::Tree;
use crate::llm::content::write;
use crate::semconv;

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
    let key = current::get();
    if let (Some(Captured(tree)), Some(content), true) = (value, policy::policy(), key.is_recording()) {
        on(&key, part, tree, &content);
    }
}

fn on(key: &Key, part: ContentPart, tree: Tree, content: &Content) {
    let data = |name, data| write::data(key, name, data, content);
    match part {
        ContentPart::Input => {
            let request = request(&tree);
            let messages = request.messages.into_iter().map(Message::into_tree).collect::<Vec<_>>();
            if !messages.is_empty() {
                write::messages(key, semconv::GEN_AI_INPUT_MESSAGES, Tree::List(messages), content);
            }
            write_list(request.system.into_iter().map(Part::into_tree), |list| {
                data(semconv::GEN_AI_SYSTEM_INSTRUCTIONS, list);
            });
            write_list(request.tools.into_iter(), |list| data(semconv::GEN_AI_TOOL_DEFINITIONS, list));
        }
        ContentPart::System => write_list(system(&tree).into_iter().map(Part::into_tree), |list| {
            data(semconv::GEN_AI_SYSTEM_INSTRUCTIONS, list);
        }),
        ContentPart::Tools => {
            write_list(tools(&tree).into_iter(), |list| data(semconv::GEN_AI_TOOL_DEFINITIONS, list));
        }
        ContentPart::Output => {
            if let Some(said) = answer(&tree, false) {
                calls::lock(&calls::of_span(key)).said(&said);
            }
        }
        ContentPart::Query => data(semconv::GEN_AI_RETRIEVAL_QUERY_TEXT, tree),
        ContentPart::Documents => data(semconv::GEN_AI_RETRIEVAL_DOCUMENTS, documents(&tree)),
        ContentPart::Arguments => data(semconv::GEN_AI_TOOL_CALL_ARGUMENTS, parsed(tree)),
        ContentPart::Result => data(semconv::GEN_AI_TOOL_CALL_RESULT, parsed(tree)),
    }
}

fn write_list(elements: impl Iterator<Item = Tree>, write: impl FnOnce(Tree)) {
    let list: Vec<Tree> = elements.collect();
    if !list.is_empty() {
        write(Tree::List(list));
    }
}

/// Reads what a response or chunk says. `is_response` says that something else of a response was found in it.
#[cold]
pub(in crate::llm) fn said<T: Serialize + ?Sized>(value: &T, is_response: bool) -> Option<Box<Said>> {
    answer(&captured(value)?.0, is_response).map(Box::new)
}

/// The same of a response that tells its text.
#[cold]
pub(in crate::llm) fn said_text(text: Option<&str>) -> Option<Box<Said>> {
    said(&serde_json::json!({"role": "assistant", "content": text?}), true)
}

fn record<T: Serialize + ?Sized>(part: ContentPart, value: &T) {
    if is_asked() && current::get().is_recording() {
        record_captured(part, captured(value));
    }
}

/// Records what a model is given on the current span: `gen_ai.input.messages`. Does nothing unless content is
/// [asked for](crate::llm::Content).
///
/// Takes messages, or a whole request, of OpenAI, Anthropic, Gemini, Ollama, of the crates genai and rig, or in the form of
/// the conventions; a text is one message of the user. Of a request, instructions and tools are recorded too.
///
/// ```
/// throughline::llm::record_input("Is the kettle on?");
/// ```
pub fn record_input<T: Serialize + ?Sized>(messages: &T) {
    record(ContentPart::Input, messages);
}

/// Records what the model answers on the current span: `gen_ai.output.messages`. What [`record`](crate::llm::record),
/// `#[llm_span]` and streams read of a response is recorded without this.
///
/// ```
/// throughline::llm::record_output("It is.");
/// ```
pub fn record_output<T: Serialize + ?Sized>(answer: &T) {
    record(ContentPart::Output, answer);
}

/// Records what the model is told apart from the messages: `gen_ai.system_instructions`.
///
/// ```
/// throughline::llm::record_system_instructions("Answer in one word.");
/// ```
pub fn record_system_instructions<T: Serialize + ?Sized>(instructions: &T) {
    record(ContentPart::System, instructions);
}

/// Records the tools that the model may call: `gen_ai.tool.definitions`.
///
/// ```
/// # #[derive(serde::Serialize)] struct Tool { name: &'static str, description: &'static str }
/// throughline::llm::record_tool_definitions(&[Tool { name: "kettle", description: "Boils water." }]);
/// ```
pub fn record_tool_definitions<T: Serialize + ?Sized>(tools: &T) {
    record(ContentPart::Tools, tools);
}
