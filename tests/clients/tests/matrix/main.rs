//! Each client, asked over HTTP where it lets itself be pointed at a server, else with responses that were written down.

mod async_openai;
mod bedrock;
mod genai;
mod misanthropic;
mod ollama_rs;
mod raw;
mod rig;

use serde_json::{Value, json};
use throughline::testing::{SpanRecord, Trace};
use throughline_clients::table::{self, Proof, Row};
use throughline_clients::{Aimock, lines, price};

/// The one model call of a trace.
#[track_caller]
fn model_call(trace: &Trace) -> &SpanRecord {
    let calls: Vec<_> =
        trace.spans().filter(|span| span.attribute("gen_ai.operation.name").is_some()).collect();
    let [call] = calls[..] else { panic!("not one model call:\n{}", trace.tree().with_attributes()) };
    call.record()
}

/// A model call as evidence.
fn seen(proof: Proof, trace: &Trace) -> (Proof, SpanRecord) {
    (proof, model_call(trace).clone())
}

/// Compares what a model call says, and its cost with what the price list says.
#[track_caller]
fn check(trace: &Trace, expected: &str) {
    let call = model_call(trace);
    assert_eq!(lines(call), expected);
    if let Some(cost) = call.attribute("gen_ai.usage.cost").and_then(|cost| cost.as_double()) {
        let listed = price(call);
        assert!((cost - listed).abs() < 1e-12, "{cost} instead of {listed}");
    }
}

/// An answer that asks for a tool.
fn asks_for_tool(id: &str, model: &str) -> Value {
    json!({"id": id, "model": model,
        "toolCalls": [{"id": "call_a", "name": "get_weather", "arguments": {"city": "Berlin"}}],
        "usage": {"prompt_tokens": 1000, "completion_tokens": 500, "total_tokens": 1500}})
}

/// What the server answers to everything: it asks for a tool.
fn tool_call(id: &str, model: &str) -> Value {
    json!([{"match": {}, "response": asks_for_tool(id, model)}])
}

/// Text in chunks of four letters, each after 40 ms; cut off after three chunks, or not.
fn slow_text(model: &str, is_cut: bool) -> Value {
    let mut fixture = json!({"match": {}, "chunkSize": 4, "latency": 40,
        "response": {"id": "slow-1", "model": model, "content": "It rains in Berlin.",
            "usage": {"prompt_tokens": 1000, "completion_tokens": 500, "total_tokens": 1500}}});
    if is_cut {
        fixture["truncateAfterChunks"] = json!(3);
    }
    json!([fixture])
}

/// Too busy for the first request, then it answers.
fn busy_once(model: &str) -> Value {
    json!([
        {"match": {"userMessage": "weather", "sequenceIndex": 0}, "response": {"status": 429, "retryAfter": 1,
            "error": {"message": "Rate limited", "type": "rate_limit_error"}}},
        {"match": {"userMessage": "weather", "sequenceIndex": 1}, "response": asks_for_tool("second", model)}
    ])
}

/// What the server answers to a text: where it is.
fn vector() -> Value {
    json!([{"match": {"endpoint": "embedding"}, "response": {"embedding": [0.25, -0.5, 0.125]}}])
}

/// Why rows of embeddings are short.
const NOT_OF_EMBEDDINGS: &str = "Embeddings have no such thing.";

const QUESTION: &str = "How is the weather in Berlin?";

#[test]
fn the_table_of_clients_is_what_the_spans_show() {
    let rows: Option<Vec<Row>> = [
        async_openai::rows,
        genai::rows,
        ollama_rs::rows,
        rig::rows,
        misanthropic::rows,
        raw::rows,
        bedrock::rows,
    ]
    .into_iter()
    .map(|rows| rows())
    .collect::<Option<Vec<_>>>()
    .map(|rows| rows.into_iter().flatten().collect());
    // Without the server not all of it can be seen, which was said.
    let Some(rows) = rows else { return };
    table::check("docs/llm.md", &table::render(&rows));
}
