//! reqwest and `serde_json::Value`: what the providers send, as it is.

use futures_util::{Stream, StreamExt, TryStreamExt, stream};
use serde_json::{Value, json};
use throughline::testing::Trace;
use throughline::{llm, llm_span};
use throughline_clients::table::{Proof, Row};
use throughline_clients::{Fixture, record};

use crate::{Aimock, QUESTION, check, seen, slow_text, tool_call};

async fn post(url: String, body: Value) -> Result<reqwest::Response, reqwest::Error> {
    reqwest::Client::new().post(url).json(&body).send().await?.error_for_status()
}

/// The JSON of server-sent events.
fn events(response: reqwest::Response) -> impl Stream<Item = Result<Value, reqwest::Error>> {
    let mut rest = String::new();
    let lines = response.bytes_stream().map_ok(move |bytes| {
        rest += &String::from_utf8_lossy(&bytes);
        let end = rest.rfind('\n').map_or(0, |end| end + 1);
        let whole: String = rest.drain(..end).collect();
        let data: Vec<_> =
            whole.lines().filter_map(|line| line.strip_prefix("data: ")).map(str::to_owned).collect();
        stream::iter(data.into_iter().filter_map(|data| serde_json::from_str(&data).ok()).map(Ok))
    });
    lines.try_flatten()
}

#[llm_span(provider = "openai", model = "gpt-4o-mini")]
async fn openai(server: &Aimock, is_stream: bool) -> Result<Value, reqwest::Error> {
    let body = json!({"model": "gpt-4o-mini", "messages": [{"role": "user", "content": QUESTION}],
        "stream": is_stream, "stream_options": {"include_usage": true}});
    answer(post(server.url("/v1/chat/completions"), body).await?, is_stream).await
}

#[llm_span(provider = "openai", model = "gpt-4o-mini")]
async fn responses(server: &Aimock, is_stream: bool) -> Result<Value, reqwest::Error> {
    let body = json!({"model": "gpt-4o-mini", "input": QUESTION, "stream": is_stream});
    answer(post(server.url("/v1/responses"), body).await?, is_stream).await
}

#[llm_span(provider = "anthropic", model = "claude-sonnet-4-5")]
async fn anthropic(server: &Aimock, is_stream: bool) -> Result<Value, reqwest::Error> {
    let body = json!({"model": "claude-sonnet-4-5", "max_tokens": 100, "stream": is_stream,
        "messages": [{"role": "user", "content": QUESTION}]});
    answer(post(server.url("/v1/messages"), body).await?, is_stream).await
}

#[llm_span(provider = "gcp.gemini", model = "gemini-2.5-flash", operation = "generate_content")]
async fn gemini(server: &Aimock, is_stream: bool) -> Result<Value, reqwest::Error> {
    let body = json!({"contents": [{"role": "user", "parts": [{"text": QUESTION}]}]});
    let method = if is_stream { "streamGenerateContent?alt=sse" } else { "generateContent" };
    answer(post(server.url(&format!("/v1beta/models/gemini-2.5-flash:{method}")), body).await?, is_stream)
        .await
}

/// The response, or nothing once its chunks were recorded.
async fn answer(response: reqwest::Response, is_stream: bool) -> Result<Value, reqwest::Error> {
    if !is_stream {
        return response.json().await;
    }
    let mut events = std::pin::pin!(events(response));
    while let Some(event) = events.next().await {
        llm::record_chunk(&event?);
    }
    Ok(Value::Null)
}

fn over_http<F: Future<Output = Result<Value, reqwest::Error>>>(
    fixtures: &Value,
    ask: impl FnOnce(Aimock) -> F,
) -> Option<Trace> {
    let server = Aimock::start(fixtures)?;
    Some(record(async || drop(ask(server).await.expect("a response"))))
}

fn written(provider: &str, file: &str) -> Trace {
    #[llm_span(provider = provider)]
    fn response(provider: &str, file: &str) -> Value {
        Fixture::read(file).body()
    }
    record(async || drop(response(provider, file)))
}

