//! Every shape that is known, as its provider or client crate writes it.

use serde::Serialize;
use serde_json::{Value, json};

use crate::llm::Usage;
use crate::llm::counts::Extras;
use crate::llm::observed::Observed;

pub(super) fn observe(value: &(impl Serialize + ?Sized)) -> Observed {
    let mut seen = Observed::default();
    super::observe(value, &mut seen);
    seen
}

/// A reading in one line: model, ID, finish reasons, tool calls.
pub(super) fn summary(seen: &Observed) -> String {
    let list = |items: Vec<String>| items.join(",");
    let reasons = list(seen.finish_reasons.iter().map(ToString::to_string).collect());
    let calls = list(seen.tool_calls.iter().map(|call| format!("{}={}", call.id, call.name)).collect());
    format!("{} {} [{reasons}] [{calls}]", seen.model, seen.id)
}

#[track_caller]
fn check(response: &impl Serialize, expected: &str, usage: Usage) {
    let seen = observe(response);
    assert_eq!(summary(&seen), expected);
    assert_eq!(seen.usage(), Some(usage));
}

/// Reads the chunks of a stream one after the other.
fn stream(chunks: &[Value]) -> Observed {
    let mut all = Observed::default();
    for chunk in chunks {
        all.merge(&observe(chunk));
    }
    all
}

#[test]
fn a_chat_completion_of_openai() {
    let response = json!({
        "id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": "gpt-4o-mini-2024-07-18",
        "choices": [{"index": 0, "finish_reason": "tool_calls", "message": {
            "role": "assistant", "content": null, "tool_calls": [
                {"id": "call_a", "type": "function", "function": {"name": "search", "arguments": "{}"}},
                {"id": "call_b", "type": "function", "function": {"name": "add", "arguments": "{}"}}
            ]
        }}],
        "usage": {"prompt_tokens": 1000, "completion_tokens": 500, "total_tokens": 1500,
            "prompt_tokens_details": {"cached_tokens": 200, "audio_tokens": 0},
            "completion_tokens_details": {"reasoning_tokens": 64}}
    });
    let usage = Usage { input: 1000, output: 500, cache_read: 200, reasoning: 64, ..Usage::default() };
    check(&response, "gpt-4o-mini-2024-07-18 chatcmpl-1 [tool_calls] [call_a=search,call_b=add]", usage);
}

#[test]
fn a_stream_of_openai_with_the_usage_in_a_last_chunk_without_choices() {
    let chunk = |choices: Value, usage: Value| json!({"id": "c-1", "model": "gpt-4o", "choices": choices, "usage": usage});
    let call = |call: Value| json!([{"index": 0, "delta": {"tool_calls": [call]}, "finish_reason": null}]);
    let seen = stream(&[
        chunk(
            call(json!({"index": 0, "id": "call_a", "function": {"name": "search", "arguments": ""}})),
            Value::Null,
        ),
        chunk(call(json!({"index": 0, "function": {"arguments": "{\"q\":"}})), Value::Null),
        chunk(json!([{"index": 0, "delta": {}, "finish_reason": "tool_calls"}]), Value::Null),
        chunk(json!([]), json!({"prompt_tokens": 12, "completion_tokens": 3, "total_tokens": 15})),
    ]);
    assert_eq!(summary(&seen), "gpt-4o c-1 [tool_calls] [call_a=search]");
    assert_eq!(seen.usage(), Some(Usage { input: 12, output: 3, ..Usage::default() }));
}

fn responses_body() -> Value {
    json!({
        "id": "resp_1", "object": "response", "model": "gpt-5", "status": "completed", "error": null,
        "incomplete_details": null,
        "output": [
            {"type": "reasoning", "id": "rs_1", "summary": []},
            {"type": "message", "id": "msg_1", "role": "assistant", "content": [{"type": "output_text", "text": "x"}]},
            {"type": "function_call", "id": "fc_1", "call_id": "call_a", "name": "search", "arguments": "{}"}
        ],
        "tools": [{"type": "function", "name": "not_called", "parameters": {}}],
        "usage": {"input_tokens": 36, "input_tokens_details": {"cached_tokens": 8}, "output_tokens": 87,
            "output_tokens_details": {"reasoning_tokens": 40}, "total_tokens": 123}
    })
}

