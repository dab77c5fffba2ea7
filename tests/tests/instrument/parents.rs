//! `parent`.

use throughline::testing::capture;
use throughline::{Span, span, traced};

#[traced]
fn child() {}

#[test]
fn the_current_span_is_the_parent_and_one_that_is_not_entered_is_not() {
    let trace = capture(|| {
        let around = span!("around");
        child();
        around.in_scope(child);
    });
    trace.assert_tree("around\n  child\nchild");
}

#[test]
fn a_given_parent_wins_over_the_current_span() {
    #[traced(parent = parent)]
    fn placed(parent: &Span) {}

    #[traced(parent = parent)]
    async fn placed_later(parent: Option<&Span>) {}

    let trace = capture(|| {
        let parent = span!("parent");
        span!("around").in_scope(|| {
            placed(&parent);
            super::block_on(placed_later(Some(&parent)));
        });
    });
    trace.assert_tree("around\nparent\n  placed\n  placed_later");
}

#[test]
fn a_parent_may_be_a_field_of_self() {
    struct Connection {
        span: Span,
    }

    impl Connection {
        #[traced(parent = &self.span, skip(self))]
        fn answer(&self) {}
    }

    let trace = capture(|| {
        let connection = Connection { span: span!("connection") };
        span!("around").in_scope(|| connection.answer());
    });
    trace.assert_tree("around\nconnection\n  answer");
}

#[test]
fn without_a_parent_a_new_trace_begins() {
    #[traced(parent = None)]
    fn apart() {}

    let trace = capture(|| span!("around").in_scope(apart));
    trace.assert_tree("apart\naround");
    assert_ne!(trace.span("apart").trace_id(), trace.span("around").trace_id());
}
