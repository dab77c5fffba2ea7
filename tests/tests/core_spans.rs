//! The core from outside: what becomes of spans, attributes and events, whatever happens to them.
#![allow(clippy::disallowed_methods, reason = "tests start threads of their own")]

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use throughline::span::guard::Guard;
use throughline::span::{Callsite, Outcome, Value, ValueView, current};
use throughline::testing::{MemorySink, Trace};
use throughline::{Context, Flags, FutureExt, Pipeline, SpanId};
use throughline_tests::guarded::in_span;
use throughline_tests::recorded::Recorder;

static OUTER: Callsite = Callsite::new("outer", module_path!(), file!(), line!(), &["text"]);
static INNER: Callsite = Callsite::new("inner", module_path!(), file!(), line!(), &["number", "text"]);

/// Runs `code` on a pipeline of its own and returns the spans it recorded.
fn recorded(code: impl FnOnce(&Pipeline)) -> Trace {
    let recorder = Recorder::new();
    {
        let _entered = recorder.enter();
        code(&recorder.pipeline);
    }
    recorder.take()
}

#[test]
fn attributes_stay_with_their_span_when_a_chunk_fills_between_its_start_and_its_end() {
    let spans = recorded(|_| {
        in_span(&OUTER, || {
            current::record(&OUTER, [(0, Value::Str("set first"))]);
            for number in 0..20_000 {
                in_span(&INNER, || {
                    current::record(&INNER, [(0, Value::I64(number)), (1, Value::Str("some text"))]);
                    current::rename(&format!("inner {number}"));
                });
            }
        });
    });
    assert_eq!(spans.len(), 20_001);
    assert!(spans.span("outer").attribute("text").unwrap() == "set first");
    for number in 0..20_000_i64 {
        // Found by its name, because spans of the same nanosecond may be listed in any order.
        let inner = spans.span(&format!("inner {number}"));
        assert!(inner.attribute("number").unwrap() == number);
        assert!(inner.attribute("text").unwrap() == "some text");
    }
}

#[test]
fn values_that_trace_while_they_are_formatted_are_recorded_whole() {
    struct Tracing;

    impl fmt::Display for Tracing {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            in_span(&INNER, || current::set("text", "from inside of a value"));
            f.write_str("formatted")
        }
    }

    impl throughline::span::ToValue for Tracing {
        fn to_value(&self) -> Value<'_> {
            in_span(&INNER, || current::set("number", 1));
            Value::Str("read")
        }
    }

    let spans = recorded(|_| {
        in_span(&OUTER, || {
            let span = throughline::span!("macro", display = %Tracing, list = vec![Tracing, Tracing]);
            throughline::event!("event", display = %Tracing);
            span.end();
        });
    });
    let span = spans.span("macro");
    assert!(span.attribute("display").unwrap() == "formatted");
    assert!(span.attribute("list").unwrap() == ["read", "read"]);
    assert_eq!(spans.span("outer").events().len(), 1);
    assert!(spans.spans_named("inner").count() >= 4);
}

#[test]
fn no_span_of_a_large_scope_is_lost() {
    let spans = recorded(|_| {
        in_span(&OUTER, || (0..50_000).for_each(|_| in_span(&INNER, || ())));
    });
    assert_eq!(spans.len(), 50_001);
}

#[test]
fn children_are_exported_while_their_root_has_not_ended() {
    let sink = MemorySink::default();
    let pipeline = Pipeline::builder().sink(sink.clone()).start().unwrap();
    let _entered = pipeline.enter();
    let mut root = Guard::new();
    root.enter(&OUTER);
    in_span(&INNER, || ());
    assert!(pipeline.flush(Duration::from_secs(60)));
    assert_eq!(sink.take().len(), 1);
    drop(root);
    assert!(pipeline.flush(Duration::from_secs(60)));
    assert_eq!(sink.take().len(), 1);
}

#[test]
fn a_child_that_ends_after_its_root_keeps_its_attributes_and_its_trace() {
    let spans = recorded(|_| {
        let late = in_span(&OUTER, || throughline::span!("late", number = 7));
        late.set("text", "set after the root ended");
        late.end();
    });
    let (late, outer) = (spans.span("late"), spans.span("outer"));
    assert_eq!(late.trace_id(), outer.trace_id());
    assert_eq!(late.parent_id(), Some(outer.span_id()));
    assert!(late.attribute("number").unwrap() == 7);
    assert!(late.attribute("text").unwrap() == "set after the root ended");
}

#[test]
fn attributes_that_other_threads_write_reach_the_span() {
    let spans = recorded(|_| {
        in_span(&OUTER, || {
            let context = Context::current();
            std::thread::spawn(move || {
                let _attached = context.attach();
                current::set("number", 3);
                throughline::event!("from another thread");
            })
            .join()
            .unwrap();
        });
    });
    let outer = spans.span("outer");
    assert!(outer.attribute("number").unwrap() == 3);
    assert_eq!(outer.events().len(), 1);
}