const RESPONSES: Usage = Usage { input: 36, output: 87, cache_read: 8, cache_creation: 0, reasoning: 40 };

#[test]
fn a_response_of_openai() {
    check(&responses_body(), "gpt-5 resp_1 [tool_calls] [call_a=search]", RESPONSES);
    let cut_short = json!({"id": "r", "model": "m", "status": "incomplete", "output": [],
        "incomplete_details": {"reason": "max_output_tokens"}, "usage": {"input_tokens": 1, "output_tokens": 2}});
    let usage = Usage { input: 1, output: 2, ..Usage::default() };
    check(&cut_short, "m r [max_output_tokens] []", usage);
}

#[test]
fn events_of_a_response_of_openai_name_a_call_once() {
    let item = json!({"type": "function_call", "id": "fc_1", "call_id": "call_a", "name": "search", "arguments": ""});
    let seen = stream(&[
        json!({"type": "response.created", "response": {"id": "resp_1", "model": "gpt-5", "status": "in_progress",
            "output": [], "usage": null}}),
        json!({"type": "response.output_item.added", "output_index": 0, "item": item}),
        json!({"type": "response.function_call_arguments.delta", "item_id": "fc_1", "delta": "{}"}),
        json!({"type": "response.output_item.done", "output_index": 0, "item": item}),
        json!({"type": "response.completed", "response": responses_body()}),
    ]);
    assert_eq!(summary(&seen), "gpt-5 resp_1 [tool_calls] [call_a=search]");
    assert_eq!(seen.usage(), Some(RESPONSES));
}

#[test]
fn a_message_of_anthropic() {
    let response = json!({
        "id": "msg_1", "type": "message", "role": "assistant", "model": "claude-sonnet-4-5",
        "content": [{"type": "text", "text": "Let me see"},
            {"type": "server_tool_use", "id": "srv_1", "name": "web_search", "input": {}},
            {"type": "tool_use", "id": "toolu_1", "name": "search", "input": {"name": "not the tool"}}],
        "stop_reason": "tool_use", "stop_sequence": null,
        "usage": {"input_tokens": 20, "cache_read_input_tokens": 800, "cache_creation_input_tokens": 100,
            "output_tokens": 55, "service_tier": "standard"}
    });
    let usage = Usage { input: 920, output: 55, cache_read: 800, cache_creation: 100, ..Usage::default() };
    check(&response, "claude-sonnet-4-5 msg_1 [tool_use] [toolu_1=search]", usage);
}

#[test]
fn a_stream_of_anthropic() {
    let seen = stream(&[
        json!({"type": "message_start", "message": {"id": "msg_1", "type": "message", "model": "claude-sonnet-4-5",
            "content": [], "stop_reason": null,
            "usage": {"input_tokens": 25, "cache_read_input_tokens": 10, "output_tokens": 1}}}),
        json!({"type": "content_block_start", "index": 0,
            "content_block": {"type": "tool_use", "id": "toolu_1", "name": "search", "input": {}}}),
        json!({"type": "content_block_delta", "index": 0, "delta": {"type": "input_json_delta", "partial_json": "{"}}),
        json!({"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": {"output_tokens": 15}}),
        json!({"type": "message_stop"}),
    ]);
    assert_eq!(summary(&seen), "claude-sonnet-4-5 msg_1 [end_turn] [toolu_1=search]");
    assert_eq!(seen.usage(), Some(Usage { input: 35, output: 15, cache_read: 10, ..Usage::default() }));
}

