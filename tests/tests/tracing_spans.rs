//! Spans of `tracing` as ours: one tree, whichever way they nest.

use std::thread;

use throughline::logs::{SpanEvents, TracingSpans};
use throughline::span::{Kind, Outcome};
use throughline::testing::{Trace, capture, capture_async};
use throughline::traced;
use throughline_tests::lines::Lines;
use tracing::field::Empty;
use tracing::instrument::WithSubscriber as _;
use tracing::{Dispatch, Instrument as _, Span, dispatcher, error, info, info_span, trace_span, warn};
use tracing_subscriber::prelude::*;

fn subscriber() -> impl tracing::Subscriber + Send + Sync {
    tracing_subscriber::registry().with(TracingSpans::new()).with(SpanEvents::new())
}

/// What `work` records where spans of `tracing` are ours.
#[track_caller]
fn record(work: impl FnOnce()) -> Trace {
    capture(|| tracing::subscriber::with_default(subscriber(), work))
}

async fn record_async(work: impl Future<Output = ()>) -> Trace {
    capture_async(work.with_subscriber(subscriber())).await
}

#[traced]
fn outer(inside: impl FnOnce()) {
    inside();
}

#[traced]
fn inner(inside: impl FnOnce()) {
    inside();
}

#[traced]
async fn awaited() {
    tokio::task::yield_now().await;
    info!("awaited");
}

#[track_caller]
fn assert_events(trace: &Trace, span: &str, expected: &[&str]) {
    let span = trace.span(span);
    let names: Vec<_> = span.events().iter().map(|event| event.name()).collect();
    assert_eq!(names, expected, "{span:?}");
}

#[test]
fn both_kinds_of_spans_nest_in_each_other() {
    let trace = record(|| {
        outer(|| {
            info_span!("theirs").in_scope(|| {
                inner(|| {
                    info!("in inner");
                    trace_span!("theirs below").in_scope(|| info!("in theirs below"));
                    info!("in inner again");
                });
                info!("in theirs");
            });
            info!("in outer");
        });
    });
    trace.assert_tree(
        "
        outer
          theirs
            inner
              theirs below
        ",
    );
    assert_events(&trace, "outer", &["in outer"]);
    assert_events(&trace, "theirs", &["in theirs"]);
    assert_events(&trace, "inner", &["in inner", "in inner again"]);
    assert_events(&trace, "theirs below", &["in theirs below"]);
}

#[tokio::test]
async fn an_instrumented_future_keeps_its_place_over_awaits() {
    let trace = record_async(async {
        async {
            let theirs = async {
                awaited().await;
                info!("behind the await");
                awaited().await;
            };
            // Polled by turns: neither is in the other.
            let first = theirs.instrument(info_span!("first"));
            let second = awaited().instrument(info_span!("second"));
            tokio::join!(first, second);
        }
        .instrument(info_span!("request"))
        .await;
    })
    .await;
    trace.assert_tree(
        "
        request
          first
            awaited
            awaited
          second
            awaited
        ",
    );
    assert_events(&trace, "first", &["behind the await"]);
    assert_events(&trace, "request", &[]);
}

#[tokio::test]
async fn what_is_spawned_in_a_span_belongs_to_it() {
    let trace = record_async(async {
        let span = throughline::span!("ours");
        let task = span.in_scope(|| awaited().instrument(info_span!("theirs")).with_current_subscriber());
        let task = tokio::spawn(task);
        drop(span);
        task.await.unwrap();
    })
    .await;
    trace.assert_tree(
        "
        ours
          theirs
            awaited
        ",
    );
}

