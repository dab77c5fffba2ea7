//! One number, however it is asked for: what spans say of tokens, what metrics and the keys of a profile do, and what local
//! roots add up to, for calls of every kind at once.

mod llm_content_support;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use futures_util::stream::{self, BoxStream};
use futures_util::{StreamExt as _, join};
use llm_content_support::captured;
use serde_json::{Value, json};
use throughline::export::otlp::{MetricsConfig, MetricsSink, Resource};
use throughline::llm::{Content, Profile, Profiled, Usage, attempt, estimate, observe};
use throughline::stats::Counters;
use throughline::{Pipeline, agent_span, embedding_span, llm_span, tool_span, workflow_span};
use throughline_tests::otlp::{self, Encoding, Typed};
use throughline_tests::receiver::Receiver;

const PATIENCE: Duration = Duration::from_secs(60);

type Item = Result<Value, std::io::Error>;

fn answer(id: &str, input: u64) -> Value {
    json!({"id": id, "model": "gpt-4o-mini", "choices": [{"message": {"role": "assistant", "content": id}}],
        "usage": {"prompt_tokens": input, "completion_tokens": 3, "prompt_tokens_details": {"cached_tokens": 1}}})
}

/// The chunks of an answer, which says at its end what it used; without that it does not.
fn chunks(id: &str, input: u64) -> Vec<Item> {
    let chunk = |delta: Value, finish: Value| json!({"id": id, "model": "gpt-4o-mini", "choices": [{"index": 0, "delta": delta, "finish_reason": finish}]});
    let usage = json!({"prompt_tokens": input, "completion_tokens": 7});
    vec![
        Ok(chunk(json!({"content": "twelve bytes"}), Value::Null)),
        Ok(chunk(json!({}), json!("stop"))),
        Ok(json!({"id": id, "model": "gpt-4o-mini", "choices": [], "usage": usage})),
    ]
}

#[llm_span(provider = "openai", model = "gpt-4o-mini", capture(input = id, output))]
async fn whole(id: &str, input: u64) -> Value {
    tokio::task::yield_now().await;
    answer(id, input)
}

#[llm_span(provider = "openai", model = "gpt-4o-mini", capture(input = id, output))]
async fn streamed(id: &str, input: u64) -> Result<BoxStream<'static, Item>, std::io::Error> {
    Ok(stream::iter(chunks(id, input)).boxed())
}

#[llm_span(provider = "openai", model = "gpt-4o-mini")]
async fn estimated(id: &str) -> BoxStream<'static, Item> {
    estimate(Usage { input: 1_000_000, ..Usage::default() });
    stream::iter(chunks(id, 0)).take(2).boxed()
}

/// Refused, broken off, and answered at last.
#[llm_span(provider = "openai", model = "gpt-4o-mini", usage = |_: &String| None::<Usage>)]
async fn retried(input: u64) -> Result<String, std::io::Error> {
    let read = async |chunks: Vec<Item>| {
        let mut chunks = observe(stream::iter(chunks));
        while let Some(chunk) = chunks.next().await {
            chunk?;
        }
        Ok::<_, std::io::Error>(String::new())
    };
    let lost = || Err(std::io::Error::other("lost"));
    assert!(attempt(async || lost().map(|()| String::new())).await.is_err());
    let broken = chunks("broken", 0).into_iter().take(1).chain([lost().map(|()| Value::Null)]);
    assert!(attempt(async || read(broken.collect()).await).await.is_err());
    attempt(async || read(chunks("retried", input)).await).await
}

/// Two answers in one span, of streams that are read in turns.
#[llm_span(provider = "openai", model = "gpt-4o-mini")]
async fn two_at_once(input: u64) -> String {
    let (one, other) = (stream::iter(chunks("one", input)), stream::iter(chunks("other", input)));
    observe(one).zip(observe(other)).count().await.to_string()
}

/// A stream that the signature does not show: it goes on in a span of its own.
#[llm_span(provider = "openai", model = "gpt-4o-mini")]
async fn hidden(input: u64) -> Hidden {
    observe(stream::iter(chunks("hidden", input))).boxed()
}

type Hidden = BoxStream<'static, Item>;

#[embedding_span(provider = "openai", model = "text-embedding-3-small", usage = |vector: &Vec<f32>| Usage { input: vector.len() as u64, ..Usage::default() })]
fn embed(tokens: usize) -> Vec<f32> {
    vec![0.5; tokens]
}

#[tool_span(capture(arguments, result))]
async fn ask_another(input: u64) -> u64 {
    whole("of a tool", input).await;
    input
}

#[agent_span(agent = name, capture(input = name, output))]
async fn work(name: &'static str, input: u64) -> String {
    let spawned = tokio::spawn(whole(name, input));
    join!(ask_another(input), async { streamed(name, input).await.unwrap().count().await });
    spawned.await.unwrap().to_string()
}

