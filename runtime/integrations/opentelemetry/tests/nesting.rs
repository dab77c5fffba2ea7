//! Spans of both kinds inside of each other are one tree.

use std::time::{Duration, SystemTime};

use opentelemetry::baggage::BaggageExt as _;
use opentelemetry::trace::{
    FutureExt as _, Link, Span as _, SpanContext, SpanKind, Status, TraceContextExt as _, TraceFlags,
    TraceState, Tracer as _, TracerProvider as _, get_active_span,
};
use opentelemetry::{Context as OtelContext, KeyValue, global};
use opentelemetry_sdk::trace::{InMemorySpanExporter, SdkTracerProvider};
use throughline::span::{Kind, Outcome};
use throughline::testing::{capture, capture_async};
use throughline::{Context, ContextParts, FutureExt as _, span, traced};
use throughline_opentelemetry::{
    FutureExt as _, Tracer, TracerProvider, attach_current, from_otel, install, to_otel,
};

fn tracer() -> Tracer {
    TracerProvider::new().tracer("library")
}

fn remote(trace: u128, span: u64, flags: TraceFlags) -> SpanContext {
    SpanContext::new(trace.into(), span.into(), flags, true, TraceState::NONE)
}

#[test]
fn spans_of_both_kinds_are_one_tree_whichever_is_inside() {
    install();
    let trace = capture(|| {
        span!("ours").in_scope(|| {
            global::tracer("library").in_span("theirs", |_| {
                span!("ours in theirs").in_scope(|| {
                    global::tracer("library").in_span("theirs in ours", |_| span!("leaf").end());
                    span!("beside").end();
                });
                span!("after").end();
            });
            span!("last").end();
        });
        global::tracer("library").in_span("root of theirs", |_| span!("child").end());
    });
    trace.assert_tree(
        "
        ours
          last
          theirs
            after
            ours in theirs
              beside
              theirs in ours
                leaf
        root of theirs
          child
        ",
    );
}

