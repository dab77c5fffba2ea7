//! What subscribers and spans of `tracing` can be, beyond what they should be.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use throughline::logs::{JsonLayer, SpanEvents, TracingSpans};
use throughline::testing::{Trace, capture};
use throughline::traced;
use throughline_tests::lines::Lines;
use tracing::level_filters::LevelFilter;
use tracing::{Dispatch, Subscriber, dispatcher, error, info, info_span};
use tracing_subscriber::prelude::*;
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::{Registry, reload};

fn subscriber() -> impl Subscriber + for<'a> LookupSpan<'a> + Send + Sync {
    tracing_subscriber::registry().with(TracingSpans::new()).with(SpanEvents::new())
}

#[track_caller]
fn record(work: impl FnOnce()) -> Trace {
    capture(|| tracing::subscriber::with_default(subscriber(), work))
}

#[traced]
fn ours(inside: impl FnOnce()) {
    inside();
}

fn depth(trace: &Trace, name: &str) -> usize {
    std::iter::successors(Some(trace.span(name)), |span| span.parent()).count()
}

#[test]
fn a_hundred_thousand_spans_that_are_open_at_once_end_on_other_threads() {
    const SPANS: usize = 100_000;
    let trace = record(|| {
        ours(|| {
            let mut spans: Vec<_> = (0..SPANS).map(|_| info_span!("held")).collect();
            let dispatch = dispatcher::get_default(Dispatch::clone);
            thread::scope(|scope| {
                while !spans.is_empty() {
                    let part = spans.split_off(spans.len().saturating_sub(SPANS / 4));
                    scope.spawn(|| {
                        dispatcher::with_default(&dispatch, || {
                            part.into_iter().rev().for_each(|span| span.in_scope(|| drop(span.clone())));
                        });
                    });
                }
            });
            assert_eq!(throughline::span_id(), throughline::current().span_id(), "nothing stays");
        });
        assert_eq!(throughline::trace_id(), None);
    });
    assert_eq!(trace.len(), SPANS + 1);
    let parent = trace.span("ours").span_id();
    let children = trace.spans().filter(|span| span.parent().is_some_and(|of| of.span_id() == parent));
    assert_eq!(children.count(), SPANS);
}

#[test]
fn spans_nest_ten_thousand_deep() {
    fn nest(left: usize) {
        match left {
            0 => info_span!("innermost").in_scope(|| info!("far inside")),
            left => info_span!("around").in_scope(|| nest(left - 1)),
        }
    }
    let work = || record(|| nest(10_000));
    let trace = thread::Builder::new().stack_size(64 << 20).spawn(work).unwrap().join().unwrap();
    assert_eq!(depth(&trace, "innermost"), 10_001);
    assert_eq!(trace.span("innermost").events().len(), 1);
}

#[test]
fn a_filter_that_is_reloaded_while_spans_are_open_leaves_nothing_behind() {
    let (filter, handle) = reload::Layer::new(LevelFilter::INFO);
    let subscriber = Registry::default().with(TracingSpans::new().with_filter(filter));
    let trace = capture(|| {
        tracing::subscriber::with_default(subscriber, || {
            let first = info_span!("first").entered();
            handle.modify(|level| *level = LevelFilter::OFF).unwrap();
            info_span!("off").in_scope(|| ours(|| ()));
            drop(first);
            assert_eq!(throughline::trace_id(), None, "it was left");
            handle.modify(|level| *level = LevelFilter::INFO).unwrap();
            info_span!("second").in_scope(|| ours(|| ()));
        });
    });
    trace.assert_tree(
        "
        first
          ours
        second
          ours
        ",
    );
}

#[test]
fn layers_that_are_there_twice_make_one_span_of_one() {
    let subscriber = tracing_subscriber::registry()
        .with(TracingSpans::new())
        .with(TracingSpans::new())
        .with(SpanEvents::new());
    let trace = capture(|| {
        tracing::subscriber::with_default(subscriber, || {
            info_span!("theirs").in_scope(|| ours(|| info_span!("inside").in_scope(|| error!("failed"))));
            assert_eq!(throughline::trace_id(), None);
        });
    });
    trace.assert_tree(
        "
        theirs
          ours
            inside error: failed
        ",
    );
}

#[test]
fn subscribers_with_the_same_ids_of_spans_do_not_mix_them() {
    let trace = record(|| {
        let outer = info_span!("of the first");
        let entered = outer.enter();
        let second = Dispatch::new(subscriber());
        let inner = dispatcher::with_default(&second, || info_span!("of the second"));
        assert_eq!(inner.id().map(|id| id.into_u64()), outer.id().map(|id| id.into_u64()));
        let inside = inner.enter();
        // In the wrong order.
        drop(entered);
        ours(|| ());
        drop(inside);
        assert_eq!(throughline::trace_id(), None);
        dispatcher::with_default(&second, || drop(inner));
    });
    trace.assert_tree(
        "
        of the first
          of the second
            ours
        ",
    );
}

#[test]
fn a_value_that_panics_while_it_is_recorded_takes_no_other_span_along() {
    struct Broken<'a>(&'a AtomicUsize);
    impl fmt::Debug for Broken<'_> {
        fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
            self.0.fetch_add(1, Ordering::Relaxed);
            std::panic::resume_unwind(Box::new("on purpose"))
        }
    }
    let (asked, lines) = (AtomicUsize::new(0), Lines::default());
    let broken = || Broken(&asked);
    let subscriber = subscriber().with(JsonLayer::new().with_writer(lines.clone()));
    let trace = capture(|| {
        tracing::subscriber::with_default(subscriber, || {
            ours(|| {
                let span = info_span!("theirs", later = tracing::field::Empty);
                let tries: [&dyn Fn(); 3] = [
                    &|| drop(info_span!("never", value = ?broken())),
                    &|| assert!(!span.record("later", tracing::field::debug(broken())).is_none()),
                    &|| span.in_scope(|| error!(value = ?broken(), "unsaid")),
                ];
                for work in tries {
                    assert!(catch_unwind(AssertUnwindSafe(work)).is_err());
                }
                span.in_scope(|| info!(target: "shop", "said"));
            });
            assert_eq!(throughline::trace_id(), None);
        });
    });
    assert!(asked.load(Ordering::Relaxed) >= 3);
    assert_eq!(depth(&trace, "theirs"), 2);
    let said = lines.take();
    assert!(said.len() == 1 && said[0].contains(r#""message":"said""#), "{said:?}");
}

#[test]
fn names_of_fields_may_hold_what_lines_are_made_of() {
    let lines = Lines::default();
    let subscriber = tracing_subscriber::registry().with(JsonLayer::new().with_writer(lines.clone()));
    tracing::subscriber::with_default(subscriber, || {
        let _outer = info_span!("outer", "two\nlines" = "a\nb", "quo\"te" = 1, "back\\" = 2).entered();
        info_span!("inner", "quo\"te" = 3).in_scope(|| info!("end,\":\n" = "x\u{2028}\u{1b}", "back\\" = 4));
    });
    let lines = lines.take();
    let line: serde_json::Value = serde_json::from_str(&lines[0]).unwrap();
    assert_eq!((lines.len(), lines[0].lines().count()), (1, 1), "{lines:?}");
    assert_eq!(line["two\nlines"], "a\nb");
    assert_eq!((&line["quo\"te"], &line["back\\"]), (&3.into(), &4.into()), "{line}");
    assert_eq!(line["end,\":\n"], "x\u{2028}\u{1b}");
}