#[workflow_span(conversation = "c", request_id = "r-1")]
async fn everything(left: &mut Vec<Hidden>) {
    let (.., retried, _) = join!(work("a", 1), work("b", 10), retried(100), two_at_once(1000));
    retried.unwrap();
    estimated("e").await.count().await;
    hidden(10_000).await.count().await;
    embed(100_000);
    drop(streamed("dropped", 0).await.unwrap().next().await);
    // Read when the workflow is over.
    left.push(hidden(10_000_000).await);
    left.push(streamed("left", 100_000_000).await.unwrap());
}

/// A span as it is sent: its name and attributes.
type Sent = (String, BTreeMap<String, Typed>);

/// The sum of what spans say under `key`.
fn sum(spans: &[Sent], key: &str) -> f64 {
    let number = |value: &Typed| match value {
        Typed::Int(value) => *value as f64,
        Typed::Double(value) => *value,
        other => panic!("{key}: {other:?}"),
    };
    spans.iter().filter_map(|(_, attributes)| attributes.get(key)).map(number).sum()
}

/// The sum of the numbers whose names begin with `kind` in the JSON under `key`.
fn sum_within(spans: &[Sent], key: &str, kind: &str) -> f64 {
    let details = spans.iter().filter_map(|(_, attributes)| match attributes.get(key)? {
        Typed::Str(json) => serde_json::from_str::<BTreeMap<String, f64>>(json).ok(),
        other => panic!("{key}: {other:?}"),
    });
    details.flatten().filter(|(name, _)| name.starts_with(kind)).map(|(_, value)| value).sum()
}

#[test]
fn spans_metrics_profiles_and_roots_agree_on_what_was_used() {
    let receiver = Receiver::answering([]);
    let mut config = MetricsConfig::default();
    config.otlp.endpoint = receiver.metrics_endpoint();
    config.otlp.timeout = PATIENCE;
    let metrics = MetricsSink::new(config, &Resource::new("shop"), Arc::new(Counters::default()));
    let encoding = Encoding::new();
    let profiled = Profiled::new(encoding.clone(), [Profile::OpenInference, Profile::Langfuse], 1 << 20);
    let pipeline = Pipeline::builder().sink(metrics).sink(profiled).deterministic().start().unwrap();
    captured(Content::new(), || {
        let _entered = pipeline.enter();
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let mut left = Vec::new();
            everything(&mut left).await;
            for stream in left {
                stream.count().await;
            }
        });
    });
    assert!(pipeline.flush(PATIENCE));

    let spans = encoding.spans().into_iter().map(|span| (span.name, otlp::attributes(&span.attributes)));
    let spans: Vec<Sent> = spans.collect();
    let points = otlp::points(&receiver.request().content());
    let measured = |kind: &str| -> f64 {
        let is_of_kind = |point: &&otlp::Point| point.line().contains(&format!("gen_ai.token.type={kind}"));
        points.iter().filter(is_of_kind).map(|point| point.sum).sum()
    };

    // By hand: each agent makes three calls, one of them a stream, and the estimate is three tokens for twelve bytes.
    let input = f64::from(3 * (1 + 10) + 100 + 2 * 1000 + 10_000 + 100_000) + 1e6 + 1e7 + 1e8;
    let output = f64::from(2 * (3 + 3 + 7) + 7 + 2 * 7 + 3 + 7 + 7 + 7);
    for (kind, expected, profile) in
        [("input", input, "llm.token_count.prompt"), ("output", output, "llm.token_count.completion")]
    {
        assert_eq!(sum(&spans, &format!("gen_ai.usage.{kind}_tokens")), expected, "{kind} of spans");
        assert_eq!(measured(kind), expected, "{kind} of metrics");
        let total = sum(&spans, &format!("throughline.llm.total.{kind}_tokens"));
        assert_eq!(total, expected, "{kind} of roots");
        assert_eq!(sum(&spans, profile), expected, "{kind} of OpenInference");
        let details = sum_within(&spans, "langfuse.observation.usage_details", kind);
        assert_eq!(details, expected, "{kind} of Langfuse");
    }

    let of_calls = |name: &&Sent| name.0.starts_with("chat ") || name.0.starts_with("embeddings ");
    let durations = points.iter().filter(|point| point.metric == "gen_ai.client.operation.duration");
    let calls = spans.iter().filter(of_calls).count() as u64;
    assert_eq!(durations.map(|point| point.count).sum::<u64>(), calls);
    // Two streams read at once are two answers.
    assert_eq!(sum(&spans, "throughline.llm.total.calls"), calls as f64 + 1.0);

    let cost = |key: &str| (sum(&spans, key) * 1e9).round();
    assert_eq!(cost("llm.cost.total"), cost("gen_ai.usage.cost"));
    assert_eq!(
        (sum_within(&spans, "langfuse.observation.cost_details", "total") * 1e9).round(),
        cost("gen_ai.usage.cost")
    );
    // Roots have the known part too of a call whose first answer broke off and said nothing of its usage, as a dropped one
    // does: a hundred tokens of input and seven of output.
    assert_eq!(cost("throughline.llm.total.cost"), cost("gen_ai.usage.cost") + 19_200.0);
    assert_eq!(sum(&spans, "throughline.llm.total.unpriced_calls"), 2.0);
}
