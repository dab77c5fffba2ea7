//! Spans of every level and of several targets, each twice: the second time what the filter said is known.

use futures_util::FutureExt as _;
use throughline::span;
use throughline::span::Level;
use throughline::traced;

pub(super) fn all() {
    for _ in 0..2 {
        error();
        warn();
        info();
        debug();
        trace();
        order();
        query().now_or_never().expect("nothing waits");
        span!(target: "shop::sql", level: Level::Trace, "row").end();
    }
}

#[traced(level = "error", target = "levels")]
fn error() {}

#[traced(level = "warn", target = "levels")]
fn warn() {}

#[traced(target = "levels")]
fn info() {}

#[traced(level = "debug", target = "levels")]
fn debug() {}

#[traced(level = "trace", target = "levels")]
fn trace() {}

#[traced(target = "shop")]
fn order() {}

#[traced(level = "debug", target = "shop::sql")]
async fn query() {}
