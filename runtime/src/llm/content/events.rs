//! Events of streams that number what they speak of.

use crate::llm::content::answer::{Kind, Piece, Said, item, output_items};
use crate::llm::content::message::Part;
use crate::llm::content::part::{parts, tool_call};
use crate::llm::content::tree::{Text, Tree};

fn said(pieces: Vec<Piece>) -> Said {
    Said { pieces, kind: Kind::Known }
}

fn number(event: &Tree, key: &str) -> u64 {
    event.get(&[key]).and_then(Tree::as_int).unwrap_or_default()
}

fn text(event: &Tree, key: &str) -> Option<Text> {
    if let Some(Tree::Text(text)) = event.get(&[key]) { Some(text.clone()) } else { None }
}

/// A piece of the arguments of a call that was named before.
fn arguments(arguments: Text) -> Part {
    Part::ToolCall { id: None, name: None, arguments: Tree::Text(arguments) }
}

/// An event of OpenAI's responses interface; those that say nothing new are known for that.
pub(super) fn openai_event(kind: &str, event: &Tree) -> Option<Said> {
    let kind = kind.strip_prefix("response.")?;
    let slot = number(event, "output_index") << 16
        | (number(event, "content_index") + number(event, "summary_index")) & 0xffff;
    let delta = || text(event, "delta");
    Some(match kind {
        "output_text.delta" | "refusal.delta" => said(piece(slot, delta().map(Part::Text))),
        "reasoning_text.delta" | "reasoning_summary_text.delta" => {
            said(piece(slot, delta().map(Part::Reasoning)))
        }
        "function_call_arguments.delta" | "custom_tool_call_input.delta" | "mcp_call_arguments.delta" => {
            said(piece(slot, delta().map(arguments)))
        }
        "output_item.added" => {
            let added = event.get(&["item"]).map(item).unwrap_or_default();
            let calls = added.into_iter().filter(|piece| matches!(piece.part, Some(Part::ToolCall { .. })));
            said(calls.map(|piece| Piece { slot: Some(slot), ..piece }).collect())
        }
        "completed" | "incomplete" | "failed" => {
            let pieces = event.get(&["response"]).and_then(output_items).unwrap_or_default();
            Said { kind: if pieces.is_empty() { Kind::Known } else { Kind::Whole }, pieces }
        }
        _ => said(Vec::new()),
    })
}

fn piece(slot: u64, part: Option<Part>) -> Vec<Piece> {
    part.map(|part| Piece::at(slot, part)).into_iter().collect()
}

/// An event of Anthropic's messages.
pub(super) fn anthropic_event(kind: &str, event: &Tree) -> Option<Said> {
    let slot = number(event, "index");
    Some(match kind {
        "message_start" => {
            let content = event.get(&["message"]).and_then(|message| message.get(&["content"]));
            said(content.into_iter().flat_map(parts).map(Piece::of).collect())
        }
        "content_block_start" => {
            let block = event.get(&["content_block"])?;
            // The input of a call comes in pieces; here is only an empty object.
            let part = match tool_call(block) {
                Some(Part::ToolCall { id, name, .. }) => {
                    Some(Part::ToolCall { id, name, arguments: Tree::Null })
                }
                _ => parts(block).pop(),
            };
            said(piece(slot, part))
        }
        "content_block_delta" => {
            let delta = event.get(&["delta"])?;
            let part = match delta.text_of(&["type"])? {
                "text_delta" => text(delta, "text").map(Part::Text),
                "thinking_delta" => text(delta, "thinking").map(Part::Reasoning),
                "input_json_delta" => text(delta, "partial_json").map(arguments),
                _ => None,
            };
            said(piece(slot, part))
        }
        "message_delta" | "message_stop" | "content_block_stop" | "ping" | "error" => said(Vec::new()),
        _ => return None,
    })
}

/// An event of the crate genai: the variant of an enum.
pub(super) fn genai_event(event: &Tree) -> Option<Vec<Piece>> {
    let Tree::Map(fields) = event else { return None };
    let [(variant, content)] = &fields[..] else { return None };
    let part = match variant.as_str() {
        "Chunk" => text(content, "content").map(Part::Text),
        "ReasoningChunk" => text(content, "content").map(Part::Reasoning),
        // It repeats the call from its beginning each time, which is for its end to tell.
        "ToolCallChunk" | "ThoughtSignatureChunk" | "Start" => None,
        "End" => {
            let content = content.get(&["captured_content"])?;
            let calls = parts(content.get(&["parts"]).unwrap_or(content)).into_iter();
            let calls = calls.filter(|part| matches!(part, Part::ToolCall { .. }));
            return Some(calls.map(Piece::of).collect());
        }
        _ => return None,
    };
    Some(part.map(Piece::of).into_iter().collect())
}