#[test]
fn a_span_is_one_however_often_and_wherever_it_is_entered() {
    let trace = record(|| {
        let span = outer_span();
        span.in_scope(|| inner(|| ()));
        span.in_scope(|| span.in_scope(|| throughline::span!("twice inside").end()));
        let dispatch = dispatcher::get_default(Dispatch::clone);
        thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    dispatcher::with_default(&dispatch, || {
                        assert_eq!(throughline::trace_id(), None);
                        span.in_scope(|| throughline::span!("on a thread").end());
                        assert_eq!(throughline::trace_id(), None, "nothing stays");
                    });
                });
            }
        });
    });
    trace.assert_tree(
        "
        theirs
          inner
          on a thread
          on a thread
          on a thread
          on a thread
          twice inside
        ",
    );
}

fn outer_span() -> Span {
    info_span!("theirs")
}

#[test]
fn spans_that_are_left_in_another_order_leave_nothing_behind() {
    let trace = record(|| {
        outer(|| {
            let (first, second) = (info_span!("first"), info_span!("second"));
            let first = first.entered();
            let second = second.entered();
            drop(first);
            throughline::span!("in second").end();
            drop(second);
            throughline::span!("in outer").end();
        });
        assert_eq!(throughline::trace_id(), None);
    });
    trace.assert_tree(
        "
        outer
          first
          in outer
          second
            in second
        ",
    );
}

#[test]
fn parents_that_are_given_count() {
    let trace = record(|| {
        let apart = info_span!("apart");
        outer(|| {
            let child = info_span!(parent: &apart, "child of apart");
            child.in_scope(|| inner(|| ()));
            info_span!(parent: None, "root").in_scope(|| info!("in root"));
            info!(parent: &apart, "said of apart");
            info!(parent: None, "said of nothing");
        });
    });
    trace.assert_tree(
        "
        apart
          child of apart
            inner
        outer
        root
        ",
    );
    assert_events(&trace, "apart", &["said of apart"]);
    assert_events(&trace, "outer", &[]);
    assert_eq!(trace.trace_ids().len(), 3);
}

#[test]
fn following_is_a_link() {
    let trace = record(|| {
        let first = info_span!("first");
        let second = info_span!("second");
        second.follows_from(&first);
    });
    let links = trace.span("second").links().to_vec();
    assert_eq!(links.len(), 1);
    assert_eq!(links[0].span_id, trace.span("first").span_id());
}

#[test]
fn fields_are_typed_attributes_also_those_that_come_later() {
    let trace = record(|| {
        let span = info_span!(
            target: "shop::sql", "query", rows = 3, ratio = 0.5, cached = false, text = "x", shown = %"y",
            debugged = ?Some(1), r#type = "z", wide = u128::MAX, later = Empty, never = Empty
        );
        span.record("later", 7);
        span.record("rows", 4);
    });
    let span = trace.span("query");
    let values = ["rows", "ratio", "cached", "text", "shown", "debugged", "type", "later"]
        .map(|key| format!("{key}={:?}", span.attribute(key).unwrap()));
    assert_eq!(
        values,
        [
            "rows=Int(4)",
            "ratio=Double(0.5)",
            "cached=Bool(false)",
            "text=Str(\"x\")",
            "shown=Str(\"y\")",
            "debugged=Str(\"Some(1)\")",
            "type=Str(\"z\")",
            "later=Int(7)",
        ]
    );
    assert_eq!(span.attribute("wide").unwrap(), u128::MAX.to_string().as_str());
    assert!(span.attribute("never").is_none());
    assert_eq!(span.callsite().target, "shop::sql");
    assert!(span.callsite().file.ends_with("tracing_spans.rs") && span.callsite().line > 0);
}

#[test]
fn fields_of_otel_say_something_of_the_span_itself() {
    let trace = record(|| {
        let span = info_span!("HTTP request", otel.name = "GET /orders", otel.kind = "Server");
        span.in_scope(|| info_span!("call", otel.kind = "client", otel.status_code = Empty));
        let late = info_span!("late", otel.kind = Empty, otel.name = Empty, otel.status_code = Empty);
        late.record("otel.kind", "PRODUCER").record("otel.name", "send orders");
        info_span!("odd", otel.kind = "sideways");
    });
    let server = trace.span("GET /orders");
    assert_eq!((server.kind(), trace.span("call").kind()), (Kind::Server, Kind::Client));
    assert_eq!(trace.span("send orders").kind(), Kind::Producer);
    assert!(server.attribute("otel.name").is_none() && server.attribute("otel.kind").is_none());
    let odd = trace.span("odd");
    assert_eq!((odd.kind(), odd.attribute("otel.kind").unwrap()), (Kind::Internal, "sideways".into()));
}

