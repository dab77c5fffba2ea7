//! The bytes of a streamed completion: server-sent events in the form of OpenAI's chat API.

use serde_json::{Value, json};

use super::tokens;
use super::turn::{Call, Turn};

/// The events of one answer, each with its closing empty line; with `include_usage`, the last but one has the usage
/// and no choice. `input` is the number of tokens of the request.
pub(super) fn of(turn: &Turn, request: &Value, input: usize, number: u64) -> Vec<String> {
    let head = json!({
        "id": format!("chatcmpl-{number}"),
        "object": "chat.completion.chunk",
        "created": 0,
        "model": request["model"],
    });
    let (deltas, finish, output) = match turn {
        Turn::Say(text) => (said(text), "stop", tokens::count(text)),
        Turn::Call(calls) => {
            let of = |call: &Call| tokens::count(&call.name) + tokens::count(&call.arguments);
            (called(calls, number), "tool_calls", calls.iter().map(of).sum())
        }
    };
    let mut frames: Vec<String> = deltas.iter().map(|delta| frame(&head, delta, None)).collect();
    frames.push(frame(&head, &json!({}), Some(finish)));
    if request["stream_options"]["include_usage"] == true {
        frames.push(usage_frame(&head, input, output));
    }
    frames.push("data: [DONE]\n\n".to_owned());
    frames
}

fn said(text: &str) -> Vec<Value> {
    let mut deltas = vec![json!({"role": "assistant", "content": ""})];
    deltas.extend(tokens::pieces(text).iter().map(|piece| json!({"content": piece})));
    deltas
}

/// A tool call streams its name first, then its arguments piece by piece.
fn called(calls: &[Call], number: u64) -> Vec<Value> {
    let mut deltas = vec![json!({"role": "assistant", "content": null})];
    for (index, Call { name, arguments }) in calls.iter().enumerate() {
        let function = json!({"name": name, "arguments": ""});
        let id = format!("call_{number}_{index}");
        let call = json!({"index": index, "id": id, "type": "function", "function": function});
        deltas.push(json!({"tool_calls": [call]}));
        deltas.extend(
            tokens::pieces(arguments)
                .iter()
                .map(|piece| json!({"tool_calls": [{"index": index, "function": {"arguments": piece}}]})),
        );
    }
    deltas
}

fn frame(head: &Value, delta: &Value, finish: Option<&str>) -> String {
    let mut chunk = head.clone();
    chunk["choices"] = json!([{"index": 0, "delta": delta, "finish_reason": finish}]);
    chunk["usage"] = Value::Null;
    format!("data: {chunk}\n\n")
}

fn usage_frame(head: &Value, input: usize, output: usize) -> String {
    let mut chunk = head.clone();
    chunk["choices"] = json!([]);
    chunk["usage"] = json!({
        "prompt_tokens": input,
        "completion_tokens": output,
        "total_tokens": input + output,
        "prompt_tokens_details": {"cached_tokens": 0},
        "completion_tokens_details": {"reasoning_tokens": 0},
    });
    format!("data: {chunk}\n\n")
}
