//! OpenAI's chat completions.

use serde_json::{Value, json};
use throughline::llm_span;
use throughline::testing::Trace;
use throughline_clients::table::Row;

use super::{answer, over_http, post, row, written};
use crate::{Aimock, QUESTION, check, slow_text, tool_call};

#[llm_span(provider = "openai", model = "gpt-4o-mini")]
async fn ask(server: &Aimock, is_stream: bool) -> Result<Value, reqwest::Error> {
    let body = json!({"model": "gpt-4o-mini", "messages": [{"role": "user", "content": QUESTION}],
        "stream": is_stream, "stream_options": {"include_usage": true}});
    answer(post(server.url("/v1/chat/completions"), body).await?, is_stream).await
}

fn shown(is_stream: bool) -> Option<Trace> {
    let fixtures =
        if is_stream { slow_text("gpt-4o-mini", false) } else { tool_call("chatcmpl-1", "gpt-4o-mini") };
    over_http(&fixtures, async |server| ask(&server, is_stream).await)
}

pub(super) fn evidence() -> Option<Row> {
    row(
        "chat completions of OpenAI, as `Value`",
        [shown(false), shown(true)],
        &written("openai", "openai/chat_completion"),
    )
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
fn documents_of_openai_over_http_fill_the_span() {
    let Some(trace) = shown(false) else { return };
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
fn chunks_of_openai_over_http_fill_the_span() {
    let Some(trace) = shown(true) else { return };
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
fn tools_that_chunks_of_openai_ask_for_are_named_once() {
    let fixtures = tool_call("chatcmpl-1", "gpt-4o-mini");
    let Some(trace) = over_http(&fixtures, async |server| ask(&server, true).await) else { return };
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
