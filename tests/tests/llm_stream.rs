//! Streams of chunks: recorded by hand, observed, broken off, dropped, and longer than their function.

mod llm;

use std::pin::pin;
use std::task::{Context, Poll, Waker};

use async_openai::types::chat::CreateChatCompletionStreamResponse;
use futures_util::stream::{self, Stream};
use llm::{call, root, trace};
use serde_json::{Value, json};
use throughline::llm::{observe, record_chunk};
use throughline::span::Outcome;

type Chunk = CreateChatCompletionStreamResponse;

fn chunk(choices: Value, usage: Value) -> Chunk {
    serde_json::from_value(json!({"id": "c-1", "object": "chat.completion.chunk", "created": 1,
        "model": "gpt-4o-mini-2024-07-18", "choices": choices, "usage": usage}))
    .unwrap()
}

/// Two chunks of text, why it finished, and the usage in a last chunk without choices.
fn chunks() -> Vec<Chunk> {
    let choice = |delta: Value, finish: Value| json!([{"index": 0, "delta": delta, "finish_reason": finish}]);
    let usage = json!({"prompt_tokens": 1000, "completion_tokens": 500, "total_tokens": 1500,
        "prompt_tokens_details": {"cached_tokens": 200}});
    vec![
        chunk(choice(json!({"role": "assistant", "content": "Hel"}), Value::Null), Value::Null),
        chunk(choice(json!({"content": "lo"}), Value::Null), Value::Null),
        chunk(choice(json!({}), json!("stop")), Value::Null),
        chunk(json!([]), usage),
    ]
}

/// Reads a stream whose items are ready, up to `items` of them.
fn read<S: Stream>(stream: S, items: usize) -> usize {
    let mut stream = pin!(stream);
    let mut context = Context::from_waker(Waker::noop());
    (0..items).take_while(|_| matches!(stream.as_mut().poll_next(&mut context), Poll::Ready(Some(_)))).count()
}

const ALL: usize = usize::MAX;

#[test]
fn a_stream_that_says_late_what_it_used_is_no_call_without_a_price() {
    let trace = trace(|| {
        root(|| {
            let _span = throughline::span!("plain").entered();
            chunks().iter().for_each(record_chunk);
        });
    });
    assert_eq!(trace.span("root").get("throughline.llm.total.cost"), "0.000435");
    assert_eq!(trace.span("root").get("throughline.llm.total.unpriced_calls"), "");
}

/// What the whole stream gives. The clock moves a millisecond each time it is read: once for each chunk.
const WHOLE: &str = "\
gen_ai.request.stream=true
gen_ai.response.finish_reasons=[stop]
gen_ai.response.id=c-1
gen_ai.response.model=gpt-4o-mini-2024-07-18
gen_ai.response.time_to_first_chunk=0.001
gen_ai.usage.cache_read.input_tokens=200
gen_ai.usage.cost=0.000435
gen_ai.usage.input_tokens=1000
gen_ai.usage.output_tokens=500
throughline.llm.chunks=4
throughline.llm.output_tokens_per_second=RATE
throughline.llm.time_per_output_chunk=0.001
throughline.llm.time_to_first_content=0.001";

fn whole() -> String {
    // 500 tokens in the 3 ms from the first chunk to the last.
    let rate = ((500.0 / 0.003_f64) * 1e12).round() / 1e12;
    WHOLE.replace("RATE", &rate.to_string())
}

#[test]
fn chunks_recorded_by_hand_add_up() {
    let trace = trace(|| root(|| call(|_| chunks().iter().for_each(record_chunk))));
    assert_eq!(trace.span("call").lines(&["gen_ai.", "throughline."]), whole());
    assert_eq!(trace.span("root").get("throughline.llm.total.cost"), "0.000435");
}

#[test]
fn chunks_recorded_in_a_span_that_nobody_said_is_a_model_call_add_up_too() {
    let trace = trace(|| {
        let _span = throughline::span!("plain").entered();
        chunks().iter().for_each(record_chunk);
    });
    let span = trace.span("plain");
    assert_eq!(span.get("gen_ai.usage.input_tokens"), "1000");
    assert_eq!(span.get("gen_ai.response.finish_reasons"), "[stop]");
    assert_eq!(span.get("throughline.llm.chunks"), "4");
    assert_eq!(span.get("throughline.llm.total.calls"), "1");
    // When the request was made is not known here.
    assert_eq!(span.get("gen_ai.response.time_to_first_chunk"), "");
}

#[test]
fn an_observed_stream_is_recorded_as_it_is_read() {
    let trace = trace(|| {
        root(|| {
            call(|_| assert_eq!(read(observe(stream::iter(chunks())), ALL), 4));
        });
    });
    assert_eq!(trace.span("call").lines(&["gen_ai.", "throughline."]), whole());
    assert_eq!(trace.span("call").outcome, Outcome::Ok);
    assert_eq!(trace.len(), 2);
}

#[test]
fn an_observed_stream_may_be_of_results() {
    let items = || stream::iter(chunks().into_iter().map(Ok::<_, std::io::Error>));
    let trace = trace(|| {
        root(|| {
            call(|_| assert_eq!(read(observe(items()), ALL), 4));
        });
    });
    assert_eq!(trace.span("call").lines(&["gen_ai.", "throughline."]), whole());
}

#[test]
fn the_first_content_is_not_the_chunk_that_brings_the_role() {
    let choice =
        |delta: Value| chunk(json!([{"index": 0, "delta": delta, "finish_reason": null}]), Value::Null);
    let role = || choice(json!({"role": "assistant", "content": ""}));
    let trace = trace(|| {
        root(|| {
            let text = [role(), role(), choice(json!({"content": "Hi"})), choice(json!({"content": "!"}))];
            call(|_| assert_eq!(read(observe(stream::iter(text)), ALL), 4));
        });
    });
    let span = trace.span("call");
    assert_eq!(span.get("gen_ai.response.time_to_first_chunk"), "0.001");
    assert_eq!(span.get("throughline.llm.time_to_first_content"), "0.003");
}

