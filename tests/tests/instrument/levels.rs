//! `level`, in every form.

use throughline::span::Level as Ours;
use throughline::testing::capture;
use throughline::traced;
use tracing::Level;

/// Compares the levels of the spans of `code`, in the order they began.
#[track_caller]
fn check(code: fn(), expected: &[Ours]) {
    let trace = capture(code);
    assert_eq!(trace.spans().map(|span| span.callsite().level).collect::<Vec<_>>(), expected);
}

const ALL: [Ours; 5] = [Ours::Trace, Ours::Debug, Ours::Info, Ours::Warn, Ours::Error];

#[test]
fn a_span_is_of_interest_in_production_unless_told() {
    #[traced]
    fn untold() {}

    check(untold, &[Ours::Info]);
}

#[test]
fn a_level_has_a_name_in_any_case() {
    #[traced(level = "trace")]
    fn trace() {}

    #[traced(level = "Debug")]
    fn debug() {}

    #[traced(level = "INFO")]
    fn info() {}

    #[traced(level = "wArN")]
    fn warn() {}

    #[traced(level = "errOR")]
    fn error() {}

    let all = || {
        trace();
        debug();
        info();
        warn();
        error();
    };
    check(all, &ALL);
}

#[test]
fn a_level_has_a_number() {
    #[traced(level = 1)]
    fn trace() {}

    #[traced(level = 2)]
    fn debug() {}

    #[traced(level = 3)]
    fn info() {}

    #[traced(level = 4)]
    fn warn() {}

    #[traced(level = 5)]
    fn error() {}

    let all = || {
        trace();
        debug();
        info();
        warn();
        error();
    };
    check(all, &ALL);
}

#[test]
fn a_level_is_that_of_tracing_or_ours_by_its_path() {
    #[traced(level = Level::TRACE)]
    fn trace() {}

    #[traced(level = tracing::Level::DEBUG)]
    fn debug() {}

    #[traced(level = Ours::Info)]
    fn info() {}

    #[traced(level = throughline::span::Level::Warn)]
    fn warn() {}

    #[traced(level = Level::ERROR)]
    fn error() {}

    let all = || {
        trace();
        debug();
        info();
        warn();
        error();
    };
    check(all, &ALL);
}

/// Levels that a program keeps in one place.
mod kept {
    pub(super) const QUERIES: tracing::Level = tracing::Level::TRACE;
    pub(super) const PAYMENTS: throughline::span::Level = throughline::span::Level::Warn;
}

const HERE: Level = Level::ERROR;

#[test]
fn a_constant_of_either_type_can_be_the_level() {
    #[traced(level = kept::QUERIES)]
    fn query() {}

    #[traced(level = kept::PAYMENTS)]
    async fn pay() {}

    #[traced(level = HERE)]
    fn refuse() {}

    let all = || {
        query();
        super::block_on(pay());
        refuse();
    };
    check(all, &[Ours::Trace, Ours::Warn, Ours::Error]);
}