fn openai_over_http(is_stream: bool) -> Option<Trace> {
    let fixtures =
        if is_stream { slow_text("gpt-4o-mini", false) } else { tool_call("chatcmpl-1", "gpt-4o-mini") };
    over_http(&fixtures, async |server| openai(&server, is_stream).await)
}

fn responses_over_http(is_stream: bool) -> Option<Trace> {
    let fixtures =
        if is_stream { slow_text("gpt-4o-mini", false) } else { tool_call("resp_1", "gpt-4o-mini") };
    over_http(&fixtures, async |server| responses(&server, is_stream).await)
}

fn anthropic_over_http(is_stream: bool) -> Option<Trace> {
    let model = "claude-sonnet-4-5-20250929";
    let fixtures = if is_stream { slow_text(model, false) } else { tool_call("msg_1", model) };
    over_http(&fixtures, async |server| anthropic(&server, is_stream).await)
}

fn gemini_over_http(is_stream: bool) -> Option<Trace> {
    let model = "gemini-2.5-flash";
    let fixtures = if is_stream { slow_text(model, false) } else { tool_call("response-1", model) };
    over_http(&fixtures, async |server| gemini(&server, is_stream).await)
}

pub(crate) fn rows() -> Option<Vec<Row>> {
    let row = |asked, http: [Option<Trace>; 2], written: Trace, lacks| {
        let [whole, stream] = http;
        let http = [whole?, stream?].map(|trace| seen(Proof::Http, &trace));
        let written = seen(Proof::Written, &written);
        Some(Row { client: "reqwest", asked, seen: http.into_iter().chain([written]).collect(), lacks })
    };
    Some(vec![
        row(
            "chat completions of OpenAI, as `Value`",
            [openai_over_http(false), openai_over_http(true)],
            written("openai", "openai/chat_completion"),
            &[],
        )?,
        row(
            "responses of OpenAI, as `Value`",
            [responses_over_http(false), responses_over_http(true)],
            written("openai", "openai/response"),
            &[],
        )?,
        row(
            "messages of Anthropic, as `Value`",
            [anthropic_over_http(false), anthropic_over_http(true)],
            written("anthropic", "anthropic/message"),
            &[],
        )?,
        row(
            "content of Gemini, as `Value`",
            [gemini_over_http(false), gemini_over_http(true)],
            written("gcp.gemini", "gemini/generate_content"),
            &[],
        )?,
    ])
}

#[test]
fn documents_of_openai_fill_the_span() {
    check(
        &written("openai", "openai/chat_completion"),
        "\
gen_ai.operation.name=chat
gen_ai.provider.name=openai
gen_ai.response.finish_reasons=[stop]
gen_ai.response.id=chatcmpl-B9MHDbslfkBeAs8l4bebGdFOJ6PeG
gen_ai.response.model=gpt-4o-2024-08-06
gen_ai.usage.cache_read.input_tokens=1920
gen_ai.usage.cost=0.005615
gen_ai.usage.input_tokens=2006
gen_ai.usage.output_tokens=300
gen_ai.usage.reasoning.output_tokens=64
openai.response.service_tier=default",
    );
}

