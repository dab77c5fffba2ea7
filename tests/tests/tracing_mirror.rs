//! Our spans as spans of `tracing`, for subscribers that want them. Mirroring is switched on for the whole process: hence
//! a file of its own.

use std::thread;

use throughline::logs::{JsonLayer, SpanEvents, TracingSpans, mirror_spans};
use throughline::testing::{Trace, capture, capture_async};
use throughline::{FutureExt as _, traced};
use throughline_tests::lines::Lines;
use throughline_tests::told::Told;
use tracing::instrument::WithSubscriber as _;
use tracing::span::{Attributes, Id};
use tracing::{Dispatch, Instrument as _, Span, Subscriber, dispatcher, info, info_span};
use tracing_subscriber::layer::Context;
use tracing_subscriber::prelude::*;
use tracing_subscriber::{EnvFilter, Layer};

/// What a subscriber is told that keeps the layers of a program, and what is recorded.
#[track_caller]
fn record(work: impl FnOnce()) -> (Vec<String>, Trace) {
    mirror_spans();
    let told = Told::default();
    let subscriber =
        tracing_subscriber::registry().with(TracingSpans::new()).with(SpanEvents::new()).with(told.clone());
    let trace = capture(|| tracing::subscriber::with_default(subscriber, work));
    (told.take(), trace)
}

#[traced(fields(items = items))]
fn checkout(items: i64) {
    reserve();
}

#[traced]
fn reserve() {}

#[traced]
async fn awaited() {
    tokio::task::yield_now().await;
    info!("awaited");
}

fn on_a_thread(work: impl FnOnce() + Send) {
    thread::scope(|scope| scope.spawn(work).join().unwrap());
}

fn current() -> Option<&'static str> {
    Some(Span::current().metadata()?.name())
}

#[test]
fn a_span_begins_is_entered_and_ends_with_ours_and_does_not_come_back() {
    let (told, trace) = record(|| checkout(3));
    let ids = ["record checkout"; 2];
    let expected: Vec<_> = [" > checkout"]
        .into_iter()
        .chain(ids)
        .chain(["enter checkout", "record checkout", "checkout > reserve", "enter reserve"])
        .chain(["exit reserve", "close reserve", "exit checkout", "close checkout"])
        .collect();
    assert_eq!(told, expected);
    trace.assert_tree(
        "
        checkout
          reserve
        ",
    );
}

#[test]
fn both_kinds_of_spans_are_one_tree_on_both_sides() {
    let (told, trace) = record(|| {
        let outer = throughline::span!("outer").entered();
        info_span!("theirs").in_scope(|| throughline::span!("inner").in_scope(|| info!("said")));
        drop(outer);
        assert_eq!(current(), None);
    });
    let new: Vec<_> = told.iter().filter(|line| line.contains(" > ")).collect();
    assert_eq!(new, [" > outer", "outer > theirs", "theirs > inner"]);
    trace.assert_tree(
        "
        outer
          theirs
            inner
        ",
    );
    assert_eq!(trace.span("inner").events().len(), 1);
}

#[tokio::test]
async fn a_future_is_left_at_every_await() {
    mirror_spans();
    let told = Told::default();
    let subscriber = tracing_subscriber::registry().with(told.clone());
    let trace = capture_async(
        async {
            tokio::join!(awaited().in_span(throughline::span!("first")), awaited());
        }
        .with_subscriber(subscriber),
    )
    .await;
    assert_eq!(trace.len(), 3);
    let told = told.take();
    let times = |what: &str| told.iter().filter(|line| *line == what).count();
    assert_eq!((times("first > awaited"), times(" > awaited")), (1, 1), "{told:?}");
    // Each is polled twice, and dropped when it is done.
    assert_eq!((times("enter awaited"), times("exit awaited")), (4, 4), "{told:?}");
    assert_eq!((times("close first"), times("close awaited")), (1, 2), "{told:?}");
    assert_eq!(current(), None);
}

#[test]
fn code_that_takes_the_current_span_along_takes_ours_along() {
    let (_, trace) = record(|| {
        throughline::span!("ours").in_scope(|| {
            assert_eq!(current(), Some("ours"));
            let (span, dispatch) = (Span::current(), dispatcher::get_default(Dispatch::clone));
            on_a_thread(|| {
                dispatcher::with_default(&dispatch, || span.in_scope(reserve));
                assert_eq!(throughline::trace_id(), None);
            });
        });
    });
    trace.assert_tree(
        "
        ours
          reserve
        ",
    );
}