#[test]
fn a_future_that_changes_threads_keeps_what_was_written_on_each() {
    let spans = recorded(|_| {
        let span = throughline::span!("moving");
        let future = async {
            current::set("first", std::thread::current().name().is_some());
            std::future::poll_fn({
                let mut polled = false;
                move |_| {
                    let ready = std::mem::replace(&mut polled, true);
                    if ready { std::task::Poll::Ready(()) } else { std::task::Poll::Pending }
                }
            })
            .await;
            current::set("second", true);
        };
        let mut future = Box::pin(future.in_span(span));
        let waker = std::task::Waker::noop();
        assert!(future.as_mut().poll(&mut std::task::Context::from_waker(waker)).is_pending());
        std::thread::spawn(move || {
            assert!(future.as_mut().poll(&mut std::task::Context::from_waker(waker)).is_ready());
        })
        .join()
        .unwrap();
    });
    let moving = spans.span("moving");
    assert!(moving.attribute("first").is_some() && moving.attribute("second").is_some());
}

#[test]
fn only_spans_inside_of_which_the_unwinding_began_are_panicked() {
    struct TracesWhenDropped;

    impl Drop for TracesWhenDropped {
        fn drop(&mut self) {
            in_span(&INNER, || ());
        }
    }

    let spans = recorded(|_| {
        let panicked = catch_unwind(AssertUnwindSafe(|| {
            in_span(&OUTER, || {
                let _traces = TracesWhenDropped;
                panic!("on purpose");
            })
        }));
        assert!(panicked.is_err());
    });
    assert_eq!(spans.span("outer").outcome(), Outcome::Panicked);
    assert!(spans.span("outer").attribute("error.type").unwrap() == "panic");
    assert_eq!(spans.span("inner").outcome(), Outcome::Ok);
}

#[test]
fn a_future_dropped_unfinished_is_cancelled_and_what_it_holds_is_dropped_inside() {
    struct TracesWhenDropped;

    impl Drop for TracesWhenDropped {
        fn drop(&mut self) {
            in_span(&INNER, || ());
        }
    }

    let spans = recorded(|_| {
        let future = async {
            let _held = TracesWhenDropped;
            std::future::pending::<()>().await;
        };
        let mut future = Box::pin(future.in_span(throughline::span!("cancelled")));
        let waker = std::task::Waker::noop();
        assert!(future.as_mut().poll(&mut std::task::Context::from_waker(waker)).is_pending());
    });
    let cancelled = spans.span("cancelled");
    assert_eq!(cancelled.outcome(), Outcome::Cancelled);
    assert_eq!(spans.span("inner").parent_id(), Some(cancelled.span_id()));
}

#[test]
fn a_guard_that_is_leaked_inside_of_a_span_does_not_outlive_it() {
    let spans = recorded(|_| {
        let other = throughline::span!("other");
        in_span(&OUTER, || std::mem::forget(other.context().attach()));
        in_span(&INNER, || ());
        other.end();
    });
    assert_ne!(spans.span("inner").parent_id(), Some(spans.span("other").span_id()));
    assert_ne!(spans.span("outer").trace_id(), spans.span("other").trace_id());
}

#[test]
fn exported_flags_say_sampled_and_wide_integers_are_text() {
    let spans = recorded(|_| {
        in_span(&OUTER, || {
            current::set("fits", i64::MAX as u64);
            current::set("too.wide", u64::MAX);
            current::set("count", 3_usize);
            current::set("wide", u128::MAX);
        });
    });
    let outer = spans.span("outer");
    assert_eq!(outer.flags(), Flags::SAMPLED.with(Flags::RANDOM));
    assert!(outer.attribute("fits").unwrap() == i64::MAX);
    assert!(outer.attribute("too.wide").unwrap() == u64::MAX.to_string().as_str());
    assert!(outer.attribute("count").unwrap() == 3);
    assert!(outer.attribute("wide").unwrap() == u128::MAX.to_string().as_str());
}

#[test]
fn span_ids_of_many_threads_are_all_different() {
    let spans = recorded(|_| {
        let context = in_span(&OUTER, Context::current);
        let threads: Vec<_> = (0..8)
            .map(|_| {
                std::thread::spawn(context.clone().carry(|| (0..10_000).for_each(|_| in_span(&INNER, || ()))))
            })
            .collect();
        threads.into_iter().for_each(|thread| thread.join().unwrap());
    });
    let ids: std::collections::HashSet<SpanId> = spans.spans().map(|span| span.span_id()).collect();
    assert_eq!(ids.len(), 80_001);
}

#[test]
fn values_too_long_for_the_log_are_recorded_beside_it() {
    let long = "x".repeat(20_000);
    let spans = recorded(|_| {
        in_span(&OUTER, || {
            current::record(&OUTER, [(0, Value::Str(&long))]);
            current::set("list", vec![long.as_str(), "short"]);
            current::rename(&"n".repeat(3_000));
        });
    });
    assert_eq!(spans.len(), 1);
    assert!(spans.root().attribute("text").unwrap() == long.as_str());
    assert!(spans.root().attribute("list").unwrap() == [long.as_str(), "short"]);
    assert_eq!(spans.root().name().len(), 3_000);
}

