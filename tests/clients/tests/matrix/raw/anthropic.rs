//! Anthropic's messages.

use serde_json::{Value, json};
use throughline::llm_span;
use throughline::testing::Trace;
use throughline_clients::table::Row;

use super::{answer, over_http, post, row, written};
use crate::{Aimock, QUESTION, check, slow_text, tool_call};

#[llm_span(provider = "anthropic", model = "claude-sonnet-4-5")]
async fn ask(server: &Aimock, is_stream: bool) -> Result<Value, reqwest::Error> {
    let body = json!({"model": "claude-sonnet-4-5", "max_tokens": 100, "stream": is_stream,
        "messages": [{"role": "user", "content": QUESTION}]});
    answer(post(server.url("/v1/messages"), body).await?, is_stream).await
}

fn shown(is_stream: bool) -> Option<Trace> {
    let model = "claude-sonnet-4-5-20250929";
    let fixtures = if is_stream { slow_text(model, false) } else { tool_call("msg_1", model) };
    over_http(&fixtures, async |server| ask(&server, is_stream).await)
}

pub(super) fn evidence() -> Option<Row> {
    row(
        "messages of Anthropic, as `Value`",
        [shown(false), shown(true)],
        &written("anthropic", "anthropic/message"),
    )
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
fn documents_of_anthropic_over_http_fill_the_span() {
    let Some(trace) = shown(false) else { return };
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
fn chunks_of_anthropic_over_http_fill_the_span() {
    let Some(trace) = shown(true) else { return };
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
fn tools_that_events_of_anthropic_ask_for_are_named_once() {
    let fixtures = tool_call("msg_1", "claude-sonnet-4-5");
    let Some(trace) = over_http(&fixtures, async |server| ask(&server, true).await) else { return };
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
