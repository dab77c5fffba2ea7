//! What a model answers: whole responses and chunks of streams, in the ways of the providers.

use crate::llm::content::events::{anthropic_event, genai_event, openai_event};
use crate::llm::content::message::{Message, Part};
use crate::llm::content::part::{json, parts, tool_call};
use crate::llm::content::request::message;
use crate::llm::content::tree::Tree;

/// What was read of one response or chunk.
#[derive(Clone, Debug, Default)]
pub(crate) struct Said {
    pub(super) pieces: Vec<Piece>,
    pub(super) kind: Kind,
}

/// How sure it is that this is what the model said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Kind {
    /// In a form that is known.
    #[default]
    Known,
    /// All of an answer, whose chunks came before.
    Whole,
    /// A text: of a stream it is a chunk; what a function returns may be made of the answer.
    Text,
    /// Any other data.
    Data,
}

/// A part of an answer, or the next piece of one.
#[derive(Clone, Debug, Default)]
pub(super) struct Piece {
    /// Which of several answers.
    pub(super) choice: u64,
    /// Which part of it, where the provider numbers them.
    pub(super) slot: Option<u64>,
    pub(super) part: Option<Part>,
    pub(super) finish_reason: Option<String>,
}

impl Piece {
    pub(super) fn of(part: Part) -> Self {
        Self { part: Some(part), ..Self::default() }
    }

    pub(super) fn at(slot: u64, part: Part) -> Self {
        Self { slot: Some(slot), ..Self::of(part) }
    }
}

/// Reads what `answer` says. `is_response` says that something else of a response was found in it: what then holds no
/// answer in a known place has none.
pub(super) fn answer(answer: &Tree, is_response: bool) -> Option<Said> {
    if let Some(said) = known(answer) {
        return Some(said);
    }
    let pieces = |part| vec![Piece::of(part)];
    match answer {
        Tree::Text(text) => Some(Said { pieces: pieces(Part::Text(text.clone())), kind: Kind::Text }),
        Tree::Null | Tree::Word(_) => None,
        _ if is_response => None,
        other => Some(Said { pieces: pieces(json(other)), kind: Kind::Data }),
    }
}

fn known(answer: &Tree) -> Option<Said> {
    if let Some(list) = answer.as_list() {
        return messages(list);
    }
    let kind = answer.text_of(&["type"]).unwrap_or_default();
    if let Some(said) = openai_event(kind, answer).or_else(|| anthropic_event(kind, answer)) {
        return Some(said);
    }
    let pieces = choices(answer)
        .or_else(|| candidates(answer))
        .or_else(|| output_items(answer))
        .or_else(|| one_message(answer))
        .or_else(|| genai_event(answer))
        .or_else(|| one_part(answer))?;
    Some(Said { pieces, kind: Kind::Known })
}

/// Messages in the form of the conventions, or of any provider.
fn messages(list: &[Tree]) -> Option<Said> {
    let messages: Option<Vec<Message>> = list.iter().map(message).collect();
    let numbered = messages.filter(|messages| !messages.is_empty())?.into_iter().zip(0_u64..);
    let pieces = numbered.zip(list).flat_map(|((message, choice), tree)| {
        let reason = tree.text_of(&["finish_reason"]).map(str::to_owned);
        of_choice(choice, message.parts.into_iter().map(Piece::of).collect(), reason)
    });
    Some(Said { pieces: pieces.collect(), kind: Kind::Known })
}

/// OpenAI's chat completions, whole and in chunks, and completions of text before them.
fn choices(answer: &Tree) -> Option<Vec<Piece>> {
    let choices = answer.get(&["choices"])?.as_list()?;
    let of_one = |(choice, place): (&Tree, u64)| {
        let index = choice.get(&["index"]).and_then(Tree::as_int).unwrap_or(place);
        let reason = choice.text_of(&["finish_reason"]).map(str::to_owned);
        let said = choice.get(&["message", "delta", "text"]);
        of_choice(index, said.map(spoken).unwrap_or_default(), reason)
    };
    Some(choices.iter().zip(0_u64..).flat_map(of_one).collect())
}