#[tokio::test]
async fn in_current_span_carries_ours_to_another_task() {
    mirror_spans();
    let subscriber = tracing_subscriber::registry().with(TracingSpans::new());
    let trace = capture_async(
        async {
            let span = throughline::span!("ours");
            let task = span.in_scope(|| awaited().in_current_span().with_current_subscriber());
            let bare = span.in_scope(|| async { reserve() }.in_current_span().with_current_subscriber());
            tokio::spawn(task).await.unwrap();
            tokio::spawn(bare).await.unwrap();
        }
        .with_subscriber(subscriber),
    )
    .await;
    trace.assert_tree(
        "
        ours
          awaited
          reserve
        ",
    );
}

#[test]
fn a_context_that_is_attached_elsewhere_enters_its_span_there() {
    let (told, _) = record(|| {
        let span = throughline::span!("ours");
        let (context, dispatch) = (span.context(), dispatcher::get_default(Dispatch::clone));
        on_a_thread(|| {
            dispatcher::with_default(&dispatch, || {
                let attached = context.attach();
                assert_eq!(current(), Some("ours"));
                drop(attached);
                assert_eq!(current(), None);
            });
        });
    });
    assert_eq!(told.iter().filter(|line| *line == "enter ours").count(), 1, "{told:?}");
}

#[test]
fn a_formatter_of_others_shows_our_spans_and_our_lines_stay_what_they_are() {
    mirror_spans();
    let (theirs, ours) = (Lines::default(), Lines::default());
    let fmt = tracing_subscriber::fmt::layer().without_time().with_ansi(false).with_writer(theirs.clone());
    let json = JsonLayer::new().with_writer(ours.clone());
    let subscriber = tracing_subscriber::registry().with(fmt).with(TracingSpans::new()).with(json);
    #[traced(fields(items = items))]
    fn inner(items: i64) {
        info!(target: "shop", "placed");
    }
    let trace = capture(|| {
        tracing::subscriber::with_default(subscriber, || {
            throughline::span!("outer").in_scope(|| inner(3));
        });
    });
    let (root, request) = (trace.root(), trace.root().request_id().unwrap());
    assert_eq!(
        theirs.take(),
        [format!(
            " INFO outer{{trace_id=\"{0}\" request_id=\"{request}\"}}:inner{{items=3}}: shop: placed\n",
            root.trace_id()
        )]
    );
    let line = &ours.take_json()[0];
    assert!(line.get("items").is_none() && line.get("fields.trace_id").is_none(), "{line}");
    assert_eq!(line["span_id"], trace.span("inner").span_id().to_string());
}

#[test]
fn the_filter_of_the_subscriber_decides_what_it_is_shown() {
    mirror_spans();
    let told = Told::default();
    let filter = EnvFilter::new("info,quiet=off");
    let subscriber = tracing_subscriber::registry().with(told.clone().with_filter(filter));
    let trace = capture(|| {
        tracing::subscriber::with_default(subscriber, || {
            throughline::span!("outer").in_scope(|| {
                throughline::span!(target: "quiet", "middle").in_scope(|| throughline::span!("inner").end());
            });
        });
    });
    assert_eq!(trace.len(), 3);
    let told = told.take();
    assert!(!told.iter().any(|line| line.contains("middle")), "{told:?}");
    assert!(told.contains(&"outer > inner".to_owned()), "{told:?}");
}

#[test]
fn a_subscriber_that_makes_spans_of_ours_makes_no_loop() {
    struct Traced;
    impl<S: Subscriber> Layer<S> for Traced {
        fn on_new_span(&self, _: &Attributes<'_>, _: &Id, _: Context<'_, S>) {
            reserve();
        }
        fn on_enter(&self, _: &Id, _: Context<'_, S>) {
            reserve();
        }
    }
    mirror_spans();
    let trace = capture(|| {
        let subscriber = tracing_subscriber::registry().with(TracingSpans::new()).with(Traced);
        tracing::subscriber::with_default(subscriber, || throughline::span!("ours").in_scope(|| ()));
    });
    assert_eq!(trace.spans_named("ours").count(), 1);
    assert_eq!(trace.spans_named("reserve").count(), 2, "one as it is new, one as it is entered");
}
