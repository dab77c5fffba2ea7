//! A real collector understands what we send: it saw the same spans as [`capture`].

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::Arc;
use std::task::Waker;
use std::thread;
use std::time::Duration;

use throughline::export::otlp::{Compression, OtlpConfig, OtlpSink, Protocol, Resource};
use throughline::span::{Callsite, Kind, Outcome, Sink, Span, ValueView};
use throughline::stats::Counters;
use throughline::testing::{MemorySink, SpanRecord, Trace, capture};
use throughline::{FutureExt, Pipeline, SpanId, traced};
use throughline_tests::collector::{Collector, Seen};
use throughline_tests::otlp::{Event, Shape, Typed};

const FILE: &str = "src/shop.rs";
static REQUEST: Callsite = Callsite::new("handle", "shop", FILE, 1, &[]).with_kind(Kind::Server);
static QUERY: Callsite = Callsite::new("query", "shop", FILE, 2, &[])
    .with_kind(Kind::Client)
    .with_constants(&[("db.system.name", ValueView::Str("postgresql")), ("db.shards", ValueView::Int(3))]);
static SEND: Callsite = Callsite::new("send", "shop", FILE, 3, &[]).with_kind(Kind::Producer);
static RECEIVE: Callsite = Callsite::new("receive", "shop", FILE, 4, &[]).with_kind(Kind::Consumer);
static WORK: Callsite = Callsite::new("work", "shop", FILE, 5, &[]);

const PATIENCE: Duration = Duration::from_secs(60);

fn sink(
    collector: &Collector,
    counters: &Arc<Counters>,
    protocol: Protocol,
    compression: Compression,
) -> OtlpSink {
    let mut config = OtlpConfig::default();
    config.endpoint = match protocol {
        Protocol::Grpc => collector.grpc_endpoint(),
        _ => collector.endpoint(),
    };
    (config.protocol, config.compression) = (protocol, compression);
    // Several requests, and the last one not full.
    config.batch_spans = 7;
    OtlpSink::start(config, &Resource::new("shop"), Arc::clone(counters)).expect("a sink")
}

#[track_caller]
fn check_received(collector: Collector, expected: impl IntoIterator<Item = Seen>) {
    let received = collector.received();
    let mut received: Vec<Seen> = received.iter().map(Seen::received).collect();
    let mut expected: Vec<Seen> = expected.into_iter().collect();
    received.sort();
    expected.sort();
    assert_eq!(received.len(), expected.len());
    received.iter().zip(&expected).for_each(|(received, expected)| assert_eq!(received, expected));
}

fn captured(trace: &Trace) -> impl Iterator<Item = Seen> {
    trace.spans().map(|span| Seen::captured(&span))
}

/// A request that came with a trace, a state and an ID, and does one of everything.
fn shop() {
    let headers = [
        ("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-03"),
        ("tracestate", "vendor=opaque,other=1"),
        ("x-request-id", "req-abc"),
    ];
    let _attached = throughline::extract(&headers).attach();
    let _ = handle(3);
    // A trace of its own, with an ID that nobody gave it.
    let order = throughline::span!("nightly", kind = "of no meaning to the span");
    let context = order.context();
    drop(order);
    receive(&context);
}

#[traced(kind = "server", name = "POST /orders", fields(order.items = items, user = "J\u{fc}rgen, \u{1f980}"))]
fn handle(items: u32) -> Result<(), String> {
    typed_values();
    lists();
    many_events();
    let _ = catch_unwind(AssertUnwindSafe(panics));
    cancelled();
    send(&throughline::current());
    throughline::span::current::rename("POST /orders/{id}");
    query(items)
}

#[traced]
fn typed_values() {
    throughline::set("bool", true);
    throughline::set("i8", i8::MIN);
    throughline::set("i64", i64::MIN);
    throughline::set("u64", 7_u64);
    throughline::set("u64.wide", i64::MAX as u64 + 1);
    throughline::set("usize", 9_usize);
    throughline::set("i128", -7_i128);
    throughline::set("i128.wide", i128::MIN);
    throughline::set("u128.wide", u128::MAX);
    throughline::set("f32", 0.5_f32);
    throughline::set("f64", -1e300);
    throughline::set("str", "several\nlines");
    throughline::set("str.empty", "");
    throughline::set("str.long", "\u{1f980}".repeat(2_000));
    throughline::set("none", None::<i32>);
    throughline::set("twice", 1);
    throughline::set("twice", "the last");
}

