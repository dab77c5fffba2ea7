//! What the chunks of a stream say together, in the shapes of the providers.

mod llm;
mod llm_content_support;

use std::pin::pin;
use std::task::{Context, Poll, Waker};

use futures_util::stream::{self, Stream};
use llm::{Trace, call, root, trace};
use llm_content_support::{captured, json_of};
use serde_json::{Value, json};
use throughline::llm::{Content, observe, record_chunk};

const OUTPUT: &str = "gen_ai.output.messages";

fn drain(stream: impl Stream) {
    let mut stream = pin!(stream);
    let mut context = Context::from_waker(Waker::noop());
    while let Poll::Ready(Some(_)) = stream.as_mut().poll_next(&mut context) {}
}

fn streamed(chunks: Vec<Value>) -> Trace {
    captured(Content::new(), || trace(|| root(|| call(|_| drain(observe(stream::iter(chunks)))))))
}

#[track_caller]
fn check(chunks: Vec<Value>, expected: Value) {
    let trace =
        captured(Content::new(), || trace(|| root(|| call(|_| chunks.iter().for_each(record_chunk)))));
    assert_eq!(json_of(trace.span("call").get(OUTPUT)), expected, "recorded one by one");
    assert_eq!(json_of(streamed(chunks).span("call").get(OUTPUT)), expected, "observed");
}

fn chat(delta: Value, finish_reason: Value) -> Value {
    json!({"id": "c1", "object": "chat.completion.chunk", "created": 1, "model": "gpt-4o-mini", "usage": null,
        "choices": [{"index": 0, "delta": delta, "finish_reason": finish_reason}]})
}

#[test]
fn chunks_of_a_chat_completion() {
    let call = |call: Value| json!({"tool_calls": [call]});
    check(
        vec![
            chat(json!({"role": "assistant", "content": "", "refusal": null}), Value::Null),
            chat(json!({"reasoning_content": "Lo"}), Value::Null),
            chat(json!({"reasoning_content": "ok."}), Value::Null),
            chat(json!({"content": "It is "}), Value::Null),
            chat(json!({"content": "grey."}), Value::Null),
            chat(
                call(
                    json!({"index": 0, "id": "call_1", "type": "function", "function": {"name": "look", "arguments": ""}}),
                ),
                Value::Null,
            ),
            chat(call(json!({"index": 0, "function": {"arguments": "{\"at\""}})), Value::Null),
            chat(
                call(
                    json!({"index": 1, "id": "call_2", "type": "function", "function": {"name": "wait", "arguments": "{}"}}),
                ),
                Value::Null,
            ),
            chat(call(json!({"index": 0, "function": {"arguments": ":1}"}})), Value::Null),
            chat(json!({}), json!("tool_calls")),
            json!({"id": "c1", "object": "chat.completion.chunk", "created": 1, "model": "gpt-4o-mini", "choices": [],
                "usage": {"prompt_tokens": 9, "completion_tokens": 2, "total_tokens": 11}}),
        ],
        json!([{"role": "assistant", "finish_reason": "tool_call", "parts": [
            {"type": "reasoning", "content": "Look."},
            {"type": "text", "content": "It is grey."},
            {"type": "tool_call", "id": "call_1", "name": "look", "arguments": {"at": 1}},
            {"type": "tool_call", "id": "call_2", "name": "wait", "arguments": {}}]}]),
    );
}

#[test]
fn several_choices_are_kept_apart() {
    let chunk = |index: u64, text: &str, finish: Value| {
        let mut chunk = chat(json!({"content": text}), finish);
        chunk["choices"][0]["index"] = json!(index);
        chunk
    };
    let trace = streamed(vec![
        chunk(1, "Gr", Value::Null),
        chunk(0, "Bl", Value::Null),
        chunk(1, "ey.", json!("stop")),
        chunk(0, "ue.", json!("length")),
    ]);
    let said = json_of(trace.span("call").get(OUTPUT));
    assert_eq!(said[0]["parts"][0]["content"], "Blue.");
    assert_eq!(said[0]["finish_reason"], "length");
    assert_eq!(said[1]["parts"][0]["content"], "Grey.");
    assert_eq!(said[1]["finish_reason"], "stop");
}

