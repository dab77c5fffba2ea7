//! rig: completions, through the protocols of OpenAI and Anthropic.

use futures_util::StreamExt;
use rig_core::completion::CompletionResponse;
use rig_core::error::ProviderError;
use rig_core::providers::anthropic::{Anthropic, AnthropicConfig};
use rig_core::providers::openai::{OpenAI, OpenAIConfig};
use serde_json::Value;
use throughline::testing::Trace;
use throughline::{llm, llm_span};
use throughline_clients::table::{Proof, Row};
use throughline_clients::{Fixture, record, record_beside_tracing};

use crate::{Aimock, QUESTION, check, model_call, seen, slow_text, tool_call};

/// The model of OpenAI that answers.
const MODEL: &str = "gpt-4o-mini-2024-07-18";

fn openai(server: &Aimock) -> OpenAI {
    OpenAIConfig { base_url: server.url("/v1"), ..OpenAIConfig::new("none") }.client()
}

fn anthropic(server: &Aimock) -> Anthropic {
    AnthropicConfig { base_url: server.url(""), ..AnthropicConfig::new("none") }.client()
}

#[llm_span(provider = "openai", model = "gpt-4o-mini")]
async fn chat(client: &OpenAI) -> Result<CompletionResponse, ProviderError> {
    client.chat("gpt-4o-mini").call(QUESTION).await
}

#[llm_span(provider = "anthropic", model = "claude-sonnet-4-5")]
async fn message(client: &Anthropic) -> Result<CompletionResponse, ProviderError> {
    client.completion("claude-sonnet-4-5").call(QUESTION).await
}

/// The usage is in what the stream comes to, not in its items.
#[llm_span(provider = "openai", model = "gpt-4o-mini")]
async fn chat_stream(client: &OpenAI) -> Result<String, ProviderError> {
    let mut items = client.chat("gpt-4o-mini").stream(QUESTION)?;
    let mut observed = llm::observe(&mut items);
    while let Some(item) = observed.next().await {
        item?;
    }
    drop(observed);
    let response = items.finish().await?;
    llm::record(&response);
    Ok(response.text())
}

fn chat_over_http() -> Option<Trace> {
    let server = Aimock::start(&tool_call("chatcmpl-1", MODEL))?;
    Some(record(async || drop(chat(&openai(&server)).await.expect("a response"))))
}

fn message_over_http() -> Option<Trace> {
    let server = Aimock::start(&tool_call("msg_1", "claude-sonnet-4-5-20250929"))?;
    Some(record(async || drop(message(&anthropic(&server)).await.expect("a response"))))
}

fn stream_over_http(fixtures: &Value) -> Option<Trace> {
    let server = Aimock::start(fixtures)?;
    Some(record(async || drop(chat_stream(&openai(&server)).await)))
}

fn written() -> Trace {
    #[llm_span(provider = "anthropic", model = "claude-sonnet-4-5")]
    fn response() -> CompletionResponse {
        Fixture::read("rig/completion").body()
    }
    record(async || drop(response()))
}

pub(crate) fn rows() -> Option<Vec<Row>> {
    Some(vec![Row {
        client: "rig-core",
        asked: "completions",
        seen: vec![
            seen(Proof::Http, &chat_over_http()?),
            seen(Proof::Http, &message_over_http()?),
            seen(Proof::Http, &stream_over_http(&slow_text(MODEL, false))?),
            seen(Proof::Written, &written()),
        ],
        lacks: &[],
    }])
}

#[test]
fn a_completion_of_openai_fills_the_span() {
    let Some(trace) = chat_over_http() else { return };
    check(
        &trace,
        "\
gen_ai.operation.name=chat
gen_ai.provider.name=openai
gen_ai.request.model=gpt-4o-mini
gen_ai.response.finish_reasons=[tool_calls]
gen_ai.response.id=chatcmpl-1
gen_ai.response.model=gpt-4o-mini-2024-07-18
gen_ai.usage.cost=0.00045
gen_ai.usage.input_tokens=1000
gen_ai.usage.output_tokens=500
throughline.llm.tool_call.ids=[call_a]
throughline.llm.tool_call.names=[get_weather]",
    );
}

