//! Spans as they are sent, beside what OpenTelemetry's conventions for generative AI say of them. The table is generated
//! from the conventions themselves, see `semconv/generate.py`.

#[path = "semconv/mod.rs"]
mod conventions;

use std::collections::BTreeSet;
use std::process::Command;
use std::time::Duration;

use conventions::Conventions;
use futures_util::{Stream, StreamExt, stream};
use opentelemetry_proto::tonic::trace::v1::Span;
use serde_json::{Value as Json, json};
use throughline::{
    Pipeline, agent_span, embedding_span, llm_span, rerank_span, retrieval_span, semconv, tool_span,
    workflow_span,
};
use throughline_tests::otlp::{self, Encoding, Typed};

const INFERENCE: &[&str] = &["span.gen_ai.inference.client", "span.openai.inference.client"];
const EMBEDDINGS: &[&str] = &["span.gen_ai.embeddings.client"];
const AGENT: &[&str] = &["span.gen_ai.invoke_agent.internal"];
const WORKFLOW: &[&str] = &["span.gen_ai.invoke_workflow.internal"];
const RETRIEVAL: &[&str] = &["span.gen_ai.retrieval.client"];
const TOOL: &[&str] = &["span.gen_ai.execute_tool.internal"];

/// The one span of `work`, as it is sent.
#[track_caller]
fn span(work: impl Future) -> Span {
    let encoding = Encoding::new();
    let pipeline = Pipeline::builder().sink(encoding.clone()).start().unwrap();
    {
        let _entered = pipeline.enter();
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(work);
    }
    assert!(pipeline.flush(Duration::from_secs(60)));
    let [span] = <[Span; 1]>::try_from(encoding.spans()).expect("one span");
    span
}

/// Checks that a span keeps to the conventions, is called `name`, and has these keys.
#[track_caller]
fn check(rules: &[&str], span: &Span, name: &str, keys: &[&str]) {
    assert_eq!(Conventions::read().departures(rules, span), [""; 0], "{span:#?}");
    assert_eq!(span.name, name);
    let has = otlp::attributes(&span.attributes);
    let missing: Vec<_> = keys.iter().filter(|key| !has.contains_key(**key)).collect();
    assert!(missing.is_empty(), "no {missing:?} in {has:#?}");
}

/// A response with all that a response can say.
fn response() -> Json {
    json!({
        "id": "chatcmpl-1", "model": "gpt-4o-mini-2024-07-18", "service_tier": "default",
        "choices": [{"finish_reason": "tool_calls", "message": {"role": "assistant",
            "tool_calls": [{"id": "call_1", "type": "function", "function": {"name": "weather", "arguments": "{}"}}]}}],
        "usage": {"prompt_tokens": 1000, "completion_tokens": 500, "total_tokens": 1500,
            "prompt_tokens_details": {"cached_tokens": 200},
            "completion_tokens_details": {"reasoning_tokens": 50}},
    })
}

#[llm_span(provider = "openai", model = model, max_tokens = 100, temperature = 1, top_p = 0.9, top_k = Some(model.len()),
    frequency_penalty = f32::from(1_u8), presence_penalty = -1, stop_sequences = ["END", "STOP"], seed = 7,
    choice_count = 2, output_type = "json", conversation = "conv-1", server_address = "api.openai.com",
    server_port = 443)]
async fn chat(model: &str) -> Result<Json, std::io::Error> {
    if model == "retired" { Err(std::io::Error::other("no model")) } else { Ok(response()) }
}

/// What a request can say, and what a response can.
const OF_REQUEST: [&str; 16] = [
    "gen_ai.operation.name",
    "gen_ai.provider.name",
    "gen_ai.request.model",
    "gen_ai.request.max_tokens",
    "gen_ai.request.temperature",
    "gen_ai.request.top_p",
    "gen_ai.request.top_k",
    "gen_ai.request.frequency_penalty",
    "gen_ai.request.presence_penalty",
    "gen_ai.request.stop_sequences",
    "gen_ai.request.seed",
    "gen_ai.request.choice.count",
    "gen_ai.output.type",
    "gen_ai.conversation.id",
    "server.address",
    "server.port",
];
const OF_RESPONSE: [&str; 9] = [
    "gen_ai.response.id",
    "gen_ai.response.model",
    "gen_ai.response.finish_reasons",
    "gen_ai.usage.input_tokens",
    "gen_ai.usage.output_tokens",
    "gen_ai.usage.cache_read.input_tokens",
    "gen_ai.usage.reasoning.output_tokens",
    "gen_ai.usage.cost",
    "openai.response.service_tier",
];

#[test]
fn a_call_that_says_all_it_can_keeps_to_the_conventions() {
    let span = span(chat("gpt-4o-mini"));
    check(INFERENCE, &span, "chat gpt-4o-mini", &[&OF_REQUEST[..], &OF_RESPONSE].concat());
}

#[test]
fn a_call_that_fails_has_the_type_of_its_error() {
    let span = span(chat("retired"));
    assert_eq!(span.status.as_ref().map(|status| status.code), Some(2), "an error");
    check(INFERENCE, &span, "chat retired", &[&OF_REQUEST[..], &["error.type"]].concat());
}