fn responses_events() -> Vec<Value> {
    vec![
        json!({"type": "response.created", "sequence_number": 0, "response": {"id": "resp_1", "status": "in_progress", "output": []}}),
        json!({"type": "response.output_item.added", "output_index": 0, "item": {"type": "reasoning", "id": "rs_1", "summary": []}}),
        json!({"type": "response.reasoning_summary_text.delta", "item_id": "rs_1", "output_index": 0, "summary_index": 0, "delta": "Lo"}),
        json!({"type": "response.reasoning_summary_text.delta", "item_id": "rs_1", "output_index": 0, "summary_index": 0, "delta": "ok."}),
        json!({"type": "response.output_item.added", "output_index": 1, "item": {"type": "message", "id": "msg_1", "role": "assistant", "content": []}}),
        json!({"type": "response.output_text.delta", "item_id": "msg_1", "output_index": 1, "content_index": 0, "delta": "Gr"}),
        json!({"type": "response.output_text.delta", "item_id": "msg_1", "output_index": 1, "content_index": 0, "delta": "ey."}),
        json!({"type": "response.output_text.done", "item_id": "msg_1", "output_index": 1, "content_index": 0, "text": "Grey."}),
        json!({"type": "response.output_item.added", "output_index": 2, "item": {"type": "function_call", "id": "fc_1", "call_id": "call_1", "name": "look", "arguments": ""}}),
        json!({"type": "response.function_call_arguments.delta", "item_id": "fc_1", "output_index": 2, "delta": "{\"at\""}),
        json!({"type": "response.function_call_arguments.delta", "item_id": "fc_1", "output_index": 2, "delta": ":1}"}),
    ]
}

#[test]
fn events_of_openai_responses() {
    let parts = json!([
        {"type": "reasoning", "content": "Look."},
        {"type": "text", "content": "Grey."},
        {"type": "tool_call", "id": "call_1", "name": "look", "arguments": {"at": 1}}]);
    let broken_off = json!([{"role": "assistant", "finish_reason": "unknown", "parts": parts}]);
    check(responses_events(), broken_off);
    let mut whole = responses_events();
    whole.push(json!({"type": "response.completed", "response": {"id": "resp_1", "model": "gpt-5", "status": "completed",
        "output": [
            {"type": "reasoning", "id": "rs_1", "summary": [{"type": "summary_text", "text": "Look."}]},
            {"type": "message", "id": "msg_1", "role": "assistant", "content": [{"type": "output_text", "text": "Grey.", "annotations": []}]},
            {"type": "function_call", "id": "fc_1", "call_id": "call_1", "name": "look", "arguments": "{\"at\":1}"}],
        "usage": {"input_tokens": 36, "output_tokens": 87, "total_tokens": 123}}}));
    check(whole, json!([{"role": "assistant", "finish_reason": "tool_call", "parts": parts}]));
}

