//! The cases in our hands: annotated functions, as a user writes them.

use std::any::Any;
use std::hint::black_box;
use std::sync::OnceLock;
use std::time::Duration;

use throughline::propagation::TraceParent;
use throughline::span::{Sink, SpanView};
use throughline::{Context, ContextParts, Flags, Pipeline, traced};

use crate::driver::{SPANS, Scenario, Yields, block_on, nothing, unprepared};

const TRACEPARENT: &[u8] = b"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

/// The scenario of a case.
pub fn scenario(case: &str) -> Option<Scenario> {
    let collected = |round| Scenario { prepare: collect, round, settle: flush };
    Some(match case {
        "off" => Scenario { prepare: unprepared, round: || repeat(SPANS, child), settle: nothing },
        "not_sampled" => Scenario {
            prepare: || under(Context::from(remote(Flags::default()))),
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
        "async_ready" => collected(async_ready),
        "async_request_id" => Scenario {
            prepare: || {
                let request_id = "req-abc".parse().ok();
                under(Context::from(ContextParts { request_id, ..ContextParts::default() }))
            },
            round: async_ready,
            settle: flush,
        },
        "async_yields_3" => collected(|| traces(SPANS / 100, || repeat(99, |n| block_on(yields_3(n))))),
        "traceparent_write" => Scenario { prepare: unprepared, round: write, settle: nothing },
        "traceparent_parse" => Scenario { prepare: unprepared, round: parse, settle: nothing },
        _ => return None,
    })
}

/// Takes the spans and throws them away: what it costs to make them is what counts here.
struct Nowhere;

impl Sink for Nowhere {
    fn span(&mut self, _: &SpanView<'_>) {}
}

static PIPELINE: OnceLock<Pipeline> = OnceLock::new();

pub(crate) fn collect() -> Box<dyn Any> {
    collect_into(Nowhere)
}

/// Installs the pipeline of the process, with this sink.
pub fn collect_into(sink: impl Sink + 'static) -> Box<dyn Any> {
    let pipeline = PIPELINE.get_or_init(|| Pipeline::builder().sink(sink).start().expect("a thread starts"));
    assert!(pipeline.install(), "a process runs one case");
    Box::new(NothingLost)
}

/// Collects, with `context` current.
fn under(context: Context) -> Box<dyn Any> {
    let collecting = collect();
    Box::new((context.attach(), collecting))
}

/// Collects, in a request that came with a trace and an ID.
#[cfg(feature = "layers")]
pub(crate) fn in_a_request() -> Box<dyn Any> {
    let request_id = "req-abc".parse().ok();
    under(Context::from(ContextParts { request_id, ..remote(Flags::SAMPLED) }))
}

/// At the end: a dropped span would be a cheap one, and make the count a lie.
struct NothingLost;

impl Drop for NothingLost {
    fn drop(&mut self) {
        let stats = PIPELINE.get().map(Pipeline::stats).unwrap_or_default();
        assert_eq!((stats.dropped_spans(), stats.dropped_records), (0, 0));
    }
}

pub(crate) fn flush() {
    let flushed = PIPELINE.get().is_some_and(|pipeline| pipeline.flush(Duration::from_secs(60)));
    assert!(flushed, "the worker takes what there is");
}

fn remote(flags: Flags) -> ContextParts {
    let parent = TraceParent::parse(TRACEPARENT).expect("it is valid");
    ContextParts {
        trace_id: Some(parent.trace_id),
        span_id: Some(parent.span_id),
        flags,
        ..ContextParts::default()
    }
}

/// Each peer has the same beside its own functions. What the compiler makes of a unit depends on where the loop around it
/// stands: in a module that all share, a call while nothing is collected took 24 instructions instead of 15, inlined from
/// there 14, and a traceparent 174 instead of 122.
pub(crate) fn repeat<R>(times: u64, each: impl Fn(u64) -> R) {
    for n in 0..times {
        black_box(each(black_box(n)));
    }
}

fn traces(count: u64, inside: impl Fn()) {
    for _ in 0..count {
        root(&inside);
    }
}

#[traced]
fn root(inside: impl Fn()) {
    inside();
}

#[traced]
fn child(n: u64) -> u64 {
    black_box(n)
}

#[traced(fields(user.id = id, user.name = name, score = score))]
fn attributes(id: i64, name: &str, score: f64) -> i64 {
    black_box(id)
}

fn async_ready() {
    traces(SPANS / 100, || repeat(99, |n| block_on(ready(n))));
}

#[traced]
async fn ready(n: u64) -> u64 {
    black_box(n)
}

#[traced]
async fn yields_3(n: u64) -> u64 {
    Yields(3).await;
    black_box(n)
}

fn write() {
    let parent = black_box(TraceParent::parse(TRACEPARENT));
    repeat(SPANS, |_| parent.map(|parent| black_box(parent).to_bytes()));
}

fn parse() {
    repeat(SPANS, |_| TraceParent::parse(black_box(TRACEPARENT)));
}