#[traced]
async fn ours() {
    tokio::task::yield_now().await;
    tracer().in_span("theirs in ours", |_| ());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn futures_that_go_from_thread_to_thread_stay_in_the_tree() {
    let trace = capture_async(async {
        let mut tasks = tokio::task::JoinSet::new();
        for _ in 0..50 {
            let request = async {
                let context = OtelContext::current_with_span(tracer().start("theirs"));
                async {
                    tokio::task::yield_now().await;
                    ours().await;
                    tokio::task::yield_now().await;
                    ours().await;
                }
                .with_context(context)
                .await;
            };
            tasks.spawn(request.in_span(span!("request")));
        }
        tasks.join_all().await;
    })
    .await;
    assert_eq!(trace.len(), 50 * 6);
    assert_eq!(trace.roots().count(), 50);
    for root in trace.roots() {
        assert_eq!(root.name(), "request");
    }
    for span in trace.spans().filter(|span| span.name() != "request") {
        let parent = match span.name() {
            "theirs" => "request",
            "ours" => "theirs",
            _ => "ours",
        };
        assert_eq!(span.parent().unwrap().name(), parent);
    }
}

#[test]
fn a_span_of_theirs_that_is_active_on_another_thread_is_the_parent_there() {
    let trace = capture(|| {
        let context = OtelContext::current_with_span(tracer().start("theirs"));
        let elsewhere = context.clone();
        std::thread::scope(|scope| {
            scope.spawn(move || {
                let _attached = elsewhere.attach();
                span!("ours").end();
            });
        });
        context.span().end();
        let _attached = context.attach();
        span!("after the end").end();
    });
    trace.assert_tree(
        "
        theirs
          after the end
          ours
        ",
    );
}

#[test]
fn a_remote_context_of_theirs_is_a_remote_parent_with_its_state() {
    let state = TraceState::from_key_value([("rojo", "1")]).unwrap();
    let flags = TraceFlags::SAMPLED;
    let context = SpanContext::new(0x11_u128.into(), 0x22_u64.into(), flags, true, state);
    let trace = capture(|| {
        TracerProvider::new();
        let _attached = OtelContext::new().with_remote_span_context(context).attach();
        span!("ours").in_scope(|| tracer().in_span("theirs", |_| ()));
    });
    let ours = trace.span("ours");
    assert_eq!((ours.trace_id().to_u128(), ours.parent_id().unwrap().to_u64()), (0x11, 0x22));
    assert!(ours.record().parent_is_remote());
    assert_eq!(ours.record().trace_state(), Some("rojo=1"));
    ours.assert_parent_of(&trace.span("theirs"));
}

#[test]
fn what_theirs_does_not_know_of_a_request_stays() {
    let parts = ContextParts { request_id: "req-abc".parse().ok(), ..ContextParts::default() };
    let trace = capture(|| {
        TracerProvider::new();
        let _request = Context::from(parts).attach();
        throughline::baggage::set("tenant", "acme");
        let foreign = remote(0x11, 0x22, TraceFlags::SAMPLED);
        for context in [
            OtelContext::new().with_remote_span_context(foreign),
            OtelContext::current_with_span(tracer().start("theirs")),
        ] {
            let _attached = context.attach();
            assert_eq!(throughline::request_id().unwrap(), "req-abc");
            assert_eq!(throughline::baggage::get("tenant").as_deref(), Some("acme"));
        }
        assert_eq!(throughline::trace_id(), None, "the request is as before");
    });
    assert_eq!(trace.span("theirs").attribute("request.id").unwrap(), "req-abc");
}

#[test]
fn baggage_goes_both_ways() {
    let trace = capture(|| {
        TracerProvider::new();
        let span = span!("ours").entered();
        throughline::baggage::set("tenant", "acme");
        {
            let _attached = attach_current();
            assert_eq!(OtelContext::current().baggage().get("tenant").unwrap().as_str(), "acme");
            let _more = OtelContext::current_with_baggage([
                KeyValue::new("tenant", "acme"),
                KeyValue::new("user", "ada"),
            ])
            .attach();
            assert_eq!(throughline::baggage::get("user").as_deref(), Some("ada"));
            span!("with more").end();
        }
        assert_eq!(throughline::baggage::get("user"), None);
        drop(span);
    });
    trace.assert_tree(
        "
        ours
          with more
        ",
    );
}

#[test]
fn contexts_that_are_detached_in_another_order_leave_nothing_behind() {
    let trace = capture(|| {
        let (one, two) = (tracer().start("one"), tracer().start("two"));
        let one = OtelContext::current_with_span(one).attach();
        let two = OtelContext::current_with_span(two).attach();
        drop(one);
        span!("in two").end();
        drop(two);
        assert!(throughline::current().is_empty());
        span!("after").end();
    });
    trace.assert_tree(
        "
        after
        one
        two
          in two
        ",
    );
}

#[test]
fn a_span_of_another_sdk_is_the_parent_of_ours_and_ours_is_the_parent_of_it() {
    let exporter = InMemorySpanExporter::default();
    let sdk = SdkTracerProvider::builder().with_simple_exporter(exporter.clone()).build();
    let foreign = sdk.tracer("foreign");
    let trace = capture(|| {
        TracerProvider::new();
        let _ours = span!("ours").entered();
        let _attached = attach_current();
        foreign.in_span("foreign", |_| {
            span!("ours in foreign").in_scope(|| {
                let _attached = attach_current();
                foreign.in_span("foreign leaf", |_| ());
            });
        });
    });
    let spans = exporter.get_finished_spans().unwrap();
    let id = |name: &str| {
        let span = spans.iter().find(|span| span.name == name).unwrap();
        (span.span_context.span_id(), span.parent_span_id)
    };
    let ours = |name: &str| opentelemetry::SpanId::from(trace.span(name).span_id().to_u64());
    assert_eq!(id("foreign").1, ours("ours"));
    assert_eq!(id("foreign leaf").1, ours("ours in foreign"));
    let parent = trace.span("ours in foreign").parent_id().unwrap();
    assert_eq!(opentelemetry::SpanId::from(parent.to_u64()), id("foreign").0);
    assert!(
        spans
            .iter()
            .all(|span| { span.span_context.trace_id() == trace.span("ours").trace_id().to_u128().into() })
    );
}

#[tokio::test]
async fn a_future_sees_our_span_through_their_api_at_every_poll() {
    #[traced]
    async fn checkout() {
        async {
            for _ in 0..3 {
                get_active_span(|span| span.add_event("seen", vec![KeyValue::new("n", 1)]));
                tokio::task::yield_now().await;
            }
        }
        .in_otel()
        .await;
        assert!(!OtelContext::current().has_active_span());
    }
    let trace = capture_async(checkout()).await;
    assert_eq!(trace.span("checkout").events().len(), 3);
}

#[test]
fn all_that_their_api_records_is_on_the_span() {
    let linked = remote(0x11, 0x22, TraceFlags::SAMPLED);
    let trace = capture(|| {
        let mut span = tracer()
            .span_builder("first name")
            .with_kind(SpanKind::Client)
            .with_attributes([KeyValue::new("bool", true), KeyValue::new("int", -1)])
            .with_links(vec![Link::with_context(linked.clone())])
            .start(&tracer());
        assert!(span.is_recording() && span.span_context().is_sampled());
        span.set_attribute(KeyValue::new("double", 0.5));
        span.set_attribute(KeyValue::new("text", "a"));
        let texts = opentelemetry::Array::String(vec!["a".into(), "b".into()]);
        span.set_attribute(KeyValue::new("texts", opentelemetry::Value::Array(texts)));
        let numbers = opentelemetry::Array::I64(vec![1, 2]);
        span.set_attribute(KeyValue::new("numbers", opentelemetry::Value::Array(numbers)));
        span.add_event("happened", vec![KeyValue::new("key", "value")]);
        span.record_error(&std::io::Error::other("broken"));
        span.set_status(Status::error("failed"));
        span.update_name("name");
        span.end();
        span.set_attribute(KeyValue::new("late", true));
        assert!(!span.is_recording());
        let mut fine = tracer().start("fine");
        fine.set_attribute(KeyValue::new("error.type", "timeout"));
        fine.set_status(Status::error("timed out"));
        drop(fine);
        let mut ok = tracer().start("ok");
        ok.set_status(Status::Ok);
    });
    let span = trace.span("name");
    assert_eq!((span.kind(), span.outcome()), (Kind::Client, Outcome::Error));
    assert_eq!(span.record().callsite().target, "library");
    assert_eq!(span.message(), Some("failed"));
    for (key, value) in [
        ("bool", true.into()),
        ("int", throughline::testing::OwnedValue::Int(-1)),
        ("double", 0.5.into()),
        ("text", "a".into()),
        ("texts", ["a", "b"].into()),
        ("numbers", [1, 2].into()),
        ("error.type", "_OTHER".into()),
    ] {
        assert_eq!(span.attribute(key), Some(value), "{key}");
    }
    assert_eq!(span.attribute("late"), None);
    assert_eq!(span.event("happened").unwrap().attribute("key").unwrap(), "value");
    assert_eq!(span.event("exception").unwrap().attribute("exception.message").unwrap(), "broken");
    assert_eq!(span.links()[0].span_id.to_u64(), 0x22);
    assert_eq!(trace.span("fine").attribute("error.type").unwrap(), "timeout");
    assert_eq!(trace.span("ok").outcome(), Outcome::Ok);
}

#[test]
fn a_span_whose_start_is_given_has_the_times_that_are_given() {
    let start = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000);
    let end = start + Duration::from_millis(25);
    let trace = capture(|| {
        let tracer = tracer();
        tracer.span_builder("told of later").with_start_time(start).start(&tracer).end_with_timestamp(end);
        tracer.span_builder("backwards").with_start_time(end).start(&tracer).end_with_timestamp(start);
        drop(tracer.span_builder("not ended").with_start_time(start).start(&tracer));
        tracer.start("of the calls").end_with_timestamp(end);
    });
    let times = |name| (trace.span(name).start(), trace.span(name).duration());
    assert_eq!(times("told of later"), (1_000_000_000_000_000, 25_000_000));
    assert_eq!(trace.span("not ended").start(), 1_000_000_000_000_000);
    assert_ne!(trace.span("of the calls").end(), 1_000_000_025_000_000);
    assert_eq!(times("backwards"), (1_000_000_025_000_000, 0));
}

