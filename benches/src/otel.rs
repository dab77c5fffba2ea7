//! The cases in the hands of the OpenTelemetry SDK with its batch processor.

use std::any::Any;
use std::hint::black_box;
use std::sync::OnceLock;

use opentelemetry::trace::{FutureExt, TraceContextExt, Tracer, TracerProvider};
use opentelemetry::{Context, KeyValue};
use opentelemetry_sdk::trace::{
    BatchConfigBuilder, BatchSpanProcessor, Sampler, SdkTracer, SdkTracerProvider, SpanExporter,
};

use crate::bytes::{ToBytes, ToNowhere, resource};
use crate::driver::{SPANS, Scenario, Yields, block_on, nothing, unprepared};

/// The scenario of a case.
pub fn scenario(case: &str) -> Option<Scenario> {
    let collected =
        |round| Scenario { prepare: || collect(ToNowhere, Sampler::AlwaysOn), round, settle: flush };
    Some(match case {
        "off" => Scenario {
            prepare: unprepared,
            round: || {
                let tracer = opentelemetry::global::tracer("benches");
                repeat(SPANS, |n| tracer.in_span("child", |_| n));
            },
            settle: nothing,
        },
        "not_sampled" => Scenario {
            prepare: || collect(ToNowhere, Sampler::AlwaysOff),
            round: || traces(SPANS / 100, || repeat(99, child)),
            settle: flush,
        },
        "first" => collected(|| traces(1, || ())),
        "trace_1" => collected(|| traces(SPANS, || ())),
        "trace_10" => collected(|| traces(SPANS / 10, || repeat(9, child))),
        "trace_100" => collected(|| traces(SPANS / 100, || repeat(99, child))),
        "attributes_3" => {
            collected(|| traces(SPANS / 100, || repeat(99, |n| attributes(n as i64, "alice", n as f64))))
        }
        "async_ready" => collected(|| traces(SPANS / 100, || repeat(99, |n| block_on(ready(n))))),
        "async_yields_3" => collected(|| traces(SPANS / 100, || repeat(99, |n| block_on(yields_3(n))))),
        _ => return None,
    })
}

/// The SDK, to bytes.
pub fn to_bytes() -> Box<dyn Any> {
    collect(ToBytes::default(), Sampler::AlwaysOn)
}

static PROVIDER: OnceLock<(SdkTracerProvider, SdkTracer)> = OnceLock::new();

/// The provider of the process, which `tracing-opentelemetry` shares.
pub fn provider(exporter: impl SpanExporter + 'static, sampler: Sampler) -> &'static SdkTracerProvider {
    let (provider, _) = PROVIDER.get_or_init(|| {
        // The default of 2,048 spans would lose some of what is made between two flushes.
        let batches = BatchConfigBuilder::default().with_max_queue_size(1 << 16).build();
        let provider = SdkTracerProvider::builder()
            .with_resource(resource())
            .with_sampler(Sampler::ParentBased(Box::new(sampler)))
            .with_span_processor(BatchSpanProcessor::builder(exporter).with_batch_config(batches).build())
            .build();
        let tracer = provider.tracer("benches");
        (provider, tracer)
    });
    provider
}

fn collect(exporter: impl SpanExporter + 'static, sampler: Sampler) -> Box<dyn Any> {
    provider(exporter, sampler);
    Box::new(())
}

/// Waits until the exporter has taken all.
pub fn flush() {
    let flushed = PROVIDER.get().is_some_and(|(provider, _)| provider.force_flush().is_ok());
    assert!(flushed, "the exporter takes what there is");
}

fn tracer() -> &'static SdkTracer {
    &PROVIDER.get().expect("a round comes after its preparation").1
}

fn repeat<R>(times: u64, each: impl Fn(u64) -> R) {
    for n in 0..times {
        black_box(each(black_box(n)));
    }
}

fn traces(count: u64, inside: impl Fn()) {
    for _ in 0..count {
        tracer().in_span("root", |_| inside());
    }
}

#[inline(never)]
fn child(n: u64) -> u64 {
    tracer().in_span("child", |_| black_box(n))
}

#[inline(never)]
fn attributes(id: i64, name: &str, score: f64) -> i64 {
    let attributes = vec![
        KeyValue::new("user.id", id),
        KeyValue::new("user.name", name.to_owned()),
        KeyValue::new("score", score),
    ];
    let span = tracer().span_builder("attributes").with_attributes(attributes).start(tracer());
    let _guard = Context::current_with_span(span).attach();
    black_box(id)
}

fn ready(n: u64) -> impl Future<Output = u64> {
    let context = Context::current_with_span(tracer().start("ready"));
    async move { black_box(n) }.with_context(context)
}

fn yields_3(n: u64) -> impl Future<Output = u64> {
    let context = Context::current_with_span(tracer().start("yields"));
    let body = async move {
        Yields(3).await;
        black_box(n)
    };
    body.with_context(context)
}
