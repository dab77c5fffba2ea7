//! ollama-rs: chat.

use futures_util::{Stream, StreamExt};
use ollama_rs::Ollama;
use ollama_rs::error::OllamaError;
use ollama_rs::generation::chat::request::ChatMessageRequest;
use ollama_rs::generation::chat::{ChatMessage, ChatMessageResponse};
use serde_json::Value;
use throughline::llm_span;
use throughline::testing::Trace;
use throughline_clients::table::{Column, Proof, Row};
use throughline_clients::{Fixture, record};

use crate::{Aimock, QUESTION, check, seen, slow_text, tool_call};

/// An item of its streams: an error says nothing about itself.
type Chunk = Result<ChatMessageResponse, ()>;

fn client(server: &Aimock) -> Ollama {
    Ollama::try_new(server.url("/")).expect("an address")
}

fn request() -> ChatMessageRequest {
    ChatMessageRequest::new("llama3.2".to_owned(), vec![ChatMessage::user(QUESTION.to_owned())])
}

#[llm_span(provider = "ollama", model = "llama3.2")]
async fn chat(client: &Ollama) -> Result<Box<ChatMessageResponse>, OllamaError> {
    client.send_chat_messages(request()).await.map(Box::new)
}

#[llm_span(provider = "ollama", model = "llama3.2")]
async fn chat_stream(client: &Ollama) -> Result<impl Stream<Item = Chunk>, OllamaError> {
    client.send_chat_messages_stream(request()).await
}

fn chat_over_http() -> Option<Trace> {
    let server = Aimock::start(&tool_call("ignored", "llama3.2"))?;
    Some(record(async || drop(chat(&client(&server)).await.expect("a response"))))
}

/// The server counts no tokens in this protocol.
fn written() -> Trace {
    #[llm_span(provider = "ollama", model = "llama3.2")]
    fn response() -> ChatMessageResponse {
        Fixture::read("ollama/chat").body()
    }
    record(async || drop(response()))
}

fn stream_over_http(fixtures: &Value) -> Option<Trace> {
    let server = Aimock::start(fixtures)?;
    Some(record(async || chat_stream(&client(&server)).await.expect("a stream").for_each(async |_| ()).await))
}

pub(crate) fn rows() -> Option<Vec<Row>> {
    const NOT_COUNTED: &str = "Ollama does not count it.";
    Some(vec![Row {
        client: "ollama-rs",
        asked: "chat",
        seen: vec![
            seen(Proof::Http, &chat_over_http()?),
            seen(Proof::Http, &stream_over_http(&slow_text("llama3.2", false))?),
            seen(Proof::Written, &written()),
        ],
        lacks: &[
            (Column::Cached, NOT_COUNTED),
            (Column::Reasoning, NOT_COUNTED),
            (Column::Cost, "A model on one's own machine has no price."),
        ],
    }])
}

#[test]
fn a_boxed_response_fills_the_span() {
    let Some(trace) = chat_over_http() else { return };
    check(
        &trace,
        "\
gen_ai.operation.name=chat
gen_ai.provider.name=ollama
gen_ai.request.model=llama3.2
gen_ai.response.model=llama3.2
gen_ai.usage.input_tokens=0
gen_ai.usage.output_tokens=0
throughline.llm.tool_call.names=[get_weather]",
    );
}

#[test]
fn a_returned_stream_fills_the_span() {
    let Some(trace) = stream_over_http(&slow_text("llama3.2", false)) else { return };
    check(
        &trace,
        "\
gen_ai.operation.name=chat
gen_ai.provider.name=ollama
gen_ai.request.model=llama3.2
gen_ai.request.stream=true
gen_ai.response.model=llama3.2
gen_ai.usage.input_tokens=0
gen_ai.usage.output_tokens=0
throughline.llm.chunks=6",
    );
}

#[test]
fn tokens_are_read_from_the_last_of_its_messages() {
    check(
        &written(),
        "\
gen_ai.operation.name=chat
gen_ai.provider.name=ollama
gen_ai.request.model=llama3.2
gen_ai.response.model=llama3.2
gen_ai.usage.input_tokens=122
gen_ai.usage.output_tokens=33
throughline.llm.tool_call.names=[get_current_weather]",
    );
}

#[test]
fn tools_that_a_stream_asks_for_are_named() {
    let Some(trace) = stream_over_http(&tool_call("ignored", "llama3.2")) else { return };
    check(
        &trace,
        "\
gen_ai.operation.name=chat
gen_ai.provider.name=ollama
gen_ai.request.model=llama3.2
gen_ai.request.stream=true
gen_ai.response.model=llama3.2
gen_ai.usage.input_tokens=0
gen_ai.usage.output_tokens=0
throughline.llm.chunks=2
throughline.llm.tool_call.names=[get_weather]",
    );
}