#[test]
fn a_response_of_gemini() {
    let response = json!({
        "candidates": [{"finishReason": "STOP", "index": 0, "content": {"role": "model", "parts": [
            {"text": "x"}, {"functionCall": {"name": "search", "args": {"name": "no"}}}]}}],
        "usageMetadata": {"promptTokenCount": 10, "cachedContentTokenCount": 4, "candidatesTokenCount": 20,
            "thoughtsTokenCount": 7, "totalTokenCount": 37},
        "modelVersion": "gemini-2.5-flash", "responseId": "abc"
    });
    let usage = Usage { input: 10, output: 27, cache_read: 4, reasoning: 7, ..Usage::default() };
    check(&response, "gemini-2.5-flash abc [STOP] [=search]", usage);
}

#[test]
fn the_last_chunk_of_ollama() {
    let chunk = json!({"model": "llama3.2", "created_at": "2026-01-01T00:00:00Z",
        "message": {"role": "assistant", "content": "", "tool_calls": [{"function": {"name": "search", "arguments": {}}}]},
        "done": true, "done_reason": "stop", "total_duration": 1, "prompt_eval_count": 26, "eval_count": 290});
    let usage = Usage { input: 26, output: 290, ..Usage::default() };
    check(&chunk, "llama3.2  [stop] [=search]", usage);
}

#[test]
fn a_message_of_bedrock_in_its_own_words() {
    let response = json!({"output": {"message": {"role": "assistant", "content": [
            {"toolUse": {"toolUseId": "tu_1", "name": "search", "input": {}}}]}},
        "stopReason": "tool_use",
        "usage": {"inputTokens": 30, "outputTokens": 5, "cacheReadInputTokens": 10, "totalTokens": 45}});
    let usage = Usage { input: 40, output: 5, cache_read: 10, ..Usage::default() };
    check(&response, "  [tool_use] [tu_1=search]", usage);
}

#[test]
fn a_response_of_cohere_counts_what_is_billed() {
    let counts = json!({"billed_units": {"input_tokens": 5, "output_tokens": 418},
        "tokens": {"input_tokens": 71, "output_tokens": 418}, "cached_tokens": 0});
    let usage = Usage { input: 5, output: 418, ..Usage::default() };
    assert_eq!(observe(&json!({"id": "c", "usage": counts})).usage(), Some(usage));
    let embeddings = json!({"id": "e", "embeddings": {}, "meta": {"billed_units": {"input_tokens": 7}}});
    assert_eq!(observe(&embeddings).usage(), Some(Usage { input: 7, ..Usage::default() }));
}

#[test]
fn what_cohere_read_from_its_cache_is_not_added_to_what_it_bills() {
    let response = json!({"id": "c", "usage": {"billed_units": {"input_tokens": 23, "output_tokens": 30},
        "tokens": {"input_tokens": 906, "output_tokens": 60}, "cached_tokens": 300}});
    assert_eq!(observe(&response).usage(), Some(Usage { input: 23, output: 30, ..Usage::default() }));
}

#[test]
fn streams_of_groq_and_moonshot_that_say_the_usage_elsewhere() {
    let last = |choice: Value, beside: Value| {
        stream(&[
            json!({"id": "c-1", "model": "m", "choices": [{"index": 0, "delta": {"content": "Hi"}}], "x_groq": {"id": "req_1"}}),
            json!({"id": "c-1", "model": "m", "choices": [choice], "x_groq": beside}),
        ])
    };
    let counts = json!({"prompt_tokens": 24, "completion_tokens": 377, "total_tokens": 401});
    let groq =
        last(json!({"delta": {}, "finish_reason": "stop"}), json!({"id": "req_1", "usage": counts.clone()}));
    let moonshot = last(json!({"delta": {}, "finish_reason": "stop", "usage": counts}), Value::Null);
    for seen in [groq, moonshot] {
        assert_eq!(summary(&seen), "m c-1 [stop] []");
        assert_eq!(seen.usage(), Some(Usage { input: 24, output: 377, ..Usage::default() }));
    }
}