#[test]
fn documents_of_anthropic_fill_the_span() {
    check(
        &written("anthropic", "anthropic/message"),
        "\
gen_ai.operation.name=chat
gen_ai.provider.name=anthropic
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
fn documents_of_gemini_fill_the_span() {
    check(
        &written("gcp.gemini", "gemini/generate_content"),
        "\
gen_ai.operation.name=chat
gen_ai.provider.name=gcp.gemini
gen_ai.response.finish_reasons=[STOP]
gen_ai.response.id=3w4Vad6yF-y1vdIP_q_zgAw
gen_ai.response.model=gemini-3-flash-preview
gen_ai.usage.cache_read.input_tokens=16
gen_ai.usage.cost=0.0025778
gen_ai.usage.input_tokens=34
gen_ai.usage.output_tokens=856
gen_ai.usage.reasoning.output_tokens=438",
    );
}

#[test]
fn documents_of_openai_over_http_fill_the_span() {
    let Some(trace) = openai_over_http(false) else { return };
    check(
        &trace,
        "\
gen_ai.operation.name=chat
gen_ai.provider.name=openai
gen_ai.request.model=gpt-4o-mini
gen_ai.response.finish_reasons=[tool_calls]
gen_ai.response.id=chatcmpl-1
gen_ai.response.model=gpt-4o-mini
gen_ai.usage.cost=0.00045
gen_ai.usage.input_tokens=1000
gen_ai.usage.output_tokens=500
throughline.llm.tool_call.ids=[call_a]
throughline.llm.tool_call.names=[get_weather]",
    );
}

#[test]
fn documents_of_anthropic_over_http_fill_the_span() {
    let Some(trace) = anthropic_over_http(false) else { return };
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
fn documents_of_gemini_over_http_fill_the_span() {
    let Some(trace) = gemini_over_http(false) else { return };
    check(
        &trace,
        "\
gen_ai.operation.name=generate_content
gen_ai.provider.name=gcp.gemini
gen_ai.request.model=gemini-2.5-flash
gen_ai.response.finish_reasons=[FUNCTION_CALL]
gen_ai.usage.cost=0.00155
gen_ai.usage.input_tokens=1000
gen_ai.usage.output_tokens=500
throughline.llm.tool_call.ids=[call_a]
throughline.llm.tool_call.names=[get_weather]",
    );
}

#[test]
fn chunks_of_openai_over_http_fill_the_span() {
    let Some(trace) = openai_over_http(true) else { return };
    check(
        &trace,
        "\
gen_ai.operation.name=chat
gen_ai.provider.name=openai
gen_ai.request.model=gpt-4o-mini
gen_ai.request.stream=true
gen_ai.response.finish_reasons=[stop]
gen_ai.response.id=slow-1
gen_ai.response.model=gpt-4o-mini
gen_ai.usage.cost=0.00045
gen_ai.usage.input_tokens=1000
gen_ai.usage.output_tokens=500
throughline.llm.chunks=8",
    );
}

#[test]
fn chunks_of_anthropic_over_http_fill_the_span() {
    let Some(trace) = anthropic_over_http(true) else { return };
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
}

#[test]
fn chunks_of_gemini_over_http_fill_the_span() {
    let Some(trace) = gemini_over_http(true) else { return };
    check(
        &trace,
        "\
gen_ai.operation.name=generate_content
gen_ai.provider.name=gcp.gemini
gen_ai.request.model=gemini-2.5-flash
gen_ai.request.stream=true
gen_ai.response.finish_reasons=[STOP]
gen_ai.usage.cost=0.00155
gen_ai.usage.input_tokens=1000
gen_ai.usage.output_tokens=500
throughline.llm.chunks=5",
    );
}

#[test]
fn responses_of_openai_over_http_fill_the_span() {
    let Some(trace) = responses_over_http(false) else { return };
    check(
        &trace,
        "\
gen_ai.operation.name=chat
gen_ai.provider.name=openai
gen_ai.request.model=gpt-4o-mini
gen_ai.response.finish_reasons=[tool_calls]
gen_ai.response.id=resp_1
gen_ai.response.model=gpt-4o-mini
gen_ai.usage.cost=0.00045
gen_ai.usage.input_tokens=1000
gen_ai.usage.output_tokens=500
throughline.llm.tool_call.ids=[call_a]
throughline.llm.tool_call.names=[get_weather]",
    );
}

#[test]
fn events_of_responses_of_openai_over_http_fill_the_span() {
    let Some(trace) = responses_over_http(true) else { return };
    check(
        &trace,
        "\
gen_ai.operation.name=chat
gen_ai.provider.name=openai
gen_ai.request.model=gpt-4o-mini
gen_ai.request.stream=true
gen_ai.response.finish_reasons=[stop]
gen_ai.response.id=slow-1
gen_ai.response.model=gpt-4o-mini
gen_ai.usage.cost=0.00045
gen_ai.usage.input_tokens=1000
gen_ai.usage.output_tokens=500
throughline.llm.chunks=13",
    );
}

#[test]
fn tools_that_chunks_of_openai_ask_for_are_named_once() {
    let fixtures = tool_call("chatcmpl-1", "gpt-4o-mini");
    let Some(trace) = over_http(&fixtures, async |server| openai(&server, true).await) else { return };
    check(
        &trace,
        "\
gen_ai.operation.name=chat
gen_ai.provider.name=openai
gen_ai.request.model=gpt-4o-mini
gen_ai.request.stream=true
gen_ai.response.finish_reasons=[tool_calls]
gen_ai.response.id=chatcmpl-1
gen_ai.response.model=gpt-4o-mini
gen_ai.usage.cost=0.00045
gen_ai.usage.input_tokens=1000
gen_ai.usage.output_tokens=500
throughline.llm.chunks=5
throughline.llm.tool_call.ids=[call_a]
throughline.llm.tool_call.names=[get_weather]",
    );
}

#[test]
fn tools_that_events_of_responses_ask_for_are_named_once() {
    let fixtures = tool_call("resp_1", "gpt-4o-mini");
    let Some(trace) = over_http(&fixtures, async |server| responses(&server, true).await) else { return };
    check(
        &trace,
        "\
gen_ai.operation.name=chat
gen_ai.provider.name=openai
gen_ai.request.model=gpt-4o-mini
gen_ai.request.stream=true
gen_ai.response.finish_reasons=[tool_calls]
gen_ai.response.id=resp_1
gen_ai.response.model=gpt-4o-mini
gen_ai.usage.cost=0.00045
gen_ai.usage.input_tokens=1000
gen_ai.usage.output_tokens=500
throughline.llm.chunks=7
throughline.llm.tool_call.ids=[call_a]
throughline.llm.tool_call.names=[get_weather]",
    );
}

#[test]
fn tools_that_events_of_anthropic_ask_for_are_named_once() {
    let fixtures = tool_call("msg_1", "claude-sonnet-4-5");
    let Some(trace) = over_http(&fixtures, async |server| anthropic(&server, true).await) else { return };
    check(
        &trace,
        "\
gen_ai.operation.name=chat
gen_ai.provider.name=anthropic
gen_ai.request.model=claude-sonnet-4-5
gen_ai.request.stream=true
gen_ai.response.finish_reasons=[tool_use]
gen_ai.response.id=msg_1
gen_ai.response.model=claude-sonnet-4-5
gen_ai.usage.cost=0.0105
gen_ai.usage.input_tokens=1000
gen_ai.usage.output_tokens=500
throughline.llm.chunks=6
throughline.llm.tool_call.ids=[call_a]
throughline.llm.tool_call.names=[get_weather]",
    );
}

#[test]
fn tools_that_chunks_of_gemini_ask_for_are_named_once() {
    let fixtures = tool_call("response-1", "gemini-2.5-flash");
    let Some(trace) = over_http(&fixtures, async |server| gemini(&server, true).await) else { return };
    check(
        &trace,
        "\
gen_ai.operation.name=generate_content
gen_ai.provider.name=gcp.gemini
gen_ai.request.model=gemini-2.5-flash
gen_ai.request.stream=true
gen_ai.response.finish_reasons=[FUNCTION_CALL]
gen_ai.usage.cost=0.00155
gen_ai.usage.input_tokens=1000
gen_ai.usage.output_tokens=500
throughline.llm.chunks=1
throughline.llm.tool_call.ids=[call_a]
throughline.llm.tool_call.names=[get_weather]",
    );
}
