//! genai: chat and embeddings, through the protocols of OpenAI, Anthropic and Gemini.

use futures_util::StreamExt;
use genai::Client;
use genai::adapter::AdapterKind;
use genai::chat::{ChatOptions, ChatRequest, ChatResponse, ChatStreamEvent};
use genai::embed::EmbedResponse;
use genai::resolver::{AuthData, Endpoint};
use serde_json::Value;
use throughline::span::Outcome;
use throughline::testing::Trace;
use throughline::{embedding_span, llm, llm_span};
use throughline_clients::table::{Column, Proof, Row};
use throughline_clients::{Fixture, record, record_beside_tracing};

use crate::{Aimock, NOT_OF_EMBEDDINGS, QUESTION, check, model_call, seen, slow_text, tool_call, vector};

fn client(server: &Aimock) -> Client {
    let config = |path: &str| (Endpoint::from_owned(server.url(path)), AuthData::from_single("none"));
    Client::builder()
        .append_provider_config(AdapterKind::OpenAI, config("/v1/"))
        .append_provider_config(AdapterKind::Anthropic, config("/v1/"))
        .append_provider_config(AdapterKind::Gemini, config("/v1beta/"))
        .build()
        .expect("a client")
}

#[llm_span(provider = provider, model = model)]
async fn chat(client: &Client, provider: &str, model: &str) -> Result<ChatResponse, genai::Error> {
    client.exec_chat(model, ChatRequest::from_user(QUESTION), None).await
}

/// Its stream captures the usage at the end, when it is asked to.
#[llm_span(provider = "openai", model = "gpt-4o-mini")]
async fn chat_stream(client: &Client) -> Result<String, genai::Error> {
    let options = ChatOptions::default().with_capture_usage(true).with_capture_tool_calls(true);
    let response =
        client.exec_chat_stream("gpt-4o-mini", ChatRequest::from_user(QUESTION), Some(&options)).await?;
    let mut events = llm::observe(response.stream);
    let mut text = String::new();
    while let Some(event) = events.next().await {
        if let ChatStreamEvent::Chunk(chunk) = event? {
            text += &chunk.content;
        }
    }
    Ok(text)
}

#[embedding_span(provider = "openai", model = "text-embedding-3-small")]
async fn embed(client: &Client) -> Result<EmbedResponse, genai::Error> {
    client.embed("text-embedding-3-small", QUESTION, None).await
}

fn chat_over_http(provider: &str, model: &str) -> Option<Trace> {
    let server = Aimock::start(&tool_call("response-1", model))?;
    Some(record(async || drop(chat(&client(&server), provider, model).await.expect("a response"))))
}

fn stream_over_http(fixtures: &Value, text: &str) -> Option<Trace> {
    let server = Aimock::start(fixtures)?;
    Some(record(async || assert_eq!(chat_stream(&client(&server)).await.expect("a text"), text)))
}

fn slow_stream_over_http() -> Option<Trace> {
    stream_over_http(&slow_text("gpt-4o-mini", false), "It rains in Berlin.")
}

fn embeddings_over_http() -> Option<Trace> {
    let server = Aimock::start(&vector())?;
    Some(record(async || drop(embed(&client(&server)).await.expect("a vector"))))
}

/// Its own types with the counts that the server does not send.
fn written() -> Trace {
    #[llm_span(provider = "openai", model = "gpt-4o")]
    fn response() -> ChatResponse {
        Fixture::read("genai/chat_response").body()
    }
    record(async || drop(response()))
}

fn written_embeddings() -> Trace {
    #[embedding_span(provider = "openai", model = "text-embedding-3-small")]
    fn response() -> EmbedResponse {
        Fixture::read("genai/embed_response").body()
    }
    record(async || drop(response()))
}

pub(crate) fn rows() -> Option<Vec<Row>> {
    Some(vec![
        Row {
            client: "genai",
            asked: "chat",
            seen: vec![
                seen(Proof::Http, &chat_over_http("openai", "gpt-4o-mini")?),
                seen(Proof::Http, &slow_stream_over_http()?),
                seen(Proof::Written, &written()),
            ],
            lacks: &[],
        },
        Row {
            client: "genai",
            asked: "embeddings",
            seen: vec![
                seen(Proof::Http, &embeddings_over_http()?),
                seen(Proof::Written, &written_embeddings()),
            ],
            lacks: &[
                (Column::Cached, NOT_OF_EMBEDDINGS),
                (Column::Reasoning, NOT_OF_EMBEDDINGS),
                (Column::Tools, NOT_OF_EMBEDDINGS),
                (Column::Stream, NOT_OF_EMBEDDINGS),
            ],
        },
    ])
}

