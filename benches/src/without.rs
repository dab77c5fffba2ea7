//! The cases of the core without a span: the same functions, not annotated.

use std::hint::black_box;

use crate::driver::{SPANS, Scenario, Yields, block_on, nothing, unprepared};
use crate::ours::repeat;

/// The scenario of a case; none where a unit is all ours.
pub fn scenario(case: &str) -> Option<Scenario> {
    let round = match case {
        "off" => || repeat(SPANS, child),
        "trace_1" => || traces(SPANS, || ()),
        "trace_10" => || traces(SPANS / 10, || repeat(9, child)),
        "not_sampled" | "trace_100" => || traces(SPANS / 100, || repeat(99, child)),
        "attributes_3" => || traces(SPANS / 100, || repeat(99, |n| attributes(n as i64, "alice", n as f64))),
        "async_ready" | "async_request_id" => || traces(SPANS / 100, || repeat(99, |n| block_on(ready(n)))),
        "async_yields_3" => || traces(SPANS / 100, || repeat(99, |n| block_on(yields_3(n)))),
        _ => return None,
    };
    Some(Scenario { prepare: unprepared, round, settle: nothing })
}

fn traces(count: u64, inside: impl Fn()) {
    for _ in 0..count {
        inside();
    }
}

fn child(n: u64) -> u64 {
    black_box(n)
}

fn attributes(id: i64, _: &str, _: f64) -> i64 {
    black_box(id)
}

async fn ready(n: u64) -> u64 {
    black_box(n)
}

async fn yields_3(n: u64) -> u64 {
    Yields(3).await;
    black_box(n)
}
