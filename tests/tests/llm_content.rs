//! What models are given and answer, in the form of the conventions, from the shapes of the providers.

mod llm;
mod llm_content_support;

use llm::{call, root, trace};
use llm_content_support::{captured, json_of};
use serde_json::{Value, json};
use throughline::llm::expansion::{look_at_nothing, look_at_serialize};
use throughline::llm::{
    Content, LlmResponse, Usage, record, record_input, record_output, record_system_instructions,
    record_tool_definitions,
};

const INPUT: &str = "gen_ai.input.messages";
const OUTPUT: &str = "gen_ai.output.messages";
const SYSTEM: &str = "gen_ai.system_instructions";
const TOOLS: &str = "gen_ai.tool.definitions";

/// What is recorded under `key` of what `record` records.
fn recorded(key: &str, record: impl FnOnce()) -> Value {
    captured(Content::new(), || json_of(trace(|| root(record)).span("root").get(key)))
}

#[track_caller]
fn check_input(messages: &Value, expected: Value) {
    assert_eq!(recorded(INPUT, || record_input(messages)), expected);
}

#[track_caller]
fn check_output(response: &Value, expected: Value) {
    assert_eq!(recorded(OUTPUT, || record(response)), expected);
    let returned = || call(|call| call.response(look_at_serialize(response)));
    let trace = captured(Content::new(), || trace(|| root(returned)));
    assert_eq!(json_of(trace.span("call").get(OUTPUT)), expected, "the same when it is returned");
}

fn text(role: &str, content: &str) -> Value {
    json!({"role": role, "parts": [{"type": "text", "content": content}]})
}

fn answer(content: &str, finish_reason: &str) -> Value {
    json!([{"role": "assistant", "parts": [{"type": "text", "content": content}], "finish_reason": finish_reason}])
}

#[test]
fn a_text_is_what_the_user_says() {
    check_input(&json!("Is it on?"), json!([text("user", "Is it on?")]));
    check_input(&json!(["one", "two"]), json!([text("user", "one"), text("user", "two")]));
}

#[test]
fn messages_of_openai() {
    let messages = json!([
        {"role": "developer", "content": "Be brief."},
        {"role": "user", "name": "jane", "content": [
            {"type": "text", "text": "What is this?"},
            {"type": "image_url", "image_url": {"url": "data:image/png;base64,aGVsbG8gd29ybGQh", "detail": "low"}},
            {"type": "image_url", "image_url": {"url": "https://example.org/cat.jpg"}},
            {"type": "input_audio", "input_audio": {"data": "aGVsbG8gd29ybGQh", "format": "wav"}},
            {"type": "file", "file": {"file_id": "file-6F2ks"}}
        ]},
        {"role": "assistant", "content": null, "tool_calls": [
            {"id": "call_1", "type": "function", "function": {"name": "look", "arguments": "{\"at\":\"cat\"}"}}
        ]},
        {"role": "tool", "tool_call_id": "call_1", "content": "a cat"}
    ]);
    let expected = json!([
        text("developer", "Be brief."),
        {"role": "user", "name": "jane", "parts": [
            {"type": "text", "content": "What is this?"},
            {"type": "blob", "modality": "image", "mime_type": "image/png", "content": "", "bytes": 12},
            {"type": "uri", "modality": "image", "uri": "https://example.org/cat.jpg"},
            {"type": "blob", "modality": "audio", "mime_type": "audio/wav", "content": "", "bytes": 12},
            {"type": "file", "modality": "document", "file_id": "file-6F2ks"}
        ]},
        {"role": "assistant", "parts": [
            {"type": "tool_call", "id": "call_1", "name": "look", "arguments": {"at": "cat"}}
        ]},
        {"role": "tool", "parts": [{"type": "tool_call_response", "id": "call_1", "response": "a cat"}]}
    ]);
    check_input(&messages, expected.clone());
    check_input(&json!({"model": "gpt-4o", "messages": messages}), expected.clone());
    check_input(&expected, expected.clone());
}

