//! The cases in the hands of fastrace, in the cheapest form that its documentation shows.

use std::any::Any;
use std::hint::black_box;

use fastrace::collector::{Config, Reporter, SpanRecord};
use fastrace::prelude::{LocalSpan, Span, SpanContext};

use crate::driver::{SPANS, Scenario, Yields, block_on, nothing, unprepared};

const TRACEPARENT: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

/// The scenario of a case.
pub fn scenario(case: &str) -> Option<Scenario> {
    let collected = |round| Scenario { prepare: collect, round, settle: fastrace::flush };
    Some(match case {
        "off" => Scenario { prepare: unprepared, round: || repeat(SPANS, child), settle: nothing },
        "not_sampled" => collected(|| traces(SPANS / 100, false, || repeat(99, child))),
        "first" => collected(|| traces(1, true, || ())),
        "trace_1" => collected(|| traces(SPANS, true, || ())),
        "trace_10" => collected(|| traces(SPANS / 10, true, || repeat(9, child))),
        "trace_100" => collected(|| traces(SPANS / 100, true, || repeat(99, child))),
        "attributes_3" => collected(|| {
            traces(SPANS / 100, true, || repeat(99, |n| attributes(n as i64, "alice", n as f64)))
        }),
        // A request's ID is nothing that fastrace knows of, so the case is the same without one.
        "async_ready" | "async_request_id" => {
            collected(|| traces(SPANS / 100, true, || repeat(99, |n| block_on(ready(n)))))
        }
        "async_yields_3" => collected(|| traces(SPANS / 100, true, || repeat(99, |n| block_on(yields_3(n))))),
        "traceparent_write" => Scenario { prepare: unprepared, round: write, settle: nothing },
        "traceparent_parse" => Scenario { prepare: unprepared, round: parse, settle: nothing },
        _ => return None,
    })
}

/// Takes the spans and throws them away: what it costs to make them is what counts here.
struct Nowhere;

impl Reporter for Nowhere {
    fn report(&mut self, _: Vec<SpanRecord>) {}
}

fn collect() -> Box<dyn Any> {
    fastrace::set_reporter(Nowhere, Config::default());
    Box::new(())
}

fn repeat<R>(times: u64, each: impl Fn(u64) -> R) {
    for n in 0..times {
        black_box(each(black_box(n)));
    }
}

fn traces(count: u64, sampled: bool, inside: impl Fn()) {
    for _ in 0..count {
        let root = Span::root("root", SpanContext::random().sampled(sampled));
        let _guard = root.set_local_parent();
        inside();
    }
}

#[fastrace::trace(name = "child")]
fn child(n: u64) -> u64 {
    black_box(n)
}

fn attributes(id: i64, name: &str, score: f64) -> i64 {
    let _guard = LocalSpan::enter_with_local_parent("attributes").with_properties(|| {
        [("user.id", id.to_string()), ("user.name", name.to_owned()), ("score", score.to_string())]
    });
    black_box(id)
}

#[fastrace::trace(name = "ready")]
async fn ready(n: u64) -> u64 {
    black_box(n)
}

#[fastrace::trace(name = "yields")]
async fn yields_3(n: u64) -> u64 {
    Yields(3).await;
    black_box(n)
}

fn write() {
    let context = black_box(SpanContext::decode_w3c_traceparent(TRACEPARENT));
    repeat(SPANS, |_| context.map(|context| black_box(context).encode_w3c_traceparent()));
}

fn parse() {
    repeat(SPANS, |_| SpanContext::decode_w3c_traceparent(black_box(TRACEPARENT)));
}
