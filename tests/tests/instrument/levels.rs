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

/// Calls a function at each level, the lowest first.
macro_rules! check_all {
    ($([$($level:tt)+])+) => {
        check(
            || {
                $({
                    #[traced(level = $($level)+)]
                    fn at_a_level() {}
                    at_a_level();
                })+
            },
            &ALL,
        )
    };
}

#[test]
fn a_level_has_a_name_in_any_case() {
    check_all!(["trace"]["Debug"]["INFO"]["wArN"]["errOR"]);
}

#[test]
fn a_level_has_a_number() {
    check_all!([1][2][3][4][5]);
}

#[test]
fn a_level_is_that_of_tracing_or_ours_by_its_path() {
    check_all!(
        [Level::TRACE][tracing::Level::DEBUG][Ours::Info][throughline::span::Level::Warn][Level::ERROR]
    );
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
