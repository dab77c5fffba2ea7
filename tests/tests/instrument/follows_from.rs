//! `follows_from`, which is another word for `links`.

use throughline::testing::{Trace, capture};
use throughline::{Context, Span, span, traced};

#[track_caller]
fn assert_links(trace: &Trace, from: &str, to: &[&str]) {
    let from = trace.span(from);
    assert_eq!(from.links().len(), to.len(), "{:?}", from.links());
    to.iter().for_each(|to| from.assert_linked_to(&trace.span(to)));
}

fn causes() -> [Span; 3] {
    [span!("a"), span!("b"), span!("c")]
}

#[test]
fn a_function_follows_from_every_span_it_is_given() {
    #[traced(follows_from = causes, skip(causes))]
    fn consequence<'a>(causes: impl IntoIterator<Item = &'a Span>) {}

    let trace = capture(|| consequence(&causes()));
    assert_links(&trace, "consequence", &["a", "b", "c"]);
    assert!(trace.span("consequence").parent().is_none(), "what it follows from is not its parent");
}

#[test]
fn an_async_function_follows_from_every_context_it_is_given() {
    #[traced(follows_from = causes)]
    async fn consequence(causes: Vec<Context>) {}

    let contexts = || causes().iter().map(Span::context).collect();
    let trace = capture(|| super::block_on(consequence(contexts())));
    assert_links(&trace, "consequence", &["a", "b", "c"]);
}

#[test]
fn a_span_does_not_follow_from_itself() {
    #[traced(follows_from = [Context::current()])]
    fn alone() {}

    let trace = capture(|| span!("cause").in_scope(alone));
    assert_links(&trace, "alone", &[]);
    trace.span("cause").assert_parent_of(&trace.span("alone"));
}