#[test]
fn a_context_that_is_given_wins_over_the_current_one() {
    let trace = capture(|| {
        let other = OtelContext::new().with_span(tracer().start("other"));
        span!("ours").in_scope(|| {
            tracer().start_with_context("given", &other).end();
            tracer().start_with_context("copy of the current one", &OtelContext::current()).end();
            tracer().in_span("theirs", |context| {
                span!("between").in_scope(|| tracer().start_with_context("copy", &context).end());
                tracer().start_with_context("root", &OtelContext::new()).end();
            });
        });
    });
    trace.assert_tree(
        "
        other
          given
        ours
          copy of the current one
          theirs
            between
              copy
            root
        ",
    );
}

#[test]
fn spans_of_tests_that_run_at_once_and_have_the_same_ids_are_told_apart() {
    fn work() {
        let theirs = OtelContext::new().with_span(tracer().start("theirs"));
        tracer().start_with_context("given", &theirs).end();
        std::thread::scope(|scope| {
            scope.spawn(|| {
                let _attached = theirs.attach();
                span!("ours").end();
            });
        });
    }
    let tree = "
        theirs
          given
          ours
        ";
    let trace = capture(|| {
        let before = OtelContext::new().with_span(tracer().start("before"));
        std::thread::scope(|scope| {
            let beside = scope.spawn(|| capture(work).assert_tree(tree));
            beside.join().unwrap();
        });
        drop(before);
    });
    trace.assert_tree("before");
}

