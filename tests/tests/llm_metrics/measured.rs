//! What is measured of which spans.

use std::pin::pin;
use std::task::{Context, Poll, Waker};

use futures_util::stream::{self, Stream};
use opentelemetry_proto::tonic::metrics::v1::AggregationTemporality;
use serde_json::{Value, json};
use throughline::llm::{attempt, observe};
use throughline::{llm_span, retrieval_span, tool_span, traced};

use crate::subject::{DURATION, FIRST_CHUNK, PER_CHUNK, Subject, TOKENS, answer, ask, measured};

const SECONDS: [f64; 14] =
    [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92];

/// 1, 4, 16 .. 67,108,864, as the conventions list them.
fn token_bounds() -> Vec<f64> {
    (0..14).map(|power| 4_f64.powi(power)).collect()
}

#[test]
fn a_call_is_measured_by_its_duration_and_its_tokens() {
    let points = measured(|| drop(ask(1000, 5)));
    assert_eq!(points.0.len(), 3, "{points:#?}");
    let duration = points.only(DURATION);
    assert_eq!((duration.unit.as_str(), duration.bounds.as_slice()), ("s", &SECONDS[..]));
    assert_eq!(
        duration.line(),
        "gen_ai.operation.name=chat gen_ai.provider.name=openai gen_ai.request.model=gpt-4o-mini \
         gen_ai.response.model=gpt-4o-mini-2024-07-18"
    );
    assert_eq!(duration.temporality, AggregationTemporality::Cumulative);
    assert_eq!((duration.count, duration.filled()), (1, vec![(0.01, 1)]));
    assert_eq!(duration.buckets.len(), 15);
    assert!(duration.sum > 0.0 && duration.sum == duration.min && duration.sum == duration.max);
    let (input, output) = (points.tokens("input"), points.tokens("output"));
    assert_eq!((input.unit.as_str(), input.bounds.clone()), ("{token}", token_bounds()));
    assert_eq!((input.count, input.sum, input.filled()), (1, 1000.0, vec![(1024.0, 1)]));
    assert_eq!((output.count, output.sum, output.filled()), (1, 5.0, vec![(16.0, 1)]));
    assert_eq!(
        input.line(),
        "gen_ai.operation.name=chat gen_ai.provider.name=openai gen_ai.request.model=gpt-4o-mini \
         gen_ai.response.model=gpt-4o-mini-2024-07-18 gen_ai.token.type=input"
    );
}

#[test]
fn a_value_at_a_bound_is_in_the_bucket_below_it_and_a_large_one_in_the_last() {
    let points = measured(|| {
        for input in [0, 1, 2, 4, 67_108_864, 67_108_865] {
            ask(input, 1);
        }
    });
    let input = points.tokens("input");
    assert_eq!(input.filled(), [(1.0, 2), (4.0, 2), (67_108_864.0, 1), (f64::INFINITY, 1)]);
    assert_eq!((input.min, input.max, input.sum), (0.0, 67_108_865.0, 134_217_736.0));
}

#[llm_span(provider = "openai", model = "gpt-4o-mini", fields(server.address = "llm.example", server.port = 8443))]
fn refused() -> Result<Value, std::num::ParseIntError> {
    "no number".parse::<u8>().map(|_| Value::Null)
}

#[llm_span(provider = "openai", model = "gpt-4o-mini")]
fn panics() -> Value {
    std::panic::resume_unwind(Box::new("on purpose"))
}

#[llm_span(provider = "openai", model = "gpt-4o-mini")]
async fn never() -> Value {
    std::future::pending().await
}