/// Gemini.
fn candidates(answer: &Tree) -> Option<Vec<Piece>> {
    let candidates = answer.get(&["candidates"])?.as_list()?;
    let of_one = |(candidate, place): (&Tree, u64)| {
        let index = candidate.get(&["index"]).and_then(Tree::as_int).unwrap_or(place);
        let reason = candidate.text_of(&["finishReason", "finish_reason"]).map(str::to_owned);
        of_choice(index, candidate.get(&["content"]).map(spoken).unwrap_or_default(), reason)
    };
    Some(candidates.iter().zip(0_u64..).flat_map(of_one).collect())
}

fn of_choice(choice: u64, mut pieces: Vec<Piece>, finish_reason: Option<String>) -> Vec<Piece> {
    if finish_reason.is_some() {
        pieces.push(Piece { finish_reason, ..Piece::default() });
    }
    pieces.iter_mut().for_each(|piece| piece.choice = choice);
    pieces
}

/// A message, or the next piece of one.
fn spoken(said: &Tree) -> Vec<Piece> {
    let Tree::Map(fields) = said else { return parts(said).into_iter().map(Piece::of).collect() };
    let is_role = |key: &str| key == "role";
    let without_calls = fields.iter().filter(|(key, _)| key != "tool_calls" && !is_role(key)).cloned();
    let role = [("role".to_owned(), Tree::word("assistant"))];
    let rest = Tree::Map(role.into_iter().chain(without_calls).collect());
    let mut pieces: Vec<Piece> =
        message(&rest).unwrap_or_default().parts.into_iter().map(Piece::of).collect();
    for call in said.get(&["tool_calls"]).into_iter().flat_map(Tree::each) {
        let part = tool_call(call).unwrap_or_else(|| json(call));
        pieces.push(Piece { slot: call.get(&["index"]).and_then(Tree::as_int), ..Piece::of(part) });
    }
    pieces
}

/// OpenAI's responses: messages, calls and reasoning side by side; Bedrock has one message there.
pub(super) fn output_items(answer: &Tree) -> Option<Vec<Piece>> {
    match answer.get(&["output"])? {
        Tree::List(items) if items.iter().all(|item| item.get(&["type"]).is_some()) => {
            Some(items.iter().flat_map(item).collect())
        }
        output @ Tree::Map(_) => output.get(&["message"]).map(spoken),
        _ => None,
    }
}

/// An item of OpenAI's responses.
pub(super) fn item(item: &Tree) -> Vec<Piece> {
    match item.get(&["content"]) {
        Some(content) if item.text_of(&["type"]) == Some("message") => {
            parts(content).into_iter().map(Piece::of).collect()
        }
        _ => parts(item).into_iter().map(Piece::of).collect(),
    }
}

/// Anthropic's message, Ollama's in its response, what genai and rig make of any.
fn one_message(answer: &Tree) -> Option<Vec<Piece>> {
    if let Some(message @ Tree::Map(_)) = answer.get(&["message"]) {
        return Some(spoken(message));
    }
    let is_message = answer.get(&["role", "stop_reason", "reasoning_content", "model_iden"]).is_some();
    if is_message && answer.get(&["content", "parts", "tool_calls", "reasoning_content"]).is_some() {
        return Some(spoken(answer));
    }
    if let Some(choice) = answer.get(&["choice"]) {
        return Some(parts(choice).into_iter().map(Piece::of).collect());
    }
    let response @ Tree::Text(_) = answer.get(&["response"])? else { return None };
    let thinking = answer.get(&["thinking"]).cloned().unwrap_or_default();
    let said = Tree::map([("thinking", thinking), ("content", response.clone())]);
    Some(spoken(&said))
}

/// A part that stands alone: what a program makes of chunks.
fn one_part(answer: &Tree) -> Option<Vec<Piece>> {
    let Tree::Map(fields) = answer else { return None };
    let is_part = fields.len() <= 3 || answer.get(&["type"]).is_some();
    let known = ["text", "Text", "content", "ToolCall", "Reasoning", "functionCall"];
    (is_part && answer.get(&known).is_some()).then(|| parts(answer).into_iter().map(Piece::of).collect())
}
