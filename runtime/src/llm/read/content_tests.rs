//! Which chunks the model says something in, and how much, as each provider or client crate writes them.

use serde::Serialize;
use serde_json::{Value, json};

use crate::llm::observed::Observed;

fn observe(chunk: &impl Serialize) -> Observed {
    let mut seen = Observed::default();
    super::observe(chunk, &mut seen);
    seen
}

/// Each chunk with the bytes of content in it.
#[track_caller]
fn check(chunks: &[(Value, u64)]) {
    for (chunk, content) in chunks {
        let seen = observe(chunk);
        assert_eq!(seen.content, *content, "{chunk}");
        assert_eq!(seen.has_content(), *content > 0, "{chunk}");
    }
}

#[test]
fn chunks_of_openai_and_those_who_speak_as_it_does() {
    let delta = |delta: Value| json!({"id": "c", "model": "m", "choices": [{"index": 0, "delta": delta, "finish_reason": null}]});
    check(&[
        (delta(json!({"role": "assistant", "content": ""})), 0),
        (delta(json!({"role": "assistant", "content": null, "refusal": null})), 0),
        (delta(json!({"content": "Hel"})), 3),
        (delta(json!({"content": null, "reasoning_content": "Hm"})), 2),
        (delta(json!({"content": "", "reasoning": "Hm"})), 2),
        (delta(json!({"content": [{"type": "thinking", "thinking": [{"type": "text", "text": "Hm"}]}]})), 2),
        (delta(json!({"tool_calls": [{"index": 0, "function": {"arguments": "{\"q\""}}]})), 4),
        (delta(json!({})), 0),
        (json!({"choices": [], "usage": {"prompt_tokens": 1, "completion_tokens": 2}}), 0),
        (json!({"object": "text_completion", "choices": [{"text": "Hel", "index": 0}]}), 3),
    ]);
    let call = delta(
        json!({"tool_calls": [{"index": 0, "id": "c", "function": {"name": "search", "arguments": ""}}]}),
    );
    assert!(observe(&call).has_content(), "which tool is called is content");
}

#[test]
fn events_of_a_response_of_openai() {
    let response = json!({"id": "r", "model": "m", "status": "in_progress", "output": [], "usage": null,
        "instructions": "Be kind.", "text": {"format": {"type": "text"}, "verbosity": "medium"},
        "reasoning": {"effort": "low", "summary": null}, "tools": [{"type": "function", "name": "search"}]});
    check(&[
        (json!({"type": "response.created", "response": response}), 0),
        (
            json!({"type": "response.output_item.added", "item": {"type": "message", "id": "i", "content": []}}),
            0,
        ),
        (json!({"type": "response.content_part.added", "part": {"type": "output_text", "text": ""}}), 0),
        (json!({"type": "response.output_text.delta", "item_id": "i", "delta": "Hel"}), 3),
        (json!({"type": "response.reasoning_summary_text.delta", "item_id": "i", "delta": "Hm"}), 2),
        (json!({"type": "response.function_call_arguments.delta", "item_id": "i", "delta": "{"}), 1),
        // What was said before is not said twice.
        (json!({"type": "response.output_text.done", "item_id": "i", "text": "Hello"}), 0),
        (json!({"type": "error", "code": "server_error", "message": "Try again."}), 0),
    ]);
}

#[test]
fn events_of_anthropic() {
    let block = |block: Value| json!({"type": "content_block_start", "index": 0, "content_block": block});
    let delta = |delta: Value| json!({"type": "content_block_delta", "index": 0, "delta": delta});
    check(&[
        (
            json!({"type": "message_start", "message": {"id": "m", "type": "message", "role": "assistant",
            "model": "claude", "content": [], "usage": {"input_tokens": 25, "output_tokens": 1}}}),
            0,
        ),
        (json!({"type": "ping"}), 0),
        (block(json!({"type": "text", "text": ""})), 0),
        (delta(json!({"type": "text_delta", "text": "Hel"})), 3),
        (block(json!({"type": "thinking", "thinking": "", "signature": ""})), 0),
        (delta(json!({"type": "thinking_delta", "thinking": "Hm"})), 2),
        (delta(json!({"type": "signature_delta", "signature": "EqQB"})), 0),
        (delta(json!({"type": "input_json_delta", "partial_json": "{\"q\""})), 4),
        (json!({"type": "content_block_stop", "index": 0}), 0),
        (
            json!({"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": {"output_tokens": 9}}),
            0,
        ),
        (json!({"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}), 0),
    ]);
    let call = block(json!({"type": "tool_use", "id": "t", "name": "search", "input": {}}));
    assert!(observe(&call).has_content(), "which tool is called is content");
}

#[test]
fn chunks_of_gemini_and_ollama_and_cohere() {
    let parts =
        |parts: Value| json!({"candidates": [{"content": {"role": "model", "parts": parts}, "index": 0}]});
    check(&[
        (parts(json!([{"text": "Hel"}])), 3),
        (parts(json!([{"text": "Hm", "thought": true}, {"text": "lo"}])), 4),
        (json!({"candidates": [{"finishReason": "STOP"}], "modelVersion": "gemini"}), 0),
        (json!({"model": "m", "message": {"role": "assistant", "content": "Hel"}, "done": false}), 3),
        (
            json!({"model": "m", "message": {"role": "assistant", "content": "", "thinking": "Hm"}, "done": false}),
            2,
        ),
        (json!({"model": "m", "message": {"role": "assistant", "content": ""}, "done": true}), 0),
        (json!({"model": "m", "response": "Hel", "done": false}), 3),
        (json!({"type": "content-delta", "index": 0, "delta": {"message": {"content": {"text": "Hel"}}}}), 3),
        (json!({"type": "message-start", "id": "c", "delta": {"message": {"role": "assistant"}}}), 0),
    ]);
    assert!(observe(&parts(json!([{"functionCall": {"name": "search", "args": {}}}]))).has_content());
}

#[test]
fn events_of_the_client_crates_genai_and_rig() {
    #[derive(Serialize)]
    enum Genai {
        Start,
        Chunk { content: &'static str },
        ReasoningChunk { content: &'static str },
    }

    #[derive(Serialize)]
    #[serde(untagged)]
    enum Rig {
        Text { text: &'static str },
        Reasoning { id: Option<&'static str>, reasoning: &'static str },
        Final { usage: Option<u32> },
    }

    assert_eq!(observe(&Genai::Start).content, 0);
    assert_eq!(observe(&Genai::Chunk { content: "Hel" }).content, 3);
    assert_eq!(observe(&Genai::ReasoningChunk { content: "Hm" }).content, 2);
    assert_eq!(observe(&Rig::Text { text: "Hel" }).content, 3);
    assert_eq!(observe(&Rig::Reasoning { id: None, reasoning: "Hm" }).content, 2);
    assert_eq!(observe(&Rig::Final { usage: None }).content, 0);
}

#[test]
fn a_stream_of_text() {
    assert_eq!(observe(&"Hel").content, 3);
    assert_eq!(observe(&"").content, 0);
}