#[test]
fn events_of_anthropic() {
    let delta =
        |index: u64, delta: Value| json!({"type": "content_block_delta", "index": index, "delta": delta});
    let start = |index: u64, block: Value| json!({"type": "content_block_start", "index": index, "content_block": block});
    check(
        vec![
            json!({"type": "message_start", "message": {"id": "msg_1", "type": "message", "role": "assistant", "content": [],
                "model": "claude-sonnet-4-5", "stop_reason": null, "usage": {"input_tokens": 25, "output_tokens": 1}}}),
            start(0, json!({"type": "thinking", "thinking": "", "signature": ""})),
            delta(0, json!({"type": "thinking_delta", "thinking": "Lo"})),
            delta(0, json!({"type": "thinking_delta", "thinking": "ok."})),
            delta(0, json!({"type": "signature_delta", "signature": "EqQBCgIYAhIM"})),
            json!({"type": "content_block_stop", "index": 0}),
            start(1, json!({"type": "text", "text": ""})),
            json!({"type": "ping"}),
            delta(1, json!({"type": "text_delta", "text": "Gr"})),
            delta(1, json!({"type": "text_delta", "text": "ey."})),
            start(2, json!({"type": "tool_use", "id": "toolu_1", "name": "look", "input": {}})),
            delta(2, json!({"type": "input_json_delta", "partial_json": ""})),
            delta(2, json!({"type": "input_json_delta", "partial_json": "{\"at\""})),
            delta(2, json!({"type": "input_json_delta", "partial_json": ":1}"})),
            json!({"type": "message_delta", "delta": {"stop_reason": "tool_use", "stop_sequence": null}, "usage": {"output_tokens": 15}}),
            json!({"type": "message_stop"}),
        ],
        json!([{"role": "assistant", "finish_reason": "tool_call", "parts": [
            {"type": "reasoning", "content": "Look."},
            {"type": "text", "content": "Grey."},
            {"type": "tool_call", "id": "toolu_1", "name": "look", "arguments": {"at": 1}}]}]),
    );
}

#[test]
fn chunks_of_gemini() {
    let chunk = |parts: Value, finish: Value| {
        json!({"candidates": [{"content": {"parts": parts, "role": "model"}, "finishReason": finish, "index": 0}],
            "modelVersion": "gemini-2.5-flash", "usageMetadata": {"promptTokenCount": 4, "candidatesTokenCount": 2}})
    };
    check(
        vec![
            chunk(json!([{"text": "Hm.", "thought": true}]), Value::Null),
            chunk(json!([{"text": "Gr"}]), Value::Null),
            chunk(json!([{"text": "ey."}]), Value::Null),
            chunk(json!([{"functionCall": {"name": "look", "args": {"at": 1}}}]), Value::Null),
            chunk(json!([{"functionCall": {"name": "look", "args": {"at": 2}}}]), json!("STOP")),
        ],
        json!([{"role": "assistant", "finish_reason": "stop", "parts": [
            {"type": "reasoning", "content": "Hm."},
            {"type": "text", "content": "Grey."},
            {"type": "tool_call", "name": "look", "arguments": {"at": 1}},
            {"type": "tool_call", "name": "look", "arguments": {"at": 2}}]}]),
    );
}

#[test]
fn chunks_of_ollama() {
    let chunk = |key: &str, value: Value| {
        let mut chunk = json!({"model": "llama3.2", "created_at": "2026-01-01T00:00:00Z", "done": false});
        chunk[key] = value;
        chunk
    };
    let last = json!({"model": "llama3.2", "done": true, "done_reason": "stop", "prompt_eval_count": 26, "eval_count": 3});
    let mut last_chat = last.clone();
    last_chat["message"] = json!({"role": "assistant", "content": ""});
    let said = |parts: Value| json!([{"role": "assistant", "finish_reason": "stop", "parts": parts}]);
    check(
        vec![
            chunk("message", json!({"role": "assistant", "content": "", "thinking": "Hm."})),
            chunk("message", json!({"role": "assistant", "content": "Gr"})),
            chunk("message", json!({"role": "assistant", "content": "ey."})),
            chunk(
                "message",
                json!({"role": "assistant", "content": "", "tool_calls": [{"function": {"name": "look", "arguments": {"at": 1}}}]}),
            ),
            last_chat,
        ],
        said(json!([{"type": "reasoning", "content": "Hm."}, {"type": "text", "content": "Grey."},
            {"type": "tool_call", "name": "look", "arguments": {"at": 1}}])),
    );
    check(
        vec![
            chunk("response", json!("Gr")),
            chunk("response", json!("ey.")),
            chunk("response", json!("")),
            last,
        ],
        said(json!([{"type": "text", "content": "Grey."}])),
    );
}