#[test]
fn items_of_openai_responses() {
    check_input(
        &json!([
            {"role": "user", "content": [{"type": "input_text", "text": "Weather?"},
                {"type": "input_image", "image_url": "https://example.org/sky.png"}]},
            {"type": "reasoning", "id": "rs_1", "summary": [{"type": "summary_text", "text": "Ask the tool."}]},
            {"type": "function_call", "id": "fc_1", "call_id": "call_1", "name": "weather", "arguments": "{\"in\":\"Paris\"}"},
            {"type": "function_call_output", "call_id": "call_1", "output": "{\"sky\":\"grey\"}"}
        ]),
        json!([
            {"role": "user", "parts": [{"type": "text", "content": "Weather?"},
                {"type": "uri", "modality": "image", "uri": "https://example.org/sky.png"}]},
            {"role": "assistant", "parts": [{"type": "reasoning", "content": "Ask the tool."}]},
            {"role": "assistant", "parts": [
                {"type": "tool_call", "id": "call_1", "name": "weather", "arguments": {"in": "Paris"}}
            ]},
            {"role": "tool", "parts": [{"type": "tool_call_response", "id": "call_1", "response": {"sky": "grey"}}]}
        ]),
    );
}

#[test]
fn messages_of_anthropic() {
    check_input(
        &json!({"model": "claude-sonnet-4-5", "max_tokens": 64, "messages": [
            {"role": "user", "content": [
                {"type": "image", "source": {"type": "base64", "media_type": "image/jpeg", "data": "aGVsbG8gd29ybGQh"}},
                {"type": "document", "source": {"type": "url", "url": "https://example.org/a.pdf"}},
                {"type": "text", "text": "Describe them."}
            ]},
            {"role": "assistant", "content": [
                {"type": "thinking", "thinking": "Look first.", "signature": "EqQBCgIYAhIM"},
                {"type": "tool_use", "id": "toolu_1", "name": "look", "input": {"at": "a.pdf"}}
            ]},
            {"role": "user", "content": [
                {"type": "tool_result", "tool_use_id": "toolu_1", "content": [{"type": "text", "text": "a page"}]}
            ]}
        ]}),
        json!([
            {"role": "user", "parts": [
                {"type": "blob", "modality": "image", "mime_type": "image/jpeg", "content": "", "bytes": 12},
                {"type": "uri", "modality": "document", "uri": "https://example.org/a.pdf"},
                {"type": "text", "content": "Describe them."}
            ]},
            {"role": "assistant", "parts": [
                {"type": "reasoning", "content": "Look first."},
                {"type": "tool_call", "id": "toolu_1", "name": "look", "arguments": {"at": "a.pdf"}}
            ]},
            {"role": "user", "parts": [{"type": "tool_call_response", "id": "toolu_1", "response": "a page"}]}
        ]),
    );
}

#[test]
fn contents_of_gemini() {
    check_input(
        &json!({"contents": [
            {"role": "user", "parts": [{"text": "And this?"},
                {"inlineData": {"mimeType": "image/webp", "data": "aGVsbG8gd29ybGQh"}},
                {"fileData": {"mimeType": "video/mp4", "fileUri": "gs://films/one.mp4"}}]},
            {"role": "model", "parts": [{"functionCall": {"name": "look", "args": {"at": 1}}}]},
            {"role": "user", "parts": [{"functionResponse": {"name": "look", "response": {"seen": "a film"}}}]}
        ]}),
        json!([
            {"role": "user", "parts": [{"type": "text", "content": "And this?"},
                {"type": "blob", "modality": "image", "mime_type": "image/webp", "content": "", "bytes": 12},
                {"type": "uri", "modality": "video", "mime_type": "video/mp4", "uri": "gs://films/one.mp4"}]},
            {"role": "assistant", "parts": [{"type": "tool_call", "name": "look", "arguments": {"at": 1}}]},
            {"role": "user", "parts": [{"type": "tool_call_response", "response": {"seen": "a film"}}]}
        ]),
    );
}

