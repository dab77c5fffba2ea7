//! The cases in our hands: what an annotated function expands to.

use std::any::Any;
use std::hint::black_box;
use std::sync::OnceLock;
use std::time::Duration;

use throughline::propagation::TraceParent;
use throughline::span::{Callsite, Sink, SpanView, Value, current, future, guard};
use throughline::{Context, ContextParts, Flags, Pipeline};

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

fn collect() -> Box<dyn Any> {
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

/// At the end: a dropped span would be a cheap one, and make the count a lie.
struct NothingLost;

impl Drop for NothingLost {
    fn drop(&mut self) {
        let stats = PIPELINE.get().map(Pipeline::stats).unwrap_or_default();
        assert_eq!((stats.dropped_spans(), stats.dropped_records), (0, 0));
    }
}

fn flush() {
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

fn repeat<R>(times: u64, each: impl Fn(u64) -> R) {
    for n in 0..times {
        black_box(each(black_box(n)));
    }
}

static ROOT: Callsite = Callsite::new("root", module_path!(), file!(), line!(), &[]);
static CHILD: Callsite = Callsite::new("child", module_path!(), file!(), line!(), &[]);
static ATTRIBUTES: Callsite =
    Callsite::new("attributes", module_path!(), file!(), line!(), &["user.id", "user.name", "score"]);
static READY: Callsite = Callsite::new("ready", module_path!(), file!(), line!(), &[]);
static YIELDS: Callsite = Callsite::new("yields", module_path!(), file!(), line!(), &[]);

fn traces(count: u64, inside: impl Fn()) {
    for _ in 0..count {
        let _guard = guard::enter(&ROOT);
        inside();
    }
}

#[inline(never)]
fn child(n: u64) -> u64 {
    let _guard = guard::enter(&CHILD);
    black_box(n)
}

#[inline(never)]
fn attributes(id: i64, name: &str, score: f64) -> i64 {
    let _guard = guard::enter(&ATTRIBUTES);
    current::record(&ATTRIBUTES, [(0, Value::I64(id)), (1, Value::Str(name)), (2, Value::F64(score))]);
    black_box(id)
}

fn async_ready() {
    traces(SPANS / 100, || repeat(99, |n| block_on(ready(n))));
}

fn ready(n: u64) -> impl Future<Output = u64> {
    future::traced(&READY, async move { black_box(n) }, |_| ())
}

fn yields_3(n: u64) -> impl Future<Output = u64> {
    let body = async move {
        Yields(3).await;
        black_box(n)
    };
    future::traced(&YIELDS, body, |_| ())
}

fn write() {
    let parent = black_box(TraceParent::parse(TRACEPARENT));
    repeat(SPANS, |_| parent.map(|parent| black_box(parent).to_bytes()));
}

fn parse() {
    repeat(SPANS, |_| TraceParent::parse(black_box(TRACEPARENT)));
}