#[test]
fn what_is_billed_apart_from_tokens_is_found() {
    let anthropic = json!({"usage": {"input_tokens": 20, "cache_creation_input_tokens": 100, "output_tokens": 5,
        "cache_creation": {"ephemeral_5m_input_tokens": 40, "ephemeral_1h_input_tokens": 60},
        "server_tool_use": {"web_search_requests": 3}, "service_tier": "batch"}});
    let seen = observe(&anthropic);
    let extras = Extras { cache_creation_for_an_hour: 60, web_searches: 3, ..Extras::default() };
    assert_eq!((seen.counts.extras(), seen.billed_tier.as_str()), (extras, "batch"));
    let openai = json!({"usage": {"prompt_tokens": 20, "completion_tokens": 9,
        "prompt_tokens_details": {"audio_tokens": 12}, "completion_tokens_details": {"audio_tokens": 7}}});
    let extras = Extras { input_audio: 12, output_audio: 7, ..Extras::default() };
    assert_eq!(observe(&openai).counts.extras(), extras);
    let gemini = json!({"usageMetadata": {"promptTokenCount": 30, "candidatesTokenCount": 5,
        "cachedContentTokenCount": 10,
        "promptTokensDetails": [{"modality": "TEXT", "tokenCount": 10}, {"modality": "AUDIO", "tokenCount": 20}],
        "cacheTokensDetails": [{"modality": "AUDIO", "tokenCount": 8}, {"modality": "TEXT", "tokenCount": 2}],
        "candidatesTokensDetails": [{"modality": "TEXT", "tokenCount": 5}]}});
    let extras = Extras { input_audio: 20, cached_audio: 8, ..Extras::default() };
    assert_eq!(observe(&gemini).counts.extras(), extras);
}

/// The shapes of the client crate genai: externally tagged enums and a name that is a pair.
mod genai {
    use super::*;