#[traced]
fn lists() {
    throughline::set("bools", [true, false]);
    throughline::set("ints", vec![1_i64, -2]);
    throughline::set("wide", [u64::MAX, 1]);
    throughline::set("floats", [0.25, 2.0]);
    throughline::set("texts", ["a", "b, c", ""]);
    throughline::set("nothing", Vec::<bool>::new());
}

/// More than are kept of one span.
#[traced]
fn many_events() {
    throughline::event!("cache.miss", cache.key = %"user:7", attempt = 2, ratio = 0.5, hit = false, shards = [1, 2]);
    (0..130).for_each(|number| throughline::event!("tick", number = number));
}

#[traced]
fn panics() {
    std::panic::resume_unwind(Box::new("out of tea"));
}

#[traced]
async fn never() {
    std::future::pending::<()>().await;
}

/// A future that is dropped before it is done.
fn cancelled() {
    let mut context = std::task::Context::from_waker(Waker::noop());
    assert!(pin!(never()).as_mut().poll(&mut context).is_pending());
}

#[traced(kind = "producer", links = [cause])]
fn send(cause: &throughline::Context) {}

#[traced(kind = "consumer", parent = None, links = [with])]
fn receive(with: &throughline::Context) {}

#[traced(kind = "client", fields(db.system.name = "postgresql", db.shards = shards))]
fn query(shards: u32) -> Result<(), String> {
    Err("the database did not answer".to_owned())
}

/// What `capture` saw cannot go to a collector as well: its pipeline has no other sink. But its IDs and times count up from
/// the same numbers in every run, and so they do in a pipeline that sends.
#[test]
fn a_collector_receives_what_capture_saw() {
    let Some(collector) = Collector::start() else { return };
    let trace = capture(shop);
    check_is_of_all_sorts(&trace);
    let counters = Arc::default();
    let otlp = sink(&collector, &counters, Protocol::default(), Compression::Gzip);
    let pipeline =
        Pipeline::builder().counters(counters).sink(otlp).deterministic().start().expect("a pipeline");
    let entered = pipeline.enter();
    shop();
    drop(entered);
    assert!(pipeline.flush(PATIENCE));
    assert_eq!(pipeline.stats().exported, trace.len() as u64);
    check_received(collector, captured(&trace));
}

/// That the program does not lose what it is there to show.
#[track_caller]
fn check_is_of_all_sorts(trace: &Trace) {
    for kind in [Kind::Internal, Kind::Server, Kind::Client, Kind::Producer, Kind::Consumer] {
        assert!(trace.spans().any(|span| span.kind() == kind), "{kind:?}");
    }
    for outcome in [Outcome::Ok, Outcome::Error, Outcome::Panicked, Outcome::Cancelled] {
        assert!(trace.spans().any(|span| span.outcome() == outcome), "{outcome:?}");
    }
    let root = trace.span("POST /orders/{id}");
    assert!(root.parent_is_remote());
    assert_eq!(root.trace_state(), Some("vendor=opaque,other=1"));
    assert_eq!(root.attribute("request.id").expect("an ID"), "req-abc");
    assert_eq!(trace.span("send").links().len(), 1);
    assert_eq!(trace.span("many_events").dropped().events, 3);
    assert_eq!(trace.span("typed_values").attributes().len(), 15);
    assert_eq!(trace.span("typed_values").attribute("u64.wide").expect("a text"), "9223372036854775808");
    assert_eq!(trace.span("lists").attribute("wide").expect("a list").as_array().map(<[_]>::len), Some(2));
}