#[test]
fn a_response_fills_the_span_whatever_protocol_brought_it() {
    let of = |provider: &str, model: &str, reason: &str, cost: &str| {
        format!(
            "\
gen_ai.operation.name=chat
gen_ai.provider.name={provider}
gen_ai.request.model={model}
gen_ai.response.finish_reasons=[{reason}]
gen_ai.response.model={model}
gen_ai.usage.cost={cost}
gen_ai.usage.input_tokens=1000
gen_ai.usage.output_tokens=500
throughline.llm.tool_call.ids=[call_a]
throughline.llm.tool_call.names=[get_weather]"
        )
    };
    for (provider, model, reason, cost) in [
        ("openai", "gpt-4o-mini", "tool_calls", "0.00045"),
        ("anthropic", "claude-sonnet-4-5", "tool_use", "0.0105"),
        ("gcp.gemini", "gemini-2.5-flash", "FUNCTION_CALL", "0.00155"),
    ] {
        let Some(trace) = chat_over_http(provider, model) else { return };
        check(&trace, &of(provider, model, reason, cost));
    }
}

#[test]
fn a_stream_over_http_fills_the_span() {
    let Some(trace) = slow_stream_over_http() else { return };
    check(
        &trace,
        "\
gen_ai.operation.name=chat
gen_ai.provider.name=openai
gen_ai.request.model=gpt-4o-mini
gen_ai.request.stream=true
gen_ai.response.finish_reasons=[stop]
gen_ai.usage.cost=0.00045
gen_ai.usage.input_tokens=1000
gen_ai.usage.output_tokens=500
throughline.llm.chunks=7",
    );
}

#[test]
fn cached_and_reasoning_tokens_are_read() {
    check(
        &written(),
        "\
gen_ai.operation.name=chat
gen_ai.provider.name=openai
gen_ai.request.model=gpt-4o
gen_ai.response.finish_reasons=[tool_calls]
gen_ai.response.id=resp_1
gen_ai.response.model=gpt-4o-2024-08-06
gen_ai.usage.cache_creation.input_tokens=16
gen_ai.usage.cache_read.input_tokens=1920
gen_ai.usage.cost=0.005615
gen_ai.usage.input_tokens=2006
gen_ai.usage.output_tokens=300
gen_ai.usage.reasoning.output_tokens=64
throughline.llm.tool_call.ids=[call_a]
throughline.llm.tool_call.names=[get_weather]",
    );
}

#[test]
fn embeddings_fill_the_span() {
    let Some(trace) = embeddings_over_http() else { return };
    check(
        &trace,
        "\
gen_ai.operation.name=embeddings
gen_ai.provider.name=openai
gen_ai.request.model=text-embedding-3-small
gen_ai.response.model=text-embedding-3-small
gen_ai.usage.input_tokens=0",
    );
}

#[test]
fn a_stream_that_is_cut_off_ends_with_an_error() {
    let Some(server) = Aimock::start(&slow_text("gpt-4o-mini", true)) else { return };
    let trace = record(async || drop(chat_stream(&client(&server)).await.expect_err("an end")));
    check(
        &trace,
        "\
error.type=genai::error::Error
gen_ai.operation.name=chat
gen_ai.provider.name=openai
gen_ai.request.model=gpt-4o-mini
gen_ai.request.stream=true
gen_ai.response.finish_reasons=[error]
throughline.llm.chunks=2",
    );
    assert_eq!(model_call(&trace).outcome(), Outcome::Error);
}

#[test]
fn tokens_of_embeddings_are_read() {
    check(
        &written_embeddings(),
        "\
gen_ai.operation.name=embeddings
gen_ai.provider.name=openai
gen_ai.request.model=text-embedding-3-small
gen_ai.response.model=text-embedding-3-small
gen_ai.usage.cost=0.00000016
gen_ai.usage.input_tokens=8",
    );
}

#[test]
fn the_span_that_it_has_of_tracing_does_not_double_the_model_call() {
    let server = Aimock::start(&tool_call("response-1", "gpt-4o-mini"));
    let Some(server) = server else { return };
    let (trace, spans) = record_beside_tracing(async || {
        drop(chat(&client(&server), "openai", "gpt-4o-mini").await.expect("a response"));
    });
    assert_eq!(spans, ["genai.chat of genai::otel::span"]);
    assert_eq!(trace.len(), 1, "{}", trace.tree());
    assert_eq!(model_call(&trace).name(), "chat gpt-4o-mini");
}

#[test]
fn tools_that_a_stream_asks_for_are_named_once() {
    let Some(trace) = stream_over_http(&tool_call("chatcmpl-1", "gpt-4o-mini"), "") else { return };
    check(
        &trace,
        "\
gen_ai.operation.name=chat
gen_ai.provider.name=openai
gen_ai.request.model=gpt-4o-mini
gen_ai.request.stream=true
gen_ai.response.finish_reasons=[tool_calls]
gen_ai.usage.cost=0.00045
gen_ai.usage.input_tokens=1000
gen_ai.usage.output_tokens=500
throughline.llm.chunks=4
throughline.llm.tool_call.ids=[call_a]
throughline.llm.tool_call.names=[get_weather]",
    );
}
