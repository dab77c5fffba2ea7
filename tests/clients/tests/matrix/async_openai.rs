//! async-openai: chat completions, responses, embeddings.

use std::time::Duration;

use async_openai::Client;
use async_openai::config::OpenAIConfig;
use async_openai::error::OpenAIError;
use async_openai::middleware::ReqwestService;
use async_openai::types::chat::{
    CreateChatCompletionRequest, CreateChatCompletionResponse, CreateChatCompletionStreamResponse as Chunk,
};
use async_openai::types::embeddings::{CreateEmbeddingRequest, CreateEmbeddingResponse};
use async_openai::types::responses::{Response, ResponseStreamEvent};
use futures_util::{Stream, StreamExt, stream};
use serde_json::{Value, json};
use throughline::span::Outcome;
use throughline::testing::Trace;
use throughline::{embedding_span, llm, llm_span};
use throughline_clients::table::{Column, Proof, Row};
use throughline_clients::{Fixture, record, seconds};

use crate::{
    Aimock, NOT_OF_EMBEDDINGS, QUESTION, busy_once, check, model_call, seen, slow_text, tool_call, vector,
};

type Api = Client<OpenAIConfig>;

/// The model that answers.
const MODEL: &str = "gpt-4o-mini-2024-07-18";

/// It retries by itself, unless it is given a service of one's own.
fn client(server: &Aimock, path: &str) -> Api {
    let config = OpenAIConfig::new().with_api_base(server.url(path)).with_api_key("none");
    Client::with_config(config).with_http_service(ReqwestService::default())
}

fn chat_request(model: &str) -> CreateChatCompletionRequest {
    let request = json!({"model": model, "messages": [{"role": "user", "content": QUESTION}],
        "stream_options": {"include_usage": true}});
    serde_json::from_value(request).expect("a request")
}

/// OpenRouter speaks the protocol of chat completions, and adds the cost.
#[llm_span(provider = "openrouter", model = "openai/gpt-4o-mini")]
async fn chat(client: &Api) -> Result<CreateChatCompletionResponse, OpenAIError> {
    client.chat().create(chat_request("openai/gpt-4o-mini")).await
}

/// The crate's own name of this type does not tell an attribute that it is a stream.
#[llm_span(provider = "openai", model = "gpt-4o-mini")]
async fn chat_stream(client: &Api) -> Result<impl Stream<Item = Result<Chunk, OpenAIError>>, OpenAIError> {
    client.chat().create_stream(chat_request("gpt-4o-mini")).await
}

/// The text alone is returned, so the body records the response.
#[llm_span(provider = "openai", model = "o1")]
fn answer(fixture: Fixture) -> String {
    let response: Box<Response> = fixture.body();
    llm::record(&response);
    response.output_text().unwrap_or_default()
}

/// Nothing of the stream is returned, so the body observes it.
#[llm_span(provider = "openai", model = "gpt-4.1")]
async fn arguments_in_pieces(fixture: Fixture) -> Result<String, OpenAIError> {
    let events = fixture.events().into_iter().map(Ok::<ResponseStreamEvent, OpenAIError>);
    let mut events = llm::observe(stream::iter(events));
    let mut arguments = String::new();
    while let Some(event) = events.next().await {
        if let ResponseStreamEvent::ResponseFunctionCallArgumentsDelta(delta) = event? {
            arguments += &delta.delta;
        }
    }
    Ok(arguments)
}

#[llm_span(provider = "openai", model = "o1")]
fn written_response(fixture: Fixture) -> Box<Response> {
    Box::new(fixture.body())
}

#[embedding_span(provider = "openai", model = "text-embedding-3-small")]
async fn embed(client: &Api) -> Result<(usize, CreateEmbeddingResponse), OpenAIError> {
    let request = json!({"model": "text-embedding-3-small", "input": QUESTION});
    let request: CreateEmbeddingRequest = serde_json::from_value(request).expect("a request");
    let response = client.embeddings().create(request).await?;
    Ok((response.data[0].embedding.len(), response))
}

/// Each try in a span of its own.
#[llm_span(provider = "openai", model = "gpt-4o-mini")]
async fn chat_retried(client: &Api) -> Result<CreateChatCompletionResponse, OpenAIError> {
    let ask = async || client.chat().create(chat_request("gpt-4o-mini")).await;
    match llm::attempt(ask).await {
        Err(OpenAIError::ApiError(error)) if error.status_code == 429 => llm::attempt(ask).await,
        other => other,
    }
}

