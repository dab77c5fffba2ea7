//! misanthropic: messages of Anthropic.

use futures_util::{Stream, StreamExt};
use misanthropic::response::Message;
use misanthropic::stream::{Error as StreamError, Event};
use misanthropic::{Client, Prompt, client};
use serde_json::Value;
use throughline::span::Outcome;
use throughline::testing::Trace;
use throughline::{llm, llm_span};
use throughline_clients::table::{Proof, Row};
use throughline_clients::{Fixture, record, seconds};

use crate::{Aimock, QUESTION, busy_once, check, model_call, seen, slow_text, tool_call};

const MODEL: &str = "claude-sonnet-4-5";
/// The model that answers.
const ANSWERS: &str = "claude-sonnet-4-5-20250929";

fn client(server: &Aimock) -> Client {
    let client = Client::new("x".repeat(108)).expect("a key");
    client.base_url(server.url("")).expect("an address")
}

fn prompt() -> Prompt {
    Prompt::user(QUESTION).model(MODEL)
}

#[llm_span(provider = "anthropic", model = MODEL)]
async fn message(client: &Client) -> Result<Message, client::Error> {
    client.message(prompt()).await
}

#[llm_span(provider = "anthropic", model = MODEL)]
async fn events(client: &Client) -> Result<impl Stream<Item = Result<Event, StreamError>>, client::Error> {
    client.stream(prompt()).await
}

#[llm_span(provider = "anthropic", model = MODEL)]
fn written_message(fixture: Fixture) -> Message {
    fixture.body()
}

/// Waits as long as it is told to.
#[llm_span(provider = "anthropic", model = MODEL)]
async fn message_retried(client: &Client) -> Result<Message, client::Error> {
    match llm::attempt(async || client.message(prompt()).await).await {
        Err(client::Error::Anthropic(error)) if error.retry_after().is_some() => {
            tokio::time::sleep(error.retry_after().unwrap_or_default()).await;
            llm::attempt(async || client.message(prompt()).await).await
        }
        other => other,
    }
}

fn message_over_http() -> Option<Trace> {
    let server = Aimock::start(&tool_call("msg_1", ANSWERS))?;
    Some(record(async || drop(message(&client(&server)).await.expect("a message"))))
}

fn stream_over_http(fixtures: &Value) -> Option<Trace> {
    let server = Aimock::start(fixtures)?;
    Some(record(async || events(&client(&server)).await.expect("a stream").for_each(async |_| ()).await))
}

fn written() -> Trace {
    record(async || drop(written_message(Fixture::read("anthropic/message"))))
}

pub(crate) fn rows() -> Option<Vec<Row>> {
    Some(vec![Row {
        client: "misanthropic",
        asked: "messages",
        seen: vec![
            seen(Proof::Http, &message_over_http()?),
            seen(Proof::Http, &stream_over_http(&slow_text(ANSWERS, false))?),
            seen(Proof::Written, &written()),
        ],
        lacks: &[],
    }])
}

#[test]
fn a_message_over_http_fills_the_span() {
    let Some(trace) = message_over_http() else { return };
    check(
        &trace,
        "\
gen_ai.operation.name=chat
gen_ai.provider.name=anthropic
gen_ai.request.model=claude-sonnet-4-5
gen_ai.response.finish_reasons=[tool_use]
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
fn a_stream_over_http_fills_the_span() {
    let Some(trace) = stream_over_http(&slow_text(ANSWERS, false)) else { return };
    check(
        &trace,
        "\
gen_ai.operation.name=chat
gen_ai.provider.name=anthropic
gen_ai.request.model=claude-sonnet-4-5
gen_ai.request.stream=true
gen_ai.response.finish_reasons=[end_turn]
gen_ai.response.id=slow-1
gen_ai.response.model=claude-sonnet-4-5-20250929
gen_ai.usage.cost=0.0105
gen_ai.usage.input_tokens=1000
gen_ai.usage.output_tokens=500
throughline.llm.chunks=10",
    );
    assert!(seconds(model_call(&trace), "gen_ai.response.time_to_first_chunk") >= 0.04);
}

#[test]
fn a_stream_that_is_cut_off_ends_with_an_error() {
    let Some(trace) = stream_over_http(&slow_text(ANSWERS, true)) else { return };
    assert_eq!(model_call(&trace).outcome(), Outcome::Error);
    check(
        &trace,
        "\
error.type=misanthropic::stream::Error
gen_ai.operation.name=chat
gen_ai.provider.name=anthropic
gen_ai.request.model=claude-sonnet-4-5
gen_ai.request.stream=true
gen_ai.response.finish_reasons=[error]
gen_ai.response.id=slow-1
gen_ai.response.model=claude-sonnet-4-5-20250929
gen_ai.usage.cost=0.0105
gen_ai.usage.input_tokens=1000
gen_ai.usage.output_tokens=500
throughline.llm.chunks=2",
    );
}

#[test]
fn cached_tokens_are_added_to_the_input_that_anthropic_reports_without_them() {
    check(
        &written(),
        "\
gen_ai.operation.name=chat
gen_ai.provider.name=anthropic
gen_ai.request.model=claude-sonnet-4-5
gen_ai.response.finish_reasons=[end_turn]
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
fn the_wait_that_the_server_asks_for_is_on_the_next_attempt() {
    let Some(server) = Aimock::start(&busy_once(ANSWERS)) else { return };
    let trace = record(async || drop(message_retried(&client(&server)).await.expect("a message")));
    let attempts: Vec<_> = trace.spans_named("llm attempt").collect();
    let [first, second] = attempts[..] else { panic!("two attempts:\n{}", trace.tree()) };
    assert_eq!((first.outcome(), second.outcome()), (Outcome::Error, Outcome::Ok));
    assert!(seconds(second.record(), "throughline.llm.attempt.wait") >= 1.0);
    check(
        &trace,
        "\
gen_ai.operation.name=chat
gen_ai.provider.name=anthropic
gen_ai.request.model=claude-sonnet-4-5
gen_ai.response.finish_reasons=[tool_use]
gen_ai.response.id=second
gen_ai.response.model=claude-sonnet-4-5-20250929
gen_ai.usage.cost=0.0105
gen_ai.usage.input_tokens=1000
gen_ai.usage.output_tokens=500
throughline.llm.attempt.errors=[misanthropic::client::Error]
throughline.llm.attempts=2
throughline.llm.tool_call.ids=[call_a]
throughline.llm.tool_call.names=[get_weather]",
    );
}

#[test]
fn tools_that_a_stream_asks_for_are_named_once() {
    let Some(trace) = stream_over_http(&tool_call("msg_1", ANSWERS)) else { return };
    check(
        &trace,
        "\
gen_ai.operation.name=chat
gen_ai.provider.name=anthropic
gen_ai.request.model=claude-sonnet-4-5
gen_ai.request.stream=true
gen_ai.response.finish_reasons=[tool_use]
gen_ai.response.id=msg_1
gen_ai.response.model=claude-sonnet-4-5-20250929
gen_ai.usage.cost=0.0105
gen_ai.usage.input_tokens=1000
gen_ai.usage.output_tokens=500
throughline.llm.chunks=6
throughline.llm.tool_call.ids=[call_a]
throughline.llm.tool_call.names=[get_weather]",
    );
}