#[test]
fn what_is_over_the_limits_of_a_span_is_counted_on_it() {
    let sink = Dropped::default();
    let pipeline =
        Pipeline::builder().sink(sink.clone()).span_limits(2, 1, 1).value_length(5).start().unwrap();
    {
        let _entered = pipeline.enter();
        in_span(&INNER, || {
            let other = throughline::span!("other").context();
            for number in 0..5 {
                current::set(&format!("key.{number}"), "äääää");
                throughline::event!("event");
                current::link(&other);
            }
        });
    }
    assert!(pipeline.flush(Duration::from_secs(60)));
    let (dropped, text) = sink.0.lock().unwrap().clone().unwrap();
    assert_eq!((dropped.attributes, dropped.events, dropped.links), (3, 4, 4));
    assert_eq!(text, "ää", "cut between characters");
}

#[test]
fn a_key_that_is_set_again_and_again_counts_once_with_its_last_value() {
    let trace = throughline::testing::capture(|| {
        let import = throughline::span!("import", file.name = "tea.csv");
        (0..=1000).for_each(|done| import.set("rows.done", done));
        import.set("rows.failed", 7);
        let full = throughline::span!("full");
        (0..200).for_each(|number| full.set(&format!("key.{number}"), number));
        (0..100).for_each(|round| (0..200).for_each(|number| full.set(&format!("key.{number}"), round)));
    });
    let import = trace.span("import");
    assert_eq!(import.dropped().attributes, 0);
    for (key, value) in
        [("file.name", "tea.csv".into()), ("rows.done", 1000.into()), ("rows.failed", 7.into())]
    {
        assert_eq!(import.attribute(key), Some(value), "{key}");
    }
    let full = trace.span("full");
    let keys = full.attributes().keys().filter(|key| key.starts_with("key."));
    assert_eq!(keys.count(), 128, "the limit");
    assert!((0..128).all(|number| full.attribute(&format!("key.{number}")) == Some(99.into())));
    assert_eq!(full.dropped().attributes, 72 + 100 * 72, "each time that one was not taken");
}

#[derive(Clone, Default)]
struct Dropped(std::sync::Arc<std::sync::Mutex<Option<(throughline::span::Dropped, String)>>>);

impl throughline::span::Sink for Dropped {
    fn span(&mut self, span: &throughline::span::SpanView<'_>) {
        if span.callsite.name == "inner" {
            let text = match span.attributes.get("key.0") {
                Some(ValueView::Str(text)) => text.to_owned(),
                other => format!("{other:?}"),
            };
            *self.0.lock().unwrap() = Some((span.dropped, text));
        }
    }
}

#[test]
fn a_sink_that_panics_does_not_stop_the_others() {
    struct Panics;

    impl throughline::span::Sink for Panics {
        fn span(&mut self, _: &throughline::span::SpanView<'_>) {
            panic!("on purpose");
        }
    }

    let sink = MemorySink::default();
    let pipeline = Pipeline::builder().sink(Panics).sink(sink.clone()).start().unwrap();
    {
        let _entered = pipeline.enter();
        in_span(&OUTER, || in_span(&INNER, || ()));
    }
    assert!(pipeline.flush(Duration::from_secs(60)));
    assert_eq!(sink.take().len(), 2);
}

#[test]
fn a_filter_switches_callsites_off_and_their_children_hang_on_the_span_above() {
    static HIDDEN: Callsite = Callsite::new("hidden", "core_spans_hidden", file!(), line!(), &[]);
    let spans = recorded(|_| {
        throughline::span::set_filter(|callsite| callsite.target != "core_spans_hidden");
        in_span(&OUTER, || in_span(&HIDDEN, || in_span(&INNER, || ())));
    });
    assert_eq!(spans.len(), 2);
    assert_eq!(spans.span("inner").parent_id(), Some(spans.span("outer").span_id()));
}

#[test]
fn what_is_bound_or_carried_by_a_request_is_gone_with_it() {
    recorded(|_| {
        in_span(&OUTER, || {
            in_span(&INNER, || assert!(throughline::baggage::set("tenant", "a")));
            assert_eq!(
                throughline::baggage::get("tenant").as_deref(),
                Some("a"),
                "it is the request's, not the span's"
            );
            let carried = Context::current();
            let there =
                std::thread::spawn(carried.carry(|| throughline::baggage::get("tenant"))).join().unwrap();
            assert_eq!(there.as_deref(), Some("a"));
        });
        assert_eq!(throughline::baggage::get("tenant"), None);
        in_span(&OUTER, || assert_eq!(throughline::baggage::get("tenant"), None));
    });
}