fn chat_over_http() -> Option<Trace> {
    let mut fixtures = tool_call("gen-1", "openai/gpt-4o-mini");
    let usage = &mut fixtures[0]["response"]["usage"];
    usage["prompt_tokens_details"] = json!({"cached_tokens": 200});
    usage["completion_tokens_details"] = json!({"reasoning_tokens": 64});
    let server = Aimock::start(&fixtures)?;
    Some(record(async || drop(chat(&client(&server, "/api/v1")).await.expect("a response"))))
}

fn stream_over_http(fixtures: &Value) -> Option<Trace> {
    let server = Aimock::start(fixtures)?;
    Some(record(async || {
        chat_stream(&client(&server, "/v1")).await.expect("a stream").for_each(async |_| ()).await;
    }))
}

fn written() -> Trace {
    record(async || drop(written_response(Fixture::read("openai/response"))))
}

fn written_events() -> Trace {
    record(async || {
        let arguments =
            arguments_in_pieces(Fixture::read("openai/response_events")).await.expect("arguments");
        assert_eq!(arguments, r#"{"location":"Boston, MA","unit":"celsius"}"#);
    })
}

/// The server counts no tokens of embeddings.
fn written_embeddings() -> Trace {
    #[embedding_span(provider = "openai", model = "text-embedding-3-small")]
    fn response() -> CreateEmbeddingResponse {
        Fixture::read("openai/embeddings").body()
    }
    record(async || drop(response()))
}

fn embeddings_over_http() -> Option<Trace> {
    let server = Aimock::start(&vector())?;
    Some(record(async || drop(embed(&client(&server, "/v1")).await.expect("a vector"))))
}

pub(crate) fn rows() -> Option<Vec<Row>> {
    Some(vec![
        Row {
            client: "async-openai",
            asked: "chat completions",
            seen: vec![
                seen(Proof::Http, &chat_over_http()?),
                seen(Proof::Http, &stream_over_http(&slow_text(MODEL, false))?),
            ],
            lacks: &[],
        },
        Row {
            client: "async-openai",
            asked: "responses",
            seen: vec![seen(Proof::Written, &written()), seen(Proof::Written, &written_events())],
            lacks: &[(
                Column::OverHttp,
                "The client insists on `input_tokens_details`, which the server leaves out.",
            )],
        },
        Row {
            client: "async-openai",
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
fn a_chat_completion_over_http_fills_the_span() {
    let Some(trace) = chat_over_http() else { return };
    check(
        &trace,
        "\
gen_ai.operation.name=chat
gen_ai.provider.name=openrouter
gen_ai.request.model=openai/gpt-4o-mini
gen_ai.response.finish_reasons=[tool_calls]
gen_ai.response.id=gen-1
gen_ai.response.model=openai/gpt-4o-mini
gen_ai.usage.cache_read.input_tokens=200
gen_ai.usage.cost=0.000435
gen_ai.usage.input_tokens=1000
gen_ai.usage.output_tokens=500
gen_ai.usage.reasoning.output_tokens=64
throughline.llm.tool_call.ids=[call_a]
throughline.llm.tool_call.names=[get_weather]",
    );
}

#[test]
fn a_stream_of_a_chat_completion_over_http_fills_the_span() {
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
throughline.llm.chunks=8",
    );
}

#[test]
fn chunks_that_come_slowly_are_timed() {
    let Some(trace) = stream_over_http(&slow_text(MODEL, false)) else { return };
    let call = model_call(&trace);
    let first = seconds(call, "gen_ai.response.time_to_first_chunk");
    assert!(first >= 0.04, "{first}");
    assert!(Duration::from_nanos(call.duration()).as_secs_f64() >= 0.2);
}

#[test]
fn a_stream_that_is_cut_off_over_http_ends_with_an_error() {
    let Some(trace) = stream_over_http(&slow_text(MODEL, true)) else { return };
    assert_eq!(model_call(&trace).outcome(), Outcome::Error);
    check(
        &trace,
        "\
error.type=async_openai::error::OpenAIError
gen_ai.operation.name=chat
gen_ai.provider.name=openai
gen_ai.request.model=gpt-4o-mini
gen_ai.request.stream=true
gen_ai.response.finish_reasons=[error]
gen_ai.response.id=slow-1
gen_ai.response.model=gpt-4o-mini-2024-07-18
throughline.llm.chunks=2",
    );
}

#[test]
fn a_response_that_is_recorded_in_the_body_fills_the_span() {
    let trace = record(async || {
        assert_eq!(answer(Fixture::read("openai/response")), "The classic tongue twister...")
    });
    check(
        &trace,
        "\
gen_ai.operation.name=chat
gen_ai.provider.name=openai
gen_ai.request.model=o1
gen_ai.response.finish_reasons=[stop]
gen_ai.response.id=resp_67ccd7eca01881908ff0b5146584e408072912b2993db808
gen_ai.response.model=o1-2024-12-17
gen_ai.usage.cache_read.input_tokens=64
gen_ai.usage.cost=0.062835
gen_ai.usage.input_tokens=81
gen_ai.usage.output_tokens=1035
gen_ai.usage.reasoning.output_tokens=832",
    );
}

#[test]
fn a_stream_of_a_response_that_is_observed_in_the_body_fills_the_span() {
    check(
        &written_events(),
        "\
gen_ai.operation.name=chat
gen_ai.provider.name=openai
gen_ai.request.model=gpt-4.1
gen_ai.request.stream=true
gen_ai.response.finish_reasons=[tool_calls]
gen_ai.response.id=resp_67ca09c5efe0819096d0511c92b8c890096610f474011cc0
gen_ai.response.model=gpt-4.1-2025-04-14
gen_ai.usage.cost=0.000766
gen_ai.usage.input_tokens=291
gen_ai.usage.output_tokens=23
throughline.llm.chunks=7
throughline.llm.tool_call.ids=[call_unLAR8MvFNptuiZK6K6HCy5k]
throughline.llm.tool_call.names=[get_current_weather]",
    );
}

#[test]
fn a_boxed_response_fills_the_span() {
    check(
        &written(),
        "\
gen_ai.operation.name=chat
gen_ai.provider.name=openai
gen_ai.request.model=o1
gen_ai.response.finish_reasons=[stop]
gen_ai.response.id=resp_67ccd7eca01881908ff0b5146584e408072912b2993db808
gen_ai.response.model=o1-2024-12-17
gen_ai.usage.cache_read.input_tokens=64
gen_ai.usage.cost=0.062835
gen_ai.usage.input_tokens=81
gen_ai.usage.output_tokens=1035
gen_ai.usage.reasoning.output_tokens=832",
    );
}

#[test]
fn embeddings_in_a_tuple_fill_the_span() {
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
fn a_refused_request_and_the_next_are_two_attempts_of_one_call() {
    let Some(server) = Aimock::start(&busy_once("gpt-4o-mini")) else { return };
    let trace = record(async || drop(chat_retried(&client(&server, "/v1")).await.expect("a response")));
    check(
        &trace,
        "\
gen_ai.operation.name=chat
gen_ai.provider.name=openai
gen_ai.request.model=gpt-4o-mini
gen_ai.response.finish_reasons=[tool_calls]
gen_ai.response.id=second
gen_ai.response.model=gpt-4o-mini
gen_ai.usage.cost=0.00045
gen_ai.usage.input_tokens=1000
gen_ai.usage.output_tokens=500
throughline.llm.attempt.errors=[async_openai::error::OpenAIError]
throughline.llm.attempts=2
throughline.llm.tool_call.ids=[call_a]
throughline.llm.tool_call.names=[get_weather]",
    );
    let attempts: Vec<_> = trace.spans_named("llm attempt").collect();
    let [first, second] = attempts[..] else { panic!("two attempts:\n{}", trace.tree()) };
    assert_eq!((first.outcome(), second.outcome()), (Outcome::Error, Outcome::Ok));
    assert_eq!(first.attribute("throughline.llm.attempt.number").expect("a number"), 1);
    assert!(first.message().expect("a message").contains("Rate limited"));
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
throughline.llm.chunks=5
throughline.llm.tool_call.ids=[call_a]
throughline.llm.tool_call.names=[get_weather]",
    );
}