#[llm_span(provider = "openai", model = "gpt-4o-mini", operation = "text_completion")]
fn streamed(chunks: Vec<Json>) -> impl Stream<Item = Json> {
    stream::iter(chunks)
}

#[test]
fn a_stream_keeps_to_the_conventions_whether_it_is_read_to_its_end_or_not() {
    let whole = span(async { drop(streamed(vec![response(), response()]).collect::<Vec<_>>().await) });
    let of_stream = ["gen_ai.request.stream", "gen_ai.response.time_to_first_chunk"];
    check(INFERENCE, &whole, "text_completion gpt-4o-mini", &[&of_stream[..], &OF_RESPONSE].concat());
    let cancelled = span(async {
        let first = json!({"id": "chatcmpl-1", "choices": [{"delta": {"content": "It"}}]});
        let mut chunks = std::pin::pin!(streamed(vec![first, response()]));
        chunks.next().await;
    });
    check(
        INFERENCE,
        &cancelled,
        "text_completion gpt-4o-mini",
        &[&of_stream[..], &["throughline.outcome"]].concat(),
    );
}

#[llm_span(provider = "anthropic", model = "claude-sonnet-4-5")]
async fn billed(cost: Option<f64>) -> Json {
    json!({"usage": {"input_tokens": 6, "output_tokens": 5, "cache_creation_input_tokens": 4, "cost": cost}})
}

const OPT_IN: &str = "OTEL_SEMCONV_STABILITY_OPT_IN";
const RELEASED: [&str; 2] = ["gen_ai.usage.cache_creation.input_tokens", "gen_ai.usage.cost"];
const UNRELEASED: [&str; 4] = [
    "gen_ai.usage.cache_write.input_tokens",
    "gen_ai.usage.cost.amount",
    "gen_ai.usage.cost.currency",
    "gen_ai.usage.cost.source",
];

/// Two processes run it: this one, and one with the variable.
#[test]
fn costs_and_what_goes_into_the_cache_have_the_words_that_are_asked_for() {
    let is_latest = std::env::var(OPT_IN).is_ok();
    let (words, others) =
        if is_latest { (&UNRELEASED[..], &RELEASED[..]) } else { (&RELEASED[..], &UNRELEASED[..]) };
    for (cost, source) in [(None, "local"), (Some(0.5), "provider")] {
        let span = span(billed(cost));
        check(INFERENCE, &span, "chat claude-sonnet-4-5", words);
        let attributes = otlp::attributes(&span.attributes);
        assert!(!others.iter().any(|word| attributes.contains_key(*word)), "{attributes:#?}");
        if is_latest {
            assert_eq!(attributes["gen_ai.usage.cost.source"], source.into());
            assert_eq!(attributes["gen_ai.usage.cost.currency"], "USD".into());
            assert!(matches!(attributes["gen_ai.usage.cost.amount"], Typed::Double(_)));
        }
    }
}

#[test]
fn the_words_of_the_unreleased_conventions_replace_those_of_the_released_ones() {
    let run = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "costs_and_what_goes_into_the_cache_have_the_words_that_are_asked_for"])
        .env(OPT_IN, "gen_ai_latest_experimental")
        .output()
        .unwrap();
    let written = String::from_utf8_lossy(&run.stdout);
    assert!(run.status.success() && written.contains("1 passed"), "{written}");
}

#[llm_span(provider = "openai", model = "gpt-4o-mini", prompt_name = "greeting", stream = true)]
fn named() {}

#[test]
fn a_prompt_that_has_a_name_says_it() {
    // The conventions list the key, and on no span.
    let mut span = span(async { named() });
    let before = span.attributes.len();
    span.attributes.retain(|attribute| attribute.key != "gen_ai.prompt.name");
    assert_eq!(span.attributes.len(), before - 1);
    check(INFERENCE, &span, "chat gpt-4o-mini", &["gen_ai.request.stream"]);
}

#[embedding_span(provider = "openai", model = "text-embedding-3-small", dimensions = 256, encoding_formats = ["float"],
    server_address = "api.openai.com", server_port = 443)]
async fn embed() -> Json {
    json!({"model": "text-embedding-3-small", "data": [], "usage": {"prompt_tokens": 8, "total_tokens": 8}})
}

#[test]
fn an_embedding_keeps_to_the_conventions() {
    let keys = [
        "gen_ai.embeddings.dimension.count",
        "gen_ai.request.encoding_formats",
        "gen_ai.response.model",
        "gen_ai.usage.input_tokens",
        "server.address",
        "server.port",
    ];
    check(EMBEDDINGS, &span(embed()), "embeddings text-embedding-3-small", &keys);
}

#[rerank_span(
    provider = "cohere",
    model = "rerank-v3.5",
    top_k = 3,
    server_address = "api.cohere.com",
    server_port = 443
)]
async fn rerank() -> Vec<String> {
    vec!["first".to_owned()]
}