#[test]
fn messages_of_ollama() {
    check_input(
        &json!({"model": "llama3.2", "messages": [
            {"role": "user", "content": "What is this?", "images": ["aGVsbG8gd29ybGQh"]},
            {"role": "assistant", "content": "", "tool_calls": [{"function": {"name": "look", "arguments": {"at": 1}}}]},
            {"role": "tool", "tool_name": "look", "content": "a cat"}
        ]}),
        json!([
            {"role": "user", "parts": [{"type": "text", "content": "What is this?"},
                {"type": "blob", "modality": "image", "content": "", "bytes": 12}]},
            {"role": "assistant", "parts": [{"type": "tool_call", "name": "look", "arguments": {"at": 1}}]},
            {"role": "tool", "parts": [{"type": "tool_call_response", "id": "look", "response": "a cat"}]}
        ]),
    );
}

#[test]
fn what_nobody_knows_is_kept_as_its_json() {
    check_input(&json!({"question": "why?"}), json!([text("user", r#"{"question":"why?"}"#)]));
    check_input(
        &json!({"role": "user", "content": [{"type": "hologram", "depth": 3}]}),
        json!([text("user", r#"{"depth":3,"type":"hologram"}"#)]),
    );
}

#[test]
fn a_request_brings_its_instructions_and_tools() {
    let anthropic = json!({
        "system": [{"type": "text", "text": "Be brief.", "cache_control": {"type": "ephemeral"}}],
        "messages": [{"role": "user", "content": "Hi"}],
        "tools": [{"name": "look", "description": "Looks.", "input_schema": {"type": "object"}}]
    });
    let instructions = json!([{"type": "text", "content": "Be brief."}]);
    let tools = json!([{"type": "function", "name": "look", "description": "Looks.", "parameters": {"type": "object"}}]);
    assert_eq!(recorded(INPUT, || record_input(&anthropic)), json!([text("user", "Hi")]));
    assert_eq!(recorded(SYSTEM, || record_input(&anthropic)), instructions);
    assert_eq!(recorded(TOOLS, || record_input(&anthropic)), tools);
    let openai = json!({"input": "Hi", "instructions": "Be brief.", "tools": [
        {"type": "function", "name": "look", "description": "Looks.", "parameters": {"type": "object"}}]});
    assert_eq!(recorded(SYSTEM, || record_input(&openai)), instructions);
    assert_eq!(recorded(TOOLS, || record_input(&openai)), tools);
    let chat = json!([{"type": "function", "function":
        {"name": "look", "description": "Looks.", "parameters": {"type": "object"}}}]);
    assert_eq!(recorded(TOOLS, || record_tool_definitions(&chat)), tools);
    let gemini = json!([{"functionDeclarations":
        [{"name": "look", "description": "Looks.", "parameters": {"type": "object"}}]}]);
    assert_eq!(recorded(TOOLS, || record_tool_definitions(&gemini)), tools);
    let parts = json!({"parts": [{"text": "Be brief."}]});
    assert_eq!(recorded(SYSTEM, || record_system_instructions(&parts)), instructions);
    assert_eq!(recorded(SYSTEM, || record_system_instructions("Be brief.")), instructions);
}

#[test]
fn a_chat_completion_of_openai() {
    check_output(
        &json!({"id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": "gpt-4o-mini-2024-07-18",
            "choices": [
                {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "Grey.", "refusal": null}},
                {"index": 1, "finish_reason": "tool_calls", "message": {"role": "assistant", "content": null, "tool_calls": [
                    {"id": "call_1", "type": "function", "function": {"name": "look", "arguments": "{\"at\":1}"}}]}}],
            "usage": {"prompt_tokens": 9, "completion_tokens": 2, "total_tokens": 11}}),
        json!([
            {"role": "assistant", "parts": [{"type": "text", "content": "Grey."}], "finish_reason": "stop"},
            {"role": "assistant", "finish_reason": "tool_call", "parts":
                [{"type": "tool_call", "id": "call_1", "name": "look", "arguments": {"at": 1}}]}
        ]),
    );
}

#[test]
fn a_response_of_openai() {
    check_output(
        &json!({"id": "resp_1", "object": "response", "created_at": 1, "model": "gpt-5", "status": "completed",
            "output": [
                {"type": "reasoning", "id": "rs_1", "summary": [{"type": "summary_text", "text": "Look."}]},
                {"type": "message", "id": "msg_1", "role": "assistant", "status": "completed",
                    "content": [{"type": "output_text", "text": "Grey.", "annotations": []}]},
                {"type": "function_call", "id": "fc_1", "call_id": "call_1", "name": "look", "arguments": "{}"}],
            "usage": {"input_tokens": 36, "output_tokens": 87, "total_tokens": 123}}),
        json!([{"role": "assistant", "finish_reason": "tool_call", "parts": [
            {"type": "reasoning", "content": "Look."},
            {"type": "text", "content": "Grey."},
            {"type": "tool_call", "id": "call_1", "name": "look", "arguments": {}}]}]),
    );
}

#[test]
fn a_message_of_anthropic() {
    check_output(
        &json!({"id": "msg_1", "type": "message", "role": "assistant", "model": "claude-sonnet-4-5",
            "content": [
                {"type": "thinking", "thinking": "Look first.", "signature": "EqQBCgIYAhIM"},
                {"type": "text", "text": "I will look."},
                {"type": "tool_use", "id": "toolu_1", "name": "look", "input": {"at": 1}}],
            "stop_reason": "tool_use", "stop_sequence": null, "usage": {"input_tokens": 10, "output_tokens": 5}}),
        json!([{"role": "assistant", "finish_reason": "tool_call", "parts": [
            {"type": "reasoning", "content": "Look first."},
            {"type": "text", "content": "I will look."},
            {"type": "tool_call", "id": "toolu_1", "name": "look", "arguments": {"at": 1}}]}]),
    );
}

#[test]
fn a_response_of_gemini() {
    check_output(
        &json!({"candidates": [{"content": {"parts": [{"text": "Hm.", "thought": true}, {"text": "Grey."}], "role": "model"},
                "finishReason": "MAX_TOKENS", "index": 0}],
            "usageMetadata": {"promptTokenCount": 4, "candidatesTokenCount": 2, "totalTokenCount": 6},
            "modelVersion": "gemini-2.5-flash", "responseId": "r1"}),
        json!([{"role": "assistant", "finish_reason": "length", "parts": [
            {"type": "reasoning", "content": "Hm."}, {"type": "text", "content": "Grey."}]}]),
    );
}

#[test]
fn responses_of_ollama() {
    let counts = json!({"model": "llama3.2", "done": true, "done_reason": "stop", "prompt_eval_count": 26, "eval_count": 3});
    let with = |key: &str, value: Value| {
        let mut response = counts.clone();
        response[key] = value;
        response
    };
    check_output(&with("message", json!({"role": "assistant", "content": "Grey."})), answer("Grey.", "stop"));
    check_output(&with("response", json!("Grey.")), answer("Grey.", "stop"));
}

#[test]
fn responses_of_genai_and_rig() {
    check_output(
        &json!({"content": [{"Text": "Grey."}], "reasoning_content": "Look.",
            "model_iden": {"adapter_kind": "OpenAI", "model_name": "gpt-4o-mini"},
            "provider_model_iden": {"adapter_kind": "OpenAI", "model_name": "gpt-4o-mini"},
            "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}}),
        json!([{"role": "assistant", "finish_reason": "unknown", "parts": [
            {"type": "reasoning", "content": "Look."}, {"type": "text", "content": "Grey."}]}]),
    );
    check_output(
        &json!({"choice": [{"text": "Grey."}, {"id": "c1", "function": {"name": "look", "arguments": {"at": 1}}}],
            "usage": {"input_tokens": 1, "output_tokens": 1, "total_tokens": 2}}),
        json!([{"role": "assistant", "finish_reason": "unknown", "parts": [
            {"type": "text", "content": "Grey."},
            {"type": "tool_call", "id": "c1", "name": "look", "arguments": {"at": 1}}]}]),
    );
}

#[test]
fn vectors_are_no_answer() {
    let embeddings = json!({"object": "list", "model": "text-embedding-3-small", "usage": {"prompt_tokens": 5, "total_tokens": 5},
        "data": [{"object": "embedding", "index": 0, "embedding": [0.1, 0.2]}]});
    let trace = captured(Content::new(), || trace(|| root(|| record(&embeddings))));
    assert_eq!(trace.span("root").get("gen_ai.usage.input_tokens"), "5");
    assert_eq!(trace.span("root").get(OUTPUT), "");
}

#[test]
fn a_function_that_returns_its_text_alone_says_it() {
    let trace = captured(Content::new(), || {
        trace(|| root(|| call(|call| call.response(look_at_serialize("It is.")))))
    });
    assert_eq!(json_of(trace.span("call").get(OUTPUT)), answer("It is.", "unknown"));
}

#[test]
fn what_is_made_of_a_recorded_response_is_not_said_twice() {
    let response = json!({"model": "gpt-4o-mini", "choices": [{"message": {"content": "It is."}, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 1, "completion_tokens": 1}});
    for returned in [look_at_serialize("It is."), look_at_serialize(&response), look_at_nothing()] {
        let body = |call: &throughline::llm::expansion::Call| {
            record(&response);
            call.response(returned);
        };
        let trace = captured(Content::new(), || trace(|| root(|| call(body))));
        assert_eq!(json_of(trace.span("call").get(OUTPUT)), answer("It is.", "stop"));
    }
}

#[test]
fn two_responses_of_one_span_are_both_said() {
    let response = |id: &str, text: &str| {
        json!({"id": id, "model": "gpt-4o-mini", "choices": [{"message": {"content": text}, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 1, "completion_tokens": 1}})
    };
    let said = recorded(OUTPUT, || {
        record(&response("c1", "One."));
        record(&response("c2", "Two."));
    });
    assert_eq!(said[0]["parts"][0]["content"], "One.");
    assert_eq!(said[1]["parts"][0]["content"], "Two.");
}

#[test]
fn a_body_says_what_the_model_answered() {
    assert_eq!(recorded(OUTPUT, || record_output("It is.")), answer("It is.", "unknown"));
    let messages = json!([{"role": "assistant", "finish_reason": "stop", "parts": [{"type": "text", "content": "Yes."}]}]);
    assert_eq!(recorded(OUTPUT, || record_output(&messages)), messages);
}

#[test]
fn a_type_of_one_s_own_tells_its_text() {
    struct Reply;

    impl LlmResponse for Reply {
        fn usage(&self) -> Option<Usage> {
            Some(Usage { input: 1, output: 1, ..Usage::default() })
        }

        fn text(&self) -> Option<&str> {
            Some("It is.")
        }
    }

    assert_eq!(recorded(OUTPUT, || record(&Reply)), answer("It is.", "unknown"));
}

#[test]
fn nothing_is_recorded_unless_it_is_asked_for() {
    struct Watched<'a>(&'a std::cell::Cell<u32>);

    impl serde::Serialize for Watched<'_> {
        fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            self.0.set(self.0.get() + 1);
            json!({"usage": {"prompt_tokens": 1}, "choices": [{"message": {"content": "x"}}]})
                .serialize(serializer)
        }
    }

    let read = std::cell::Cell::new(0);
    let body = || {
        record_input(&Watched(&read));
        record_output(&Watched(&read));
        record_system_instructions(&Watched(&read));
        record_tool_definitions(&Watched(&read));
        assert_eq!(read.get(), 0, "nothing is evaluated");
        record(&Watched(&read));
        assert_eq!(read.get(), 1, "usage alone is read");
    };
    let trace = captured(None, || trace(|| root(body)));
    for key in [INPUT, OUTPUT, SYSTEM, TOOLS] {
        assert_eq!(trace.span("root").get(key), "");
    }
    assert_eq!(trace.span("root").get("gen_ai.usage.input_tokens"), "1");
}