#[test]
fn events_of_genai() {
    let end = json!({"End": {"captured_usage": {"prompt_tokens": 1, "completion_tokens": 1},
        "captured_content": {"parts": [{"Text": "Grey."}, {"ToolCall": {"call_id": "c1", "fn_name": "look", "fn_arguments": {"at": 1}}}]}}});
    check(
        vec![
            json!("Start"),
            json!({"ReasoningChunk": {"content": "Look."}}),
            json!({"Chunk": {"content": "Gr"}}),
            json!({"Chunk": {"content": "ey."}}),
            end,
        ][1..]
            .to_vec(),
        json!([{"role": "assistant", "finish_reason": "unknown", "parts": [
            {"type": "reasoning", "content": "Look."}, {"type": "text", "content": "Grey."},
            {"type": "tool_call", "id": "c1", "name": "look", "arguments": {"at": 1}}]}]),
    );
}

#[test]
fn pieces_of_text_are_one_text() {
    let trace = captured(Content::new(), || {
        trace(|| root(|| call(|_| drain(observe(stream::iter(["Gr", "ey."].map(Ok::<_, std::fmt::Error>)))))))
    });
    assert_eq!(
        json_of(trace.span("call").get(OUTPUT))[0]["parts"],
        json!([{"type": "text", "content": "Grey."}])
    );
}

#[test]
fn what_is_secret_is_found_across_chunks() {
    let chunks = ["Write to jane", "@exam", "ple.org or call +49 17", "1 2345678."]
        .map(|text| chat(json!({"content": text}), Value::Null));
    let trace = streamed(chunks.to_vec());
    let said = &json_of(trace.span("call").get(OUTPUT))[0]["parts"][0]["content"];
    assert_eq!(said, "Write to [mail] or call [phone].");
}

#[test]
fn a_stream_that_breaks_says_what_came_before_and_that_it_broke() {
    let items = vec![Ok(chat(json!({"content": "Gr"}), Value::Null)), Err(std::fmt::Error)];
    let trace = captured(Content::new(), || trace(|| root(|| call(|_| drain(observe(stream::iter(items)))))));
    let said = json_of(trace.span("call").get(OUTPUT));
    assert_eq!(
        said,
        json!([{"role": "assistant", "finish_reason": "error", "parts": [{"type": "text", "content": "Gr"}]}])
    );
}

#[test]
fn a_stream_that_outlives_its_function_says_it_on_its_own_span() {
    let chunks =
        vec![chat(json!({"content": "Gr"}), Value::Null), chat(json!({"content": "ey."}), json!("stop"))];
    let trace = captured(Content::new(), || {
        trace(|| root(|| drain(call(|_| observe(stream::iter(chunks.clone()))))))
    });
    assert_eq!(trace.span("call").get(OUTPUT), "");
    let said = json_of(trace.span("llm stream").get(OUTPUT));
    assert_eq!(said[0]["parts"][0]["content"], "Grey.");
}

#[test]
fn chunks_of_streams_beside_each_other_are_kept_apart() {
    let chunks = |text: &'static str| {
        text.split_inclusive(' ').map(|word| chat(json!({"content": word}), Value::Null)).collect::<Vec<_>>()
    };
    let trace = captured(Content::new(), || {
        trace(|| {
            let context = throughline::Context::current();
            std::thread::scope(|scope| {
                for text in ["one two three", "four five six"] {
                    let context = &context;
                    scope.spawn(move || {
                        let _attached = context.attach();
                        root(|| call(|_| chunks(text).iter().for_each(record_chunk)));
                    });
                }
            });
        })
    });
    let said: Vec<_> = trace
        .spans("call")
        .iter()
        .map(|span| json_of(span.get(OUTPUT))[0]["parts"][0]["content"].clone())
        .collect();
    assert!(said.contains(&json!("one two three")) && said.contains(&json!("four five six")), "{said:?}");
}
