//! Gemini's content.

use serde_json::{Value, json};
use throughline::llm_span;
use throughline::testing::Trace;
use throughline_clients::table::Row;

use super::{answer, over_http, post, row, written};
use crate::{Aimock, QUESTION, check, slow_text, tool_call};

#[llm_span(provider = "gcp.gemini", model = "gemini-2.5-flash", operation = "generate_content")]
async fn ask(server: &Aimock, is_stream: bool) -> Result<Value, reqwest::Error> {
    let body = json!({"contents": [{"role": "user", "parts": [{"text": QUESTION}]}]});
    let method = if is_stream { "streamGenerateContent?alt=sse" } else { "generateContent" };
    answer(post(server.url(&format!("/v1beta/models/gemini-2.5-flash:{method}")), body).await?, is_stream)
        .await
}

fn shown(is_stream: bool) -> Option<Trace> {
    let model = "gemini-2.5-flash";
    let fixtures = if is_stream { slow_text(model, false) } else { tool_call("response-1", model) };
    over_http(&fixtures, async |server| ask(&server, is_stream).await)
}

pub(super) fn evidence() -> Option<Row> {
    row(
        "content of Gemini, as `Value`",
        [shown(false), shown(true)],
        &written("gcp.gemini", "gemini/generate_content"),
    )
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
fn documents_of_gemini_over_http_fill_the_span() {
    let Some(trace) = shown(false) else { return };
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
fn chunks_of_gemini_over_http_fill_the_span() {
    let Some(trace) = shown(true) else { return };
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
fn tools_that_chunks_of_gemini_ask_for_are_named_once() {
    let fixtures = tool_call("response-1", "gemini-2.5-flash");
    let Some(trace) = over_http(&fixtures, async |server| ask(&server, true).await) else { return };
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