/// No convention names it: what a call of a model has, it has as the calls that are named.
#[test]
fn a_ranking_has_what_any_call_of_a_model_has() {
    let keys = ["gen_ai.request.model", "throughline.rerank.top_k", "throughline.rerank.returned"];
    check(INFERENCE, &span(rerank()), "rerank rerank-v3.5", &keys);
}

#[agent_span(
    agent = "planner",
    id = "a-1",
    description = "Plans",
    provider = "openai",
    model = "gpt-4o-mini",
    conversation = "conv-1"
)]
async fn plan() -> Result<(), std::fmt::Error> {
    Err(std::fmt::Error)
}

#[agent_span(
    agent = "remote",
    provider = "openai",
    kind = "client",
    server_address = "api.openai.com",
    server_port = 443
)]
async fn remote() {}

#[agent_span("local")]
async fn local() {}

#[test]
fn an_agent_keeps_to_the_conventions_here_and_elsewhere() {
    let keys = [
        "gen_ai.agent.name",
        "gen_ai.agent.id",
        "gen_ai.agent.description",
        "gen_ai.request.model",
        "gen_ai.conversation.id",
        "error.type",
    ];
    check(AGENT, &span(plan()), "invoke_agent planner", &keys);
    let elsewhere = &["span.gen_ai.invoke_agent.client"];
    check(elsewhere, &span(remote()), "invoke_agent remote", &["server.address", "server.port"]);
}

/// The conventions want one, also of an agent that asks several models of several providers.
#[test]
fn an_agent_has_a_provider_where_it_is_told_one() {
    let departures = Conventions::read().departures(AGENT, &span(local()));
    assert_eq!(departures, ["it has no gen_ai.provider.name"]);
}

#[workflow_span(workflow = "digest")]
async fn digest() {}

#[test]
fn a_workflow_keeps_to_the_conventions() {
    check(WORKFLOW, &span(digest()), "invoke_workflow digest", &["gen_ai.workflow.name"]);
}

#[retrieval_span(data_source = source, top_k = 3, provider = "openai")]
async fn search(source: &str) -> Vec<String> {
    vec![source.to_owned()]
}

#[test]
fn a_search_keeps_to_the_conventions() {
    let span = span(search("handbook"));
    check(RETRIEVAL, &span, "retrieval handbook", &["gen_ai.data_source.id", "gen_ai.provider.name"]);
}

#[tool_span(name = "weather", call_id = id, type = "function", description = "The weather of a city")]
async fn weather(id: &str) -> Result<String, std::fmt::Error> {
    if id.is_empty() { Err(std::fmt::Error) } else { Ok("sunny".to_owned()) }
}

#[test]
fn a_tool_keeps_to_the_conventions() {
    let keys = ["gen_ai.tool.name", "gen_ai.tool.call.id", "gen_ai.tool.type", "gen_ai.tool.description"];
    check(TOOL, &span(weather("call_1")), "execute_tool weather", &keys);
    check(TOOL, &span(weather("")), "execute_tool weather", &["error.type"]);
}

#[test]
fn content_has_the_keys_of_the_conventions() {
    let conventions = Conventions::read();
    let known: BTreeSet<_> = [INFERENCE, RETRIEVAL, TOOL]
        .into_iter()
        .flat_map(|rules| conventions.keys(rules[0]))
        .filter_map(|(key, level)| (level == "opt_in").then_some(key))
        .collect();
    let ours = [
        semconv::GEN_AI_INPUT_MESSAGES,
        semconv::GEN_AI_OUTPUT_MESSAGES,
        semconv::GEN_AI_SYSTEM_INSTRUCTIONS,
        semconv::GEN_AI_TOOL_DEFINITIONS,
        semconv::GEN_AI_TOOL_CALL_ARGUMENTS,
        semconv::GEN_AI_TOOL_CALL_RESULT,
        semconv::GEN_AI_RETRIEVAL_QUERY_TEXT,
        semconv::GEN_AI_RETRIEVAL_DOCUMENTS,
    ];
    assert_eq!(known, ours.into_iter().collect());
}

/// The table and the check themselves: they find what is wrong.
#[test]
fn a_span_that_departs_from_the_conventions_is_found_out() {
    let departures = |work: fn()| Conventions::read().departures(TOOL, &span(async move { work() }));
    assert_eq!(
        departures(|| throughline::span!("x").end()),
        ["it has no gen_ai.operation.name", "it has no gen_ai.tool.name"]
    );
    let wrong = departures(|| {
        throughline::span!(
            "x",
            gen_ai.operation.name = "run_tool",
            gen_ai.tool.name = 7,
            gen_ai.request.model = "m",
            gen_ai.tool.nam = "x"
        )
        .end();
    });
    let expected = [
        "gen_ai.operation.name is run_tool",
        "gen_ai.request.model is none of its keys",
        "gen_ai.tool.nam is none of its keys",
        "gen_ai.tool.name is Int(7), not a string",
    ];
    assert_eq!(wrong, expected);
    let inference = Conventions::read().departures(INFERENCE, &span(weather("call_1")));
    assert!(inference.contains(&"its kind is 1, not client".to_owned()), "{inference:?}");
    assert!(inference.contains(&"it has no gen_ai.provider.name".to_owned()), "{inference:?}");
}