#[test]
fn a_stream_without_content_has_no_time_to_it() {
    let usage = json!({"prompt_tokens": 9, "completion_tokens": 0, "total_tokens": 9});
    let trace = trace(|| {
        root(|| {
            call(|_| assert_eq!(read(observe(stream::iter([chunk(json!([]), usage)])), ALL), 1));
        });
    });
    assert_eq!(trace.span("call").get("gen_ai.response.time_to_first_chunk"), "0.001");
    assert_eq!(trace.span("call").get("throughline.llm.time_to_first_content"), "");
}

#[test]
fn a_stream_that_breaks_has_the_finish_reason_error() {
    let items = || {
        let broken = Err(std::io::Error::other("connection reset"));
        stream::iter(chunks().into_iter().take(2).map(Ok).chain([broken]))
    };
    let trace = trace(|| {
        root(|| {
            call(|_| assert_eq!(read(observe(items()), ALL), 3));
        });
    });
    let span = trace.span("call");
    assert_eq!(span.get("gen_ai.response.finish_reasons"), "[error]");
    assert_eq!(span.get("error.type"), "std::io::error::Error");
    assert_eq!(span.message.as_deref(), Some("connection reset"));
    assert_eq!(span.outcome, Outcome::Error);
    assert_eq!(span.get("throughline.llm.chunks"), "2");
}

#[test]
fn a_stream_that_is_dropped_is_cancelled_with_its_usage_as_far_as_seen() {
    let start = json!({"type": "message_start", "message": {"id": "m", "model": "claude-sonnet-4-5",
        "usage": {"input_tokens": 25, "output_tokens": 1}}});
    let more = json!({"type": "content_block_delta", "delta": {"type": "text_delta", "text": "x"}});
    let trace = trace(|| {
        root(|| {
            call(|_| assert_eq!(read(observe(stream::iter([start, more.clone(), more])), 2), 2));
        });
    });
    let span = trace.span("call");
    assert_eq!(span.outcome, Outcome::Cancelled);
    assert_eq!(span.get("gen_ai.usage.input_tokens"), "25");
    assert_eq!(span.get("gen_ai.usage.output_tokens"), "1");
    assert_eq!(span.get("gen_ai.response.finish_reasons"), "");
}

#[test]
fn a_stream_that_is_left_after_the_model_finished_is_not_cancelled() {
    let trace = trace(|| {
        root(|| {
            call(|_| assert_eq!(read(observe(stream::iter(chunks())), 3), 3));
        });
    });
    assert_eq!(trace.span("call").outcome, Outcome::Ok);
}

#[test]
fn an_error_that_comes_as_a_chunk_is_one() {
    let error = json!({"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}});
    let trace = trace(|| root(|| call(|_| record_chunk(&error))));
    assert_eq!(trace.span("call").get("error.type"), "overloaded_error");
    assert_eq!(trace.span("call").get("gen_ai.response.finish_reasons"), "[error]");
    assert_eq!(trace.span("call").outcome, Outcome::Error);
}

#[test]
fn a_stream_that_outlives_its_call_has_a_span_of_its_own_and_counts_once() {
    let trace = trace(|| {
        root(|| {
            let stream = call(|_| {
                let mut stream = Box::pin(observe(stream::iter(chunks())));
                assert_eq!(read(stream.as_mut(), 1), 1);
                stream
            });
            assert_eq!(read(stream, ALL), 3);
        });
    });
    let (call, stream) = (trace.span("call"), trace.span("llm stream"));
    assert_eq!(stream.parent, Some(call.id));
    assert_eq!(call.lines(&["gen_ai.usage."]), "");
    assert_eq!(stream.get("gen_ai.provider.name"), "openai");
    assert_eq!(stream.get("gen_ai.request.model"), "gpt-4o-mini");
    assert_eq!(stream.get("gen_ai.usage.input_tokens"), "1000");
    assert_eq!(stream.get("gen_ai.usage.cost"), "0.000435");
    assert_eq!(stream.get("throughline.llm.chunks"), "4");
    assert_eq!(trace.span("root").get("throughline.llm.total.calls"), "1");
    assert_eq!(trace.span("root").get("throughline.llm.total.input_tokens"), "1000");
}

#[test]
fn what_is_used_after_the_local_root_has_ended_is_in_a_span_linked_to_it() {
    let trace = trace(|| {
        let stream = root(|| {
            record_in_another_call();
            call(|_| observe(stream::iter(chunks())))
        });
        assert_eq!(read(stream, ALL), 4);
    });
    let (root, late) = (trace.span("root"), trace.span("llm totals"));
    assert_eq!(root.get("throughline.llm.total.input_tokens"), "7");
    // The end of the root, two numbers for the stream's span, four chunks, and the end of the stream.
    let expected = "\
throughline.llm.total.cached_tokens=200
throughline.llm.total.calls=1
throughline.llm.total.cost=0.000435
throughline.llm.total.input_tokens=1000
throughline.llm.total.model_time=0.007
throughline.llm.total.output_tokens=500";
    assert_eq!(late.lines(&[""]), expected);
    assert_eq!(late.links, [root.id]);
}

fn record_in_another_call() {
    let _span = throughline::span!("another call").entered();
    throughline::llm::record(&throughline::llm::Usage { input: 7, ..Default::default() });
}

#[test]
fn a_stream_observed_where_nothing_is_recorded_passes_through() {
    assert_eq!(read(observe(stream::iter(chunks())), ALL), 4);
}
