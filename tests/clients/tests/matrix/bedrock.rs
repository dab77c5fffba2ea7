//! aws-sdk-bedrockruntime: its types are no `Serialize`, so a closure says what was used.

use aws_sdk_bedrockruntime::operation::converse::ConverseOutput;
use aws_sdk_bedrockruntime::types::{StopReason, TokenUsage};
use throughline::llm::Usage;
use throughline::llm_span;
use throughline::testing::Trace;
use throughline_clients::record;
use throughline_clients::table::{Column, Proof, Row};

use crate::{check, seen};

/// The cache is beside the input, as Anthropic has it.
fn used(output: &ConverseOutput) -> Usage {
    let tokens = |count: i32| u64::try_from(count).unwrap_or_default();
    let Some(usage) = output.usage() else { return Usage::default() };
    let cache_read = tokens(usage.cache_read_input_tokens().unwrap_or_default());
    let cache_creation = tokens(usage.cache_write_input_tokens().unwrap_or_default());
    Usage {
        input: tokens(usage.input_tokens()) + cache_read + cache_creation,
        output: tokens(usage.output_tokens()),
        cache_read,
        cache_creation,
        ..Usage::default()
    }
}

#[llm_span(provider = "aws.bedrock", model = "amazon.nova-pro-v1:0", usage = used)]
fn converse() -> ConverseOutput {
    let usage = TokenUsage::builder()
        .input_tokens(125)
        .output_tokens(60)
        .total_tokens(1285)
        .cache_read_input_tokens(1000)
        .cache_write_input_tokens(100)
        .build()
        .expect("all that is required");
    ConverseOutput::builder()
        .stop_reason(StopReason::EndTurn)
        .usage(usage)
        .build()
        .expect("all that is required")
}

fn written() -> Trace {
    record(async || drop(converse()))
}

pub(crate) fn rows() -> Option<Vec<Row>> {
    const BY_CLOSURE: &str =
        "Its types are no `Serialize`: a closure (`usage = ..`) says what was used, and nothing else.";
    Some(vec![Row {
        client: "aws-sdk-bedrockruntime",
        asked: "converse",
        seen: vec![seen(Proof::Written, &written())],
        lacks: &[
            (Column::Reasoning, "Bedrock does not count it."),
            (Column::Tools, BY_CLOSURE),
            (Column::Stream, BY_CLOSURE),
            (
                Column::OverHttp,
                "What it would take to send, sign and parse its requests is most of the SDK: its response is built here.",
            ),
        ],
    }])
}

#[test]
fn the_usage_is_what_the_closure_says() {
    check(
        &written(),
        "\
gen_ai.operation.name=chat
gen_ai.provider.name=aws.bedrock
gen_ai.request.model=amazon.nova-pro-v1:0
gen_ai.usage.cache_creation.input_tokens=100
gen_ai.usage.cache_read.input_tokens=1000
gen_ai.usage.cost=0.000572
gen_ai.usage.input_tokens=1225
gen_ai.usage.output_tokens=60",
    );
}
