//! Our spans as spans of `tracing`, for the subscriber of a whole process that wants them all: hence a file of its own.

use throughline::logs::{TracingSpans, mirror_spans};
use throughline::testing::capture;
use throughline::traced;
use throughline_tests::told::Told;
use tracing::info_span;
use tracing_subscriber::prelude::*;

#[traced]
fn inner() {}

#[test]
fn a_span_of_a_library_is_shown_once_between_ours() {
    let told = Told::default();
    tracing_subscriber::registry().with(TracingSpans::new()).with(told.clone()).init();
    mirror_spans();
    let trace = capture(|| {
        throughline::span!("outer").in_scope(|| info_span!("theirs").in_scope(inner));
    });
    trace.assert_tree(
        "
        outer
          theirs
            inner
        ",
    );
    let told = told.take();
    let new: Vec<_> = told.iter().filter(|line| line.contains(" > ")).collect();
    assert_eq!(new, [" > outer", "outer > theirs", "theirs > inner"]);
    let ends: Vec<_> = told.iter().filter(|line| line.starts_with("close")).collect();
    assert_eq!(ends, ["close inner", "close theirs", "close outer"]);
}
