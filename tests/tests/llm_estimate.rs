//! Usage that no provider reported: only when asked for, and marked.

mod llm;

use futures_util::StreamExt as _;
use futures_util::stream;
use llm::{Got, Trace, call, root, trace};
use serde_json::{Value, json};
use throughline::llm::{Usage, estimate, observe};

/// Chunks of 5 and of 8 bytes of text, and why the model finished.
fn chunks() -> Vec<Value> {
    let choice = |delta: Value, finish: Value| json!({"id": "c", "model": "gpt-4o-mini", "choices": [{"delta": delta, "finish_reason": finish}]});
    vec![
        choice(json!({"role": "assistant", "content": "Hello"}), Value::Null),
        choice(json!({"content": ", \u{4e16}\u{754c}"}), Value::Null),
        choice(json!({}), json!("stop")),
    ]
}

fn input(input: u64) -> Usage {
    Usage { input, ..Usage::default() }
}

/// A call that asks for this estimate and reads its stream to the end.
fn streamed(asked: Option<Usage>, chunks: Vec<Value>) -> Trace {
    trace(|| {
        root(|| {
            call(|_| {
                asked.into_iter().for_each(estimate);
                let read = observe(stream::iter(chunks)).for_each(|_| std::future::ready(()));
                futures_util::FutureExt::now_or_never(read).unwrap();
            });
        });
    })
}

/// What is said of the usage: input, output, cost, the mark.
fn usage(span: &Got) -> [&str; 4] {
    [
        "gen_ai.usage.input_tokens",
        "gen_ai.usage.output_tokens",
        "gen_ai.usage.cost",
        "throughline.llm.usage.estimated",
    ]
    .map(|key| span.get(key))
}

#[test]
fn nothing_is_estimated_unless_it_is_asked_for() {
    let trace = streamed(None, chunks());
    assert_eq!(usage(trace.span("call")), [""; 4]);
    assert_eq!(trace.span("root").get("throughline.llm.total.estimated_calls"), "");
}

#[test]
fn an_estimate_counts_four_bytes_of_what_the_model_said_as_a_token_and_is_marked() {
    let trace = streamed(Some(input(1000)), chunks());
    // 13 bytes; a million tokens of input cost $0.15, of output $0.60.
    assert_eq!(usage(trace.span("call")), ["1000", "4", "0.0001524", "true"]);
    let root = trace.span("root");
    assert_eq!(root.get("throughline.llm.total.estimated_calls"), "1");
    assert_eq!(root.get("throughline.llm.total.input_tokens"), "1000");
    assert_eq!(root.get("throughline.llm.total.output_tokens"), "4");
}

#[test]
fn an_output_of_your_own_wins_over_the_rule() {
    let trace = streamed(Some(Usage { output: 7, ..input(1000) }), chunks());
    assert_eq!(usage(trace.span("call"))[..2], ["1000", "7"]);
}

#[test]
fn usage_that_is_reported_wins() {
    let mut chunks = chunks();
    let reported = json!({"prompt_tokens": 9, "completion_tokens": 3, "total_tokens": 12});
    chunks.push(json!({"id": "c", "model": "gpt-4o-mini", "choices": [], "usage": reported}));
    let trace = streamed(Some(input(1000)), chunks);
    assert_eq!(usage(trace.span("call")), ["9", "3", "0.00000315", ""]);
    assert_eq!(trace.span("root").get("throughline.llm.total.estimated_calls"), "");
}

#[test]
fn a_call_without_an_answer_used_nothing() {
    let trace = streamed(Some(input(1000)), Vec::new());
    assert_eq!(usage(trace.span("call")), [""; 4]);
    assert_eq!(trace.span("root").get("throughline.llm.total.input_tokens"), "0");
}

#[test]
fn a_stream_that_is_dropped_before_it_could_report_is_estimated_too() {
    let trace = trace(|| {
        root(|| {
            call(|_| {
                estimate(input(1000));
                let mut stream = observe(stream::iter(chunks()));
                let first = futures_util::FutureExt::now_or_never(stream.next());
                assert!(first.flatten().is_some());
            });
        });
    });
    assert_eq!(trace.span("call").outcome, throughline::span::Outcome::Cancelled);
    assert_eq!(usage(trace.span("call"))[..2], ["1000", "2"]);
    assert_eq!(usage(trace.span("call"))[3], "true");
}

#[test]
fn where_nothing_is_recorded_an_estimate_is_nothing() {
    estimate(input(1000));
}