#[test]
fn a_completion_of_anthropic_fills_the_span() {
    let Some(trace) = message_over_http() else { return };
    check(
        &trace,
        "\
gen_ai.operation.name=chat
gen_ai.provider.name=anthropic
gen_ai.request.model=claude-sonnet-4-5
gen_ai.response.finish_reasons=[tool_calls]
gen_ai.response.id=msg_1
gen_ai.response.model=claude-sonnet-4-5-20250929
gen_ai.usage.cost=0.0105
gen_ai.usage.input_tokens=1000
gen_ai.usage.output_tokens=500
throughline.llm.tool_call.ids=[call_a]
throughline.llm.tool_call.names=[get_weather]",
    );
}

#[test]
fn a_stream_fills_the_span() {
    let Some(trace) = stream_over_http(&slow_text(MODEL, false)) else { return };
    check(
        &trace,
        "\
gen_ai.operation.name=chat
gen_ai.provider.name=openai
gen_ai.request.model=gpt-4o-mini
gen_ai.request.stream=true
gen_ai.response.finish_reasons=[stop]
gen_ai.response.id=slow-1
gen_ai.response.model=gpt-4o-mini-2024-07-18
gen_ai.usage.cost=0.00045
gen_ai.usage.input_tokens=1000
gen_ai.usage.output_tokens=500
throughline.llm.chunks=7",
    );
}

#[test]
fn a_stream_that_is_cut_off_ends_with_an_error() {
    let Some(trace) = stream_over_http(&slow_text(MODEL, true)) else { return };
    check(
        &trace,
        "\
error.type=rig_core::error::ProviderError
gen_ai.operation.name=chat
gen_ai.provider.name=openai
gen_ai.request.model=gpt-4o-mini
gen_ai.request.stream=true
gen_ai.response.finish_reasons=[error]
throughline.llm.chunks=2",
    );
}

#[test]
fn cached_and_reasoning_tokens_are_read() {
    check(
        &written(),
        "\
gen_ai.operation.name=chat
gen_ai.provider.name=anthropic
gen_ai.request.model=claude-sonnet-4-5
gen_ai.response.finish_reasons=[stop]
gen_ai.response.id=msg_01KUAdYMQuHzftbxxLWcSMhu
gen_ai.response.model=claude-sonnet-4-5-20250929
gen_ai.usage.cache_creation.input_tokens=409
gen_ai.usage.cache_read.input_tokens=1111
gen_ai.usage.cost=0.00237105
gen_ai.usage.input_tokens=1523
gen_ai.usage.output_tokens=33
gen_ai.usage.reasoning.output_tokens=8",
    );
}

#[test]
fn the_span_that_it_has_of_tracing_does_not_double_the_model_call() {
    let server = Aimock::start(&tool_call("chatcmpl-1", MODEL));
    let Some(server) = server else { return };
    let (trace, spans) =
        record_beside_tracing(async || drop(chat(&openai(&server)).await.expect("a response")));
    assert_eq!(spans, ["chat of rig::completions"]);
    assert_eq!(trace.len(), 1, "{}", trace.tree());
    assert_eq!(model_call(&trace).name(), "chat gpt-4o-mini");
}

#[test]
fn tools_that_a_stream_asks_for_are_named_once() {
    let Some(trace) = stream_over_http(&tool_call("chatcmpl-1", MODEL)) else { return };
    check(
        &trace,
        "\
gen_ai.operation.name=chat
gen_ai.provider.name=openai
gen_ai.request.model=gpt-4o-mini
gen_ai.request.stream=true
gen_ai.response.finish_reasons=[tool_calls]
gen_ai.response.id=chatcmpl-1
gen_ai.response.model=gpt-4o-mini-2024-07-18
gen_ai.usage.cost=0.00045
gen_ai.usage.input_tokens=1000
gen_ai.usage.output_tokens=500
throughline.llm.chunks=3
throughline.llm.tool_call.ids=[call_a]
throughline.llm.tool_call.names=[get_weather]",
    );
}
