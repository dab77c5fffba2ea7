//! Our spans as spans of `tracing`, where some threads have a subscriber, and each wants all spans. Whether all do is known
//! to the whole process: hence a file of its own.

use std::thread;

use throughline::logs::{TracingSpans, mirror_spans};
use throughline::testing::capture;
use throughline::{Context, traced};
use throughline_tests::told::Told;
use tracing::{Dispatch, Event, Subscriber, dispatcher, info, info_span};
use tracing_subscriber::Layer;
use tracing_subscriber::layer;
use tracing_subscriber::prelude::*;

#[traced]
fn inner() {}

fn subscriber() -> (Told, Dispatch) {
    mirror_spans();
    let told = Told::default();
    (told.clone(), tracing_subscriber::registry().with(TracingSpans::new()).with(told).into())
}

/// Calls `inner` elsewhere, in `context`.
fn call_inner(context: Context, subscriber: &Dispatch) {
    thread::scope(|scope| {
        let call = || {
            let _attached = context.attach();
            dispatcher::with_default(subscriber, inner);
        };
        scope.spawn(call).join().unwrap();
    });
}

fn new(told: &Told) -> Vec<String> {
    told.take().into_iter().filter(|line| line.contains(" > ")).collect()
}

#[test]
fn a_span_of_a_library_is_shown_once_between_ours() {
    let (told, subscriber) = subscriber();
    let trace = capture(|| {
        dispatcher::with_default(&subscriber, || {
            throughline::span!("outer").in_scope(|| info_span!("theirs").in_scope(inner));
        });
    });
    assert_eq!(trace.len(), 3);
    assert_eq!(new(&told), [" > outer", "outer > theirs", "theirs > inner"]);
}

#[test]
fn a_span_that_begins_where_nobody_watches_is_not_shown() {
    let (told, subscriber) = subscriber();
    let trace = capture(|| {
        let unseen = throughline::span!("unseen");
        call_inner(unseen.context(), &subscriber);
    });
    assert_eq!(trace.len(), 2);
    assert_eq!(new(&told), [" > inner"]);
}

#[test]
fn a_child_for_another_subscriber_is_shown_without_its_parent() {
    let ((told, subscriber), (others, other)) = (subscriber(), subscriber());
    let trace = capture(|| {
        dispatcher::with_default(&subscriber, || {
            let outer = throughline::span!("outer");
            call_inner(outer.context(), &other);
        });
    });
    assert_eq!(trace.len(), 2);
    assert_eq!((new(&told), new(&others)), (vec![" > outer".to_owned()], vec![" > inner".to_owned()]));
}

#[test]
fn a_subscriber_may_begin_spans_of_ours_in_what_it_is_told() {
    struct Traced;
    impl<S: Subscriber> Layer<S> for Traced {
        fn on_event(&self, _: &Event<'_>, _: layer::Context<'_, S>) {
            throughline::span!("outer").in_scope(inner);
        }
    }
    mirror_spans();
    let told = Told::default();
    let subscriber = tracing_subscriber::registry().with(told.clone()).with(Traced);
    let trace = capture(|| tracing::subscriber::with_default(subscriber, || info!("said")));
    assert_eq!((trace.len(), new(&told)), (2, vec![]));
}

#[test]
fn a_span_may_end_where_another_subscriber_watches() {
    let ((told, subscriber), (_, other)) = (subscriber(), subscriber());
    let trace = capture(|| {
        dispatcher::with_default(&subscriber, || {
            let outer = throughline::span!("outer").entered();
            let inner = throughline::span!("inner");
            dispatcher::with_default(&other, || inner.end());
            drop(outer);
        });
    });
    assert_eq!(trace.len(), 2);
    let closed: Vec<_> = told.take().into_iter().filter(|line| line.starts_with("close")).collect();
    assert_eq!(closed, ["close inner", "close outer"]);
}

#[test]
fn a_value_that_is_logged_may_call_functions_of_ours() {
    struct Price;
    impl std::fmt::Display for Price {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            inner();
            throughline::set("seen", 1);
            f.write_str("7")
        }
    }
    mirror_spans();
    let told = Told::default();
    let fmt = tracing_subscriber::fmt::layer().with_writer(std::io::sink);
    let subscriber = tracing_subscriber::registry().with(told.clone()).with(fmt).into();
    let trace = capture(|| {
        dispatcher::with_default(&subscriber, || {
            throughline::span!("outer").in_scope(|| info!(price = %Price, "said"));
        });
    });
    assert_eq!((trace.len(), new(&told)), (2, vec![" > outer".to_owned()]));
}