fn shapes() -> Vec<Shape> {
    let array = |values: Vec<Typed>| Typed::Array(values);
    let mut shapes: Vec<_> = (1..=20)
        .map(|id| {
            let callsite = [&REQUEST, &QUERY, &SEND, &RECEIVE, &WORK][id as usize % 5];
            Shape::new(callsite, id)
                .with("order.items", id as i64 - 10)
                .with("user", "J\u{fc}rgen, \u{1f980}")
                .with("user", "twice: the last")
        })
        .collect();
    shapes[1].attributes.push(("paid".to_owned(), Typed::Bool(false)));
    shapes[1].attributes.push(("price".to_owned(), Typed::Double(9.75)));
    shapes[2].attributes.push(("tags".to_owned(), array(vec!["a".into(), "b, c".into()])));
    shapes[3].attributes.push(("counts".to_owned(), array(vec![1.into(), 2.into()])));
    shapes[4].attributes.push(("db.shards".to_owned(), 9.into()));
    shapes[5].parent = SpanId::new(1);
    shapes[5].parent_is_remote = true;
    shapes[5].trace_state = Some("vendor=opaque".to_owned());
    (shapes[6].outcome, shapes[6].message) = (Outcome::Error, Some("card declined".to_owned()));
    (shapes[7].outcome, shapes[7].message) = (Outcome::Panicked, Some("index out of bounds".to_owned()));
    shapes[8].outcome = Outcome::Cancelled;
    shapes[9].name = "renamed at run time".to_owned();
    shapes[9].events = vec![Event { name: "cache.miss".to_owned(), time: 5, attributes: Vec::new() }];
    shapes
}

#[test]
fn a_collector_receives_what_was_encoded() {
    let ways = [
        (Protocol::HttpProtobuf, Compression::None),
        (Protocol::HttpProtobuf, Compression::Gzip),
        (Protocol::HttpJson, Compression::None),
        (Protocol::HttpJson, Compression::Gzip),
        (Protocol::Grpc, Compression::None),
        (Protocol::Grpc, Compression::Gzip),
    ];
    for (protocol, compression) in ways {
        let Some(collector) = Collector::start() else { return };
        let counters = Arc::default();
        let mut sink = sink(&collector, &counters, protocol, compression);
        let shapes = shapes();
        shapes.iter().for_each(|shape| shape.view(|span| sink.span(span)));
        assert!(sink.flush(PATIENCE));
        assert_eq!(counters.stats().exported, shapes.len() as u64);
        // A collector that ends waits for connections of gRPC that are open.
        drop(sink);
        let expected = shapes.iter().map(|shape| shape.view(|span| Seen::captured(&SpanRecord::from(span))));
        check_received(collector, expected);
    }
}

/// A request with a query that fails, a job on another thread, and a task that is cancelled.
fn request(number: u64) {
    Span::new(&REQUEST).in_scope(|| {
        throughline::set("order.items", number);
        throughline::span::current::rename(&format!("GET /orders/{number}"));
        let query = Span::new(&QUERY);
        query.set("db.shards", 9);
        query.in_scope(|| throughline::event!("cache.miss", key = "k"));
        query.fail("Timeout", "the database did not answer");
        drop(query);
        let job = throughline::thread::spawn(|| Span::new(&WORK).in_scope(|| throughline::set("ratio", 0.5)));
        job.join().expect("no panic");
        let mut forgotten = Box::pin(std::future::pending::<()>().in_span(Span::new(&SEND)));
        assert!(forgotten.as_mut().poll(&mut std::task::Context::from_waker(Waker::noop())).is_pending());
    });
}

/// The sink of a capture beside the one that sends: in a pipeline whose IDs and times are real, with work on many threads.
#[test]
fn a_collector_receives_what_the_sink_of_a_capture_saw_beside_it() {
    let Some(collector) = Collector::start() else { return };
    let (counters, memory) = (Arc::default(), MemorySink::new());
    let otlp = sink(&collector, &counters, Protocol::default(), Compression::Gzip);
    let pipeline =
        Pipeline::builder().counters(Arc::clone(&counters)).sink(memory.clone()).sink(otlp).start();
    let pipeline = pipeline.expect("a pipeline");
    thread::scope(|scope| {
        for thread in 0..4 {
            let pipeline = &pipeline;
            scope.spawn(move || {
                let _entered = pipeline.enter();
                (0..25).for_each(|number| request(thread * 100 + number));
            });
        }
    });
    assert!(pipeline.flush(PATIENCE));
    let trace = memory.take();
    assert_eq!(trace.len(), 4 * 25 * 4);
    assert_eq!(pipeline.stats().exported, 400);
    assert_eq!(pipeline.stats().dropped_spans(), 0);
    assert_eq!(trace.spans().filter(|span| span.outcome() == Outcome::Cancelled).count(), 100);
    check_received(collector, captured(&trace));
}