#[test]
fn telemetry_that_is_suppressed_there_is_suppressed_here() {
    let trace = capture(|| {
        TracerProvider::new();
        span!("ours").in_scope(|| {
            let _suppressed = OtelContext::enter_telemetry_suppressed_scope();
            span!("not recorded").in_scope(|| tracer().in_span("neither", |_| ()));
        });
        span!("after").end();
    });
    trace.assert_tree(
        "
        after
        ours
        ",
    );
}

#[test]
fn telemetry_that_is_suppressed_here_is_suppressed_there() {
    let suppressed = to_otel(&Context::suppressed());
    assert!(suppressed.is_telemetry_suppressed());
    let trace = capture(|| {
        TracerProvider::new();
        span!("ours").in_scope(|| {
            let _suppressed = Context::suppressed().attach();
            let _attached = attach_current();
            assert!(OtelContext::current().is_telemetry_suppressed());
            tracer().in_span("neither", |_| span!("not recorded").end());
        });
        span!("ours again").in_scope(|| tracer().in_span("theirs again", |_| ()));
    });
    trace.assert_tree(
        "
        ours
        ours again
          theirs again
        ",
    );
}

#[test]
fn spans_of_more_libraries_than_are_told_apart_are_recorded_too() {
    let trace = capture(|| {
        let provider = TracerProvider::new();
        for scope in 0..1100 {
            provider.tracer(format!("library {scope}")).in_span(format!("span {scope}"), |_| ());
        }
    });
    assert_eq!(trace.len(), 1100);
    let target = |name| trace.span(name).callsite().target;
    assert_eq!(target("span 0"), "library 0");
    assert_eq!(target("span 1099"), "opentelemetry");
}

#[test]
fn where_nothing_is_traced_their_spans_carry_what_came() {
    TracerProvider::new();
    let span = tracer().start("nothing");
    assert!(!span.is_recording() && !span.span_context().is_valid());
    let _attached = OtelContext::new().with_remote_span_context(remote(1, 2, TraceFlags::SAMPLED)).attach();
    let span = tracer().start("passed on");
    assert!(!span.is_recording());
    assert_eq!(span.span_context().span_id(), 2_u64.into());
    assert_eq!(Context::current().span_id().unwrap().to_u64(), 2);
}

#[test]
fn a_trace_that_is_not_sampled_is_not_recorded_in_either() {
    let trace = capture(|| {
        TracerProvider::new();
        let context = OtelContext::new().with_remote_span_context(remote(1, 2, TraceFlags::NOT_SAMPLED));
        let _attached = context.attach();
        span!("ours").in_scope(|| {
            tracer().in_span("theirs", |context| {
                assert_eq!(context.span().span_context().trace_id(), 1_u128.into());
                assert!(!context.span().is_recording() && !context.span().span_context().is_sampled());
            });
        });
    });
    assert!(trace.is_empty());
}

#[test]
fn a_context_comes_back_as_it_was() {
    capture(|| {
        let span = span!("ours");
        let context = span.context();
        let back = from_otel(&to_otel(&context));
        assert_eq!(back.to_parts(), context.to_parts());
        assert!(!back.is_remote());
        let parts = ContextParts {
            trace_id: throughline::TraceId::new(1),
            span_id: throughline::SpanId::new(2),
            trace_state: Some("rojo=1,congo=2".into()),
            request_id: "req-abc".parse().ok(),
            ..ContextParts::default()
        };
        let context = Context::from(parts.clone());
        assert_eq!(from_otel(&to_otel(&context)).to_parts(), parts);
        let only_id = ContextParts { trace_id: None, span_id: None, trace_state: None, ..parts };
        assert_eq!(from_otel(&to_otel(&Context::from(only_id.clone()))).to_parts(), only_id);
        assert!(from_otel(&to_otel(&Context::default())).is_empty());
    });
}
