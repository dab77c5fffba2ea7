//! The cases in the hands of `tracing` with `tracing-opentelemetry`, in the leanest form its builder allows.

use std::any::Any;
use std::hint::black_box;

use opentelemetry::trace::TracerProvider;
use opentelemetry_sdk::trace::{Sampler, SpanExporter};
use tracing_subscriber::layer::SubscriberExt;

use crate::bytes::{ToBytes, ToNowhere};
use crate::driver::{SPANS, Scenario, Yields, block_on, nothing, unprepared};
use crate::otel;

/// The scenario of a case.
pub fn scenario(case: &str) -> Option<Scenario> {
    let collected =
        |round| Scenario { prepare: || collect(ToNowhere, Sampler::AlwaysOn), round, settle: otel::flush };
    Some(match case {
        "off" => Scenario { prepare: unprepared, round: || repeat(SPANS, child), settle: nothing },
        "not_sampled" => Scenario {
            prepare: || collect(ToNowhere, Sampler::AlwaysOff),
            round: || traces(SPANS / 100, || repeat(99, child)),
            settle: otel::flush,
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

/// The layer, to bytes.
pub fn to_bytes() -> Box<dyn Any> {
    collect(ToBytes::default(), Sampler::AlwaysOn)
}

fn collect(exporter: impl SpanExporter + 'static, sampler: Sampler) -> Box<dyn Any> {
    let layer = tracing_opentelemetry::layer()
        .with_tracer(otel::provider(exporter, sampler).tracer("benches"))
        .with_location(false)
        .with_threads(false)
        .with_target(false)
        .with_level(false)
        .with_tracked_inactivity(false);
    let subscriber = tracing_subscriber::registry().with(layer);
    tracing::subscriber::set_global_default(subscriber).expect("a process runs one case");
    Box::new(())
}

fn repeat<R>(times: u64, each: impl Fn(u64) -> R) {
    for n in 0..times {
        black_box(each(black_box(n)));
    }
}

fn traces(count: u64, inside: impl Fn()) {
    for _ in 0..count {
        root(&inside);
    }
}

#[tracing::instrument(skip_all)]
fn root(inside: impl Fn()) {
    inside();
}

#[inline(never)]
#[tracing::instrument(skip_all)]
fn child(n: u64) -> u64 {
    black_box(n)
}

#[inline(never)]
#[tracing::instrument(skip_all, fields(user.id = id, user.name = name, score = score))]
fn attributes(id: i64, name: &str, score: f64) -> i64 {
    black_box(id)
}

#[tracing::instrument(skip_all)]
async fn ready(n: u64) -> u64 {
    black_box(n)
}

#[tracing::instrument(skip_all)]
async fn yields_3(n: u64) -> u64 {
    Yields(3).await;
    black_box(n)
}