#[test]
fn a_span_fails_by_its_status_or_by_an_error_logged_in_it() {
    let trace = record(|| {
        let status = |name: &'static str| {
            info_span!("status", otel.name = name, otel.status_code = Empty, otel.status_description = Empty)
        };
        let said = status("said");
        said.record("otel.status_code", "ERROR").record("otel.status_description", "no answer");
        info_span!("logged").in_scope(|| error!(error = "refused", "cannot connect"));
        info_span!("message").in_scope(|| error!("cannot connect"));
        info_span!("warned").in_scope(|| warn!("slow"));
        let fine = status("fine");
        fine.record("otel.status_code", "OK");
        fine.in_scope(|| error!("expected"));
        info_span!("around").in_scope(|| outer(|| error!("not in around")));
    });
    let ended = |name| {
        let span = trace.span(name);
        (span.outcome(), span.message().unwrap_or_default().to_owned())
    };
    assert_eq!(ended("said"), (Outcome::Error, "no answer".into()));
    assert_eq!(ended("logged"), (Outcome::Error, "refused".into()));
    assert_eq!(ended("message"), (Outcome::Error, "cannot connect".into()));
    for name in ["warned", "fine", "around", "outer"] {
        assert_eq!(ended(name).0, Outcome::Ok, "{name}");
    }
    assert_eq!(trace.span("logged").attribute("error.type").unwrap(), "_OTHER");
}

#[test]
fn the_reason_of_a_failure_stays_in_whatever_order_it_is_said() {
    let trace = record(|| {
        let status = |name: &'static str| {
            info_span!("status", otel.name = name, otel.status_code = Empty, otel.status_description = Empty)
        };
        status("described").record("otel.status_description", "no answer");
        status("described first")
            .record("otel.status_description", "no answer")
            .record("otel.status_code", "ERROR");
        status("coded first")
            .record("otel.status_code", "ERROR")
            .record("otel.status_description", "no answer");
        info_span!("at once", otel.status_description = "no answer", otel.status_code = "ERROR");
        let logged = status("logged first");
        logged.in_scope(|| error!("no answer"));
        logged.record("otel.status_code", "ERROR");
        let logged = status("described at last");
        logged.in_scope(|| error!("failed"));
        logged.record("otel.status_description", "no answer");
        let described = status("described before it is logged");
        described.record("otel.status_description", "no answer").in_scope(|| error!("failed"));
        status("fine").record("otel.status_code", "OK").record("otel.status_description", "no answer");
    });
    for span in trace.spans() {
        let expected =
            if span.name() == "fine" { (Outcome::Ok, None) } else { (Outcome::Error, Some("no answer")) };
        assert_eq!((span.outcome(), span.message()), expected, "{}", span.name());
    }
    assert_eq!(trace.len(), 8);
}

#[test]
fn a_span_fails_by_an_error_where_events_are_not_kept() {
    let subscriber = tracing_subscriber::registry().with(TracingSpans::new());
    let trace = capture(|| {
        tracing::subscriber::with_default(subscriber, || {
            let apart = info_span!("apart");
            info_span!("theirs").in_scope(|| {
                error!(err = "refused", "cannot connect");
                error!(parent: &apart, "of apart");
                error!(parent: None, "of none");
            });
            info_span!("around").in_scope(|| outer(|| error!("not in around")));
        });
    });
    let ended = |name| (trace.span(name).outcome(), trace.span(name).message().map(str::to_owned));
    assert_eq!(ended("theirs"), (Outcome::Error, Some("refused".into())));
    assert_eq!(ended("apart"), (Outcome::Error, Some("of apart".into())));
    assert_eq!([ended("around"), ended("outer")], [(Outcome::Ok, None), (Outcome::Ok, None)]);
}