#[test]
fn how_a_call_failed_and_where_is_on_its_duration() {
    let points = measured(|| {
        let _ = refused();
        let _panicked = std::panic::catch_unwind(panics);
        assert!(pin!(never()).as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
    });
    let lines: Vec<_> = points.of(DURATION).iter().map(|point| point.line()).collect();
    let of = |error: &str, server: &str| {
        format!(
            "error.type={error} gen_ai.operation.name=chat gen_ai.provider.name=openai \
             gen_ai.request.model=gpt-4o-mini{server}"
        )
    };
    let server = " server.address=llm.example server.port=8443";
    assert_eq!(
        lines,
        [of("cancelled", ""), of("core::num::error::ParseIntError", server), of("panicked", "")]
    );
    assert_eq!(points.0.len(), 3, "nothing is known of tokens: {points:#?}");
}

#[llm_span(provider = "openai", model = "gpt-4o-mini")]
fn answered_and_rejected() -> Result<Value, String> {
    throughline::llm::record(&answer(7, 2));
    Err("no JSON".to_owned())
}

#[test]
fn tokens_of_a_call_that_failed_are_counted_with_those_of_others() {
    let points = measured(|| {
        let _ = answered_and_rejected();
        ask(3, 1);
    });
    let durations: Vec<_> =
        points.of(DURATION).iter().map(|point| point.line().contains("error.type")).collect();
    assert_eq!(durations, [true, false]);
    assert_eq!((points.tokens("input").count, points.tokens("input").sum), (2, 10.0));
}

/// Chunks, the last one with the usage.
fn chunks(count: u64) -> Vec<Value> {
    let text = json!({"id": "c-1", "model": "gpt-4o-mini-2024-07-18",
        "choices": [{"index": 0, "delta": {"content": "x"}, "finish_reason": null}]});
    let last = json!({"id": "c-1", "model": "gpt-4o-mini-2024-07-18", "choices": [],
        "usage": {"prompt_tokens": 7, "completion_tokens": 3}});
    (1..count).map(|_| text.clone()).chain([last]).collect()
}

/// Reads up to `items` items, which are all ready.
fn read(stream: impl Stream, items: usize) -> usize {
    let mut stream = pin!(stream);
    let mut context = Context::from_waker(Waker::noop());
    (0..items).take_while(|_| matches!(stream.as_mut().poll_next(&mut context), Poll::Ready(Some(_)))).count()
}

#[llm_span(provider = "openai", model = "gpt-4o-mini")]
fn stream_of(count: u64) -> impl Stream<Item = Value> {
    stream::iter(chunks(count))
}

#[test]
fn a_stream_gives_the_time_to_its_first_chunk_and_a_gap_for_each_later_one() {
    let points = measured(|| assert_eq!(read(stream_of(5), usize::MAX), 5));
    let (first, gaps) = (points.only(FIRST_CHUNK), points.only(PER_CHUNK));
    assert_eq!((first.unit.as_str(), first.bounds.as_slice()), ("s", &SECONDS[..]));
    assert_eq!((first.count, first.filled()), (1, vec![(0.01, 1)]));
    assert_eq!(gaps.bounds, SECONDS);
    assert_eq!((gaps.count, gaps.filled()), (4, vec![(0.01, 4)]));
    // The counted time moves a millisecond from chunk to chunk.
    assert!((gaps.sum - 0.004).abs() < 1e-12, "{}", gaps.sum);
    assert_eq!(first.line(), points.only(DURATION).line());
    assert_eq!(gaps.line(), points.only(DURATION).line());
    assert_eq!(points.tokens("output").sum, 3.0);
}

#[test]
fn a_stream_of_one_chunk_has_no_gap_and_a_whole_answer_no_first_chunk() {
    let points = measured(|| {
        assert_eq!(read(stream_of(1), usize::MAX), 1);
        ask(1, 1);
    });
    assert_eq!(points.only(FIRST_CHUNK).count, 1);
    assert_eq!(points.of(PER_CHUNK).len(), 0);
    assert_eq!(points.only(DURATION).count, 2);
}

#[llm_span(provider = "openai", model = "gpt-4o-mini")]
fn leaves_its_stream(count: u64) -> (u64, std::pin::Pin<Box<dyn Stream<Item = Value> + Send>>) {
    (count, Box::pin(observe(stream::iter(chunks(count)))))
}

#[test]
fn a_stream_that_outlives_its_call_adds_tokens_and_no_second_call() {
    let points = measured(|| {
        let (count, stream) = leaves_its_stream(3);
        assert_eq!(read(stream, usize::MAX) as u64, count);
    });
    assert_eq!(points.only(DURATION).count, 1);
    assert_eq!(points.tokens("input").sum, 7.0);
    assert_eq!(points.only(PER_CHUNK).count, 2);
}

#[llm_span(provider = "openai", model = "gpt-4o-mini")]
async fn asks_twice() -> Result<Value, String> {
    let refused = attempt(async || Err::<Value, _>("429".to_owned())).await;
    assert!(refused.is_err());
    attempt(async || Ok(answer(7, 2))).await
}

#[tool_span]
fn look_up() -> u32 {
    7
}

#[retrieval_span(data_source = "docs")]
fn search() -> Vec<String> {
    Vec::new()
}

/// An agent as its own attribute or another library writes it: with a provider and the tokens of all its calls.
#[traced(fields(
    gen_ai.operation.name = "invoke_agent",
    gen_ai.provider.name = "openai",
    gen_ai.usage.input_tokens = 7
))]
fn agent() {
    look_up();
    search();
    let call = async { asks_twice().await.map(drop) };
    assert_eq!(tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(call), Ok(()));
}

#[test]
fn only_calls_of_models_are_measured_once_however_often_they_were_tried() {
    let subject = Subject::new();
    assert!(subject.run(agent));
    let spans: Vec<_> = subject.memory.trace().spans().map(|span| span.name().to_owned()).collect();
    assert_eq!(spans.iter().filter(|name| *name == "llm attempt").count(), 2, "{spans:?}");
    let points = subject.points();
    assert_eq!(points.only(DURATION).count, 1);
    assert_eq!((points.tokens("input").count, points.tokens("input").sum), (1, 7.0));
    assert_eq!(points.of(TOKENS).len(), 2);
}

#[test]
fn operations_other_than_chats_are_told_apart() {
    let points = measured(|| {
        embed();
        ask(1, 1);
    });
    let lines: Vec<_> = points.of(TOKENS).iter().map(|point| point.line()).collect();
    assert_eq!(lines.len(), 3, "{lines:#?}");
    assert!(
        lines[2].starts_with("gen_ai.operation.name=embeddings gen_ai.provider.name=openai"),
        "{lines:#?}"
    );
    assert!(lines[2].ends_with("gen_ai.token.type=input"), "{lines:#?}");
}

#[traced(kind = "client", fields(
    gen_ai.operation.name = "embeddings",
    gen_ai.provider.name = "openai",
    gen_ai.request.model = "text-embedding-3-small"
))]
fn embed() {
    throughline::set("gen_ai.usage.input_tokens", 9);
}
