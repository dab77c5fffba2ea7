//! What went over the wire to and from the example's own model, and what it comes to by a tokenizer of the test's own.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde::Deserialize;
use serde_json::Value;
use tiktoken_rs::o200k_base_singleton;

/// One request of the model and its answer, as bytes.
#[derive(Debug, Deserialize)]
pub struct Exchange {
    /// What was asked for: `chat`, `embeddings` or `rerank`.
    pub path: String,
    /// The status of the answer.
    pub status: u16,
    request: String,
    response: String,
}

impl Exchange {
    /// Reads a wire log.
    pub fn read(log: &Path) -> Vec<Self> {
        let text = fs::read_to_string(log).expect("a wire log");
        text.lines().map(|line| serde_json::from_str(line).expect("an exchange")).collect()
    }

    /// The last message of the user.
    pub fn question(&self) -> String {
        let request = self.request();
        let messages = request["messages"].as_array().expect("messages");
        let asked = messages.iter().rev().find(|message| message["role"] == "user").expect("a question");
        asked["content"].as_str().expect("a text").to_owned()
    }

    /// The tokens of the prompt: for each message three, its role, its text and its calls; the tools as they came; and
    /// three for the beginning of the answer.
    pub fn prompt_tokens(&self) -> i64 {
        let request = self.request();
        let mut sum = 3;
        for message in request["messages"].as_array().expect("messages") {
            sum += 3 + tokens(message["role"].as_str().expect("a role"));
            sum += message["content"].as_str().map_or(0, tokens);
            for call in message["tool_calls"].as_array().into_iter().flatten() {
                sum += tokens(call["function"]["name"].as_str().expect("a name"));
                sum += tokens(call["function"]["arguments"].as_str().expect("arguments"));
            }
        }
        sum + tokens(self.tools())
    }

    /// The tokens of the answer: its text, or the names and arguments of its calls, put together from its chunks.
    pub fn completion_tokens(&self) -> i64 {
        let mut text = String::new();
        let mut calls: BTreeMap<i64, (String, String)> = BTreeMap::new();
        for chunk in self.chunks() {
            let delta = &chunk["choices"][0]["delta"];
            text += delta["content"].as_str().unwrap_or_default();
            for call in delta["tool_calls"].as_array().into_iter().flatten() {
                let (name, arguments) = calls.entry(call["index"].as_i64().expect("an index")).or_default();
                *name += call["function"]["name"].as_str().unwrap_or_default();
                *arguments += call["function"]["arguments"].as_str().unwrap_or_default();
            }
        }
        let of_call = |(name, arguments): &(String, String)| tokens(name) + tokens(arguments);
        tokens(&text) + calls.values().map(of_call).sum::<i64>()
    }

    /// The number of chunks with a choice: all but the one with the usage.
    pub fn chunks(&self) -> Vec<Value> {
        let events = self.response.split("\n\n").filter_map(|event| event.strip_prefix("data: "));
        let json = events.filter(|data| *data != "[DONE]");
        json.map(|data| serde_json::from_str(data).expect("a chunk")).collect()
    }

    /// Whether the answer came to its end.
    pub fn is_whole(&self) -> bool {
        self.status == 200 && self.response.ends_with("data: [DONE]\n\n")
    }

    /// The bytes of the tools in the request, which ends with or before them.
    fn tools(&self) -> &str {
        let Some(at) = self.request.find(r#""tools":"#) else { return "" };
        let rest = &self.request[at + r#""tools":"#.len()..];
        let mut values = serde_json::Deserializer::from_str(rest).into_iter::<Value>();
        values.next().expect("tools").expect("tools");
        &rest[..values.byte_offset()]
    }

    fn request(&self) -> Value {
        serde_json::from_str(&self.request).expect("a request")
    }
}

fn tokens(text: &str) -> i64 {
    i64::try_from(o200k_base_singleton().encode_ordinary(text).len()).expect("a small number")
}