#[test]
fn a_panic_is_seen_by_the_spans_that_it_leaves() {
    let trace = record(|| {
        let panicked = std::panic::catch_unwind(|| {
            let _entered = info_span!("left by a panic").entered();
            std::panic::resume_unwind(Box::new(()));
        });
        assert!(panicked.is_err());
        assert_eq!(throughline::trace_id(), None);
    });
    assert_eq!(trace.span("left by a panic").outcome(), Outcome::Panicked);
}

#[test]
fn what_is_bound_in_a_span_stays_bound_when_it_is_entered_again() {
    record(|| {
        outer(|| {
            let span = info_span!("theirs");
            span.in_scope(|| assert!(throughline::baggage::set("tenant", "acme")));
            span.in_scope(|| assert_eq!(throughline::baggage::get("tenant").as_deref(), Some("acme")));
            assert_eq!(throughline::baggage::get("tenant").as_deref(), Some("acme"), "of one request");
        });
        assert_eq!(throughline::baggage::get("tenant"), None);
    });
}

#[test]
fn code_that_runs_for_a_value_may_trace_itself() {
    struct Chatty;
    impl std::fmt::Debug for Chatty {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            info_span!("while formatting").in_scope(|| inner(|| info!("said")));
            f.write_str("chatty")
        }
    }
    // Under a scoped subscriber `tracing` hands nothing on while it is at work: no lock may be held all the same.
    let trace = record(|| {
        let span = info_span!("theirs", value = ?Chatty, later = Empty);
        span.record("later", tracing::field::debug(Chatty));
        span.in_scope(|| error!(value = ?Chatty, "failed"));
    });
    let span = trace.span("theirs");
    for key in ["value", "later"] {
        assert_eq!(span.attribute(key).unwrap(), "chatty", "{key}");
    }
}

#[test]
fn other_layers_are_left_alone() {
    let (lines, seen) = (Lines::default(), Lines::default());
    let theirs = tracing_subscriber::fmt::layer().without_time().with_ansi(false).with_writer(seen.clone());
    let ours = throughline::logs::JsonLayer::new().with_writer(lines.clone());
    let subscriber = tracing_subscriber::registry().with(theirs).with(TracingSpans::new()).with(ours);
    let trace = capture(|| {
        tracing::subscriber::with_default(subscriber, || {
            outer(|| {
                let apart = info_span!("apart");
                info_span!("theirs", rows = 3).in_scope(|| {
                    info!(target: "shop", "inside");
                    info!(target: "shop", parent: &apart, "of apart");
                });
            });
        });
    });
    assert_eq!(seen.take(), [" INFO theirs{rows=3}: shop: inside\n", " INFO apart: shop: of apart\n"]);
    let ids = |line: &str| {
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        ["trace_id", "span_id"].map(|key| line[key].as_str().unwrap().to_owned())
    };
    let of = |name: &str| {
        let span = trace.span(name);
        [span.trace_id().to_string(), span.span_id().to_string()]
    };
    let lines = lines.take();
    assert_eq!([ids(&lines[0]), ids(&lines[1])], [of("theirs"), of("apart")]);
}

#[tokio::test]
async fn a_request_id_goes_along_where_nothing_is_traced() {
    use throughline::{Context, ContextParts};
    let request = ContextParts { request_id: "req-abc".parse().ok(), ..ContextParts::default() };
    let task = tracing::subscriber::with_default(subscriber(), || {
        let _attached = Context::from(request).attach();
        async { throughline::request_id().map(|id| id.to_string()) }
            .instrument(info_span!("theirs"))
            .with_current_subscriber()
    });
    assert_eq!(throughline::request_id(), None);
    assert_eq!(tokio::spawn(task).await.unwrap().as_deref(), Some("req-abc"));
}
