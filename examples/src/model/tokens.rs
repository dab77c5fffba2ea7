//! Counting tokens with the real vocabulary, the way the API bills them.

use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;
use tiktoken_rs::{CoreBPE, o200k_base_singleton};

/// What every message costs beyond its text: the marks around it.
const PER_MESSAGE: usize = 3;
/// What primes the answer.
const PRIMING: usize = 3;

/// The tokens of a text, in the vocabulary of gpt-4o and gpt-4o-mini.
pub(super) fn count(text: &str) -> usize {
    vocabulary().encode_ordinary(text).len()
}

/// What of a request is counted.
#[derive(Deserialize)]
struct Prompt<'a> {
    messages: Vec<Value>,
    #[serde(borrow)]
    tools: Option<&'a RawValue>,
}

/// The tokens of a request's body: three for each message, its role, its text and its tool calls, the offered tools as
/// they were sent, and three that prime the answer. How a provider writes tools into a prompt is not public: theirs
/// will differ by a few.
pub(super) fn of_prompt(body: &str) -> serde_json::Result<usize> {
    let Prompt { messages, tools } = serde_json::from_str(body)?;
    let tools = tools.map_or(0, |tools| count(tools.get()));
    Ok(messages.iter().map(of_message).sum::<usize>() + tools + PRIMING)
}

fn of_message(message: &Value) -> usize {
    let text = |value: &Value| value.as_str().map_or(0, count);
    let calls: usize = message["tool_calls"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|call| text(&call["function"]["name"]) + text(&call["function"]["arguments"]))
        .sum();
    PER_MESSAGE + text(&message["role"]) + text(&message["content"]) + calls
}

/// The text cut where its tokens end; tokens that end inside a character stay together.
pub(super) fn pieces(text: &str) -> Vec<String> {
    let mut pieces = Vec::new();
    let mut bytes = Vec::new();
    for token in vocabulary().encode_ordinary(text) {
        bytes.extend(vocabulary().decode_bytes(&[token]).unwrap_or_default());
        if let Ok(piece) = str::from_utf8(&bytes) {
            pieces.push(piece.to_owned());
            bytes.clear();
        }
    }
    pieces
}

/// Decodes the vocabulary, once a process. It takes a while, so the server does it before it says that it is ready.
pub(super) fn load() {
    count("");
}

fn vocabulary() -> &'static CoreBPE {
    o200k_base_singleton()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn pieces_make_the_text_again_also_where_a_character_takes_several_tokens() {
        for text in ["", "Ownership is a set of rules.", "“quoted” \u{1f980}\u{1fae0} नमस्ते"]
        {
            assert_eq!(pieces(text).concat(), text);
        }
    }

    #[test]
    fn a_prompt_counts_its_marks_its_texts_its_calls_and_its_tools() {
        let call = json!({"function": {"name": "count_words", "arguments": "{}"}});
        let asked = json!({"role": "user", "content": "How many?"});
        let called = json!({"role": "assistant", "content": null, "tool_calls": [call]});
        let body = format!(r#"{{"tools": [{{"type":"function"}}], "messages": [{asked}, {called}]}}"#);
        let texts = ["user", "How many?", "assistant", "count_words", "{}", r#"[{"type":"function"}]"#];
        let expected = texts.iter().map(|text| count(text)).sum::<usize>() + 2 * 3 + 3;
        assert_eq!(of_prompt(&body).unwrap(), expected);
    }
}