    #[derive(Serialize)]
    struct ModelIden(&'static str);

    #[derive(Serialize)]
    enum StopReason {
        ToolCall(String),
    }

    #[derive(Serialize)]
    enum Part {
        Text(String),
        ToolCall { call_id: String, fn_name: String, fn_arguments: Value },
    }

    #[derive(Serialize)]
    enum Event {
        Start,
        Chunk { content: String },
        End { captured_usage: Value, captured_stop_reason: StopReason, captured_content: Vec<Part> },
    }

    fn parts() -> Vec<Part> {
        let call =
            Part::ToolCall { call_id: "c1".into(), fn_name: "search".into(), fn_arguments: Value::Null };
        vec![Part::Text("name".into()), call]
    }

    fn counts() -> Value {
        json!({"prompt_tokens": 9, "prompt_tokens_details": {"cached_tokens": 3, "cache_creation_tokens": 2},
            "completion_tokens": 4, "completion_tokens_details": {"reasoning_tokens": 1}})
    }

    const USAGE: Usage = Usage { input: 9, output: 4, cache_read: 3, cache_creation: 2, reasoning: 1 };

    #[test]
    fn a_response() {
        #[derive(Serialize)]
        struct Response {
            content: Vec<Part>,
            model_iden: Value,
            stop_reason: StopReason,
            usage: Value,
            response_id: Option<ModelIden>,
        }
        let response = Response {
            content: parts(),
            model_iden: json!({"adapter_kind": "OpenAI", "model_name": "gpt-4o"}),
            stop_reason: StopReason::ToolCall("tool_calls".into()),
            usage: counts(),
            response_id: Some(ModelIden("r1")),
        };
        check(&response, "gpt-4o r1 [tool_calls] [c1=search]", USAGE);
    }

    #[test]
    fn a_stream() {
        assert!(!observe(&Event::Start).has_usage());
        assert!(!observe(&Event::Chunk { content: "x".into() }).has_usage());
        let end = Event::End {
            captured_usage: counts(),
            captured_stop_reason: StopReason::ToolCall("tool_calls".into()),
            captured_content: parts(),
        };
        check(&end, "  [tool_calls] [c1=search]", USAGE);
    }
}

#[test]
fn a_response_of_rig_counts_once_though_it_holds_the_provider_s_own() {
    let response = json!({
        "choice": [{"type": "toolcall", "id": "c1", "function": {"name": "search", "arguments": {}}}],
        "usage": {"input_tokens": 100, "output_tokens": 9, "total_tokens": 109, "cached_input_tokens": 60,
            "cache_creation_input_tokens": 10, "reasoning_tokens": 2},
        "raw_response": {"id": "msg_1", "model": "claude-sonnet-4-5",
            "usage": {"input_tokens": 30, "cache_read_input_tokens": 60, "output_tokens": 9}}
    });
    let usage = Usage { input: 100, output: 9, cache_read: 60, cache_creation: 10, reasoning: 2 };
    check(&response, "claude-sonnet-4-5 msg_1 [] [c1=search]", usage);
}

#[test]
fn a_response_of_rig_that_says_apart_where_it_is_from() {
    #[derive(Serialize)]
    enum CallId {
        Provider(&'static str),
    }

    #[derive(Serialize)]
    struct Part {
        r#type: &'static str,
        id: CallId,
        function: Value,
    }

    #[derive(Serialize)]
    struct Response {
        choice: [Part; 1],
        usage: Value,
        origin: Value,
        finish_reason: &'static str,
        raw: Value,
    }

    let function = json!({"name": "search", "arguments": {}});
    let response = Response {
        choice: [Part { r#type: "toolcall", id: CallId::Provider("c1"), function }],
        usage: json!({"input_tokens": 100, "output_tokens": 9, "total_tokens": 109, "cached_input_tokens": 60,
            "reasoning_tokens": 2, "cost": {"input": 0.25, "output": 0.5, "total": 0.75}}),
        origin: json!({"api": "anthropic.messages", "provider": "anthropic", "model": "claude-sonnet-4-5",
            "response_model": "claude-sonnet-4-5-20250929", "response_id": "msg_1"}),
        finish_reason: "tool_calls",
        raw: json!({"id": "msg_1", "usage": {"input_tokens": 40, "cache_read_input_tokens": 60, "output_tokens": 9}}),
    };
    let usage = Usage { input: 100, output: 9, cache_read: 60, reasoning: 2, ..Usage::default() };
    check(&response, "claude-sonnet-4-5-20250929 msg_1 [tool_calls] [c1=search]", usage);
    assert_eq!(observe(&response).cost, Some(0.75));
}

#[test]
fn a_usage_report_by_itself() {
    let usage = Usage { input: 7, output: 2, cache_read: 1, ..Usage::default() };
    check(
        &json!({"prompt_tokens": 7, "completion_tokens": 2, "prompt_tokens_details": {"cached_tokens": 1}}),
        "  [] []",
        usage,
    );
}

#[test]
fn a_cost_that_the_provider_reports() {
    assert_eq!(observe(&json!({"usage": {"cost": 0.0125, "prompt_tokens": 1}})).cost, Some(0.0125));
    assert_eq!(observe(&json!({"usage": {"cost": {"total_cost": 0.5}}})).cost, Some(0.5));
    assert_eq!(observe(&json!({"usage": {"cost_in_usd_ticks": 25_000_000_000_u64}})).cost, Some(2.5));
    assert_eq!(observe(&json!({"usage": {"prompt_tokens": 1}})).cost, None);
}

#[test]
fn an_error_inside_a_stream() {
    let event = json!({"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}});
    assert_eq!(&observe(&event).error[..], "overloaded_error");
    assert_eq!(&observe(&json!({"error": null})).error[..], "");
}

#[test]
fn an_error_that_has_a_number_or_no_more_than_a_message() {
    let error = |error: Value| observe(&json!({"error": error})).error.to_string();
    assert_eq!(error(json!({"code": 502, "message": "Provider disconnected"})), "502");
    assert_eq!(error(json!({"code": 429, "status": "RESOURCE_EXHAUSTED"})), "RESOURCE_EXHAUSTED");
    assert_eq!(error(json!({"type": "overloaded", "zone": 1, "code": 529})), "overloaded");
    assert_eq!(error(json!("model 'x' not found")), "_OTHER");
    assert_eq!(error(json!("")), "");
    assert_eq!(error(json!(false)), "");
}
