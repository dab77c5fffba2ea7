//! A real collector understands what we send: it saw the same spans as a sink in this process.

use std::sync::Arc;
use std::thread;
use std::time::Duration;

use throughline::export::otlp::{Compression, OtlpConfig, OtlpSink, Resource};
use throughline::span::{Callsite, Kind, Outcome, Sink, Span, Value, ValueView};
use throughline::stats::Counters;
use throughline::{FutureExt, Pipeline, SpanId};
use throughline_tests::collector::{Collector, Keeper, Seen};
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

fn sink(collector: &Collector, counters: &Arc<Counters>, compression: Compression) -> OtlpSink {
    let mut config = OtlpConfig::default();
    config.endpoint = collector.endpoint();
    config.compression = compression;
    // Several requests, and the last one not full.
    config.batch_spans = 7;
    OtlpSink::start(config, &Resource::new("shop"), Arc::clone(counters)).expect("a sink")
}

fn check_same(mut received: Vec<Seen>, mut expected: Vec<Seen>) {
    received = received.into_iter().map(Seen::without_code).collect();
    received.sort();
    expected.sort();
    assert_eq!(received.len(), expected.len());
    received.iter().zip(&expected).for_each(|(received, expected)| assert_eq!(received, expected));
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
    let Some(collector) = Collector::start() else { return };
    for compression in [Compression::None, Compression::Gzip] {
        let counters = Arc::default();
        let mut sink = sink(&collector, &counters, compression);
        let shapes = shapes();
        shapes.iter().for_each(|shape| shape.view(|span| sink.span(span)));
        assert!(sink.flush(PATIENCE));
        assert_eq!(counters.stats().exported, shapes.len() as u64);
        let expected = shapes.iter().map(|shape| shape.view(Seen::of)).collect();
        check_same(collector.received(), expected);
    }
}

/// A request with a query that fails, a job on another thread, and a task that is cancelled.
fn request(number: u64) {
    Span::new(&REQUEST).in_scope(|| {
        throughline::set("order.items", number);
        throughline::set("huge", u64::MAX);
        throughline::span::current::rename(&format!("GET /orders/{number}"));
        let query = Span::new(&QUERY);
        query.set("db.shards", 9);
        query.set("ids", [1_u32, 2]);
        query.in_scope(|| throughline::span::current::event("cache.miss", &[("key", Value::Str("k"))]));
        query.fail("Timeout", "the database did not answer");
        drop(query);
        let job = throughline::thread::spawn(|| Span::new(&WORK).in_scope(|| throughline::set("ratio", 0.5)));
        job.join().expect("no panic");
        let mut forgotten = Box::pin(std::future::pending::<()>().in_span(Span::new(&SEND)));
        let waker = std::task::Waker::noop();
        assert!(forgotten.as_mut().poll(&mut std::task::Context::from_waker(waker)).is_pending());
    });
}

#[test]
fn a_collector_receives_what_a_sink_beside_it_saw() {
    let Some(collector) = Collector::start() else { return };
    let (counters, keeper) = (Arc::default(), Keeper::default());
    let otlp = sink(&collector, &counters, Compression::Gzip);
    let pipeline =
        Pipeline::builder().counters(Arc::clone(&counters)).sink(keeper.clone()).sink(otlp).start();
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
    let expected = keeper.take();
    assert_eq!(expected.len(), 4 * 25 * 4);
    assert_eq!(pipeline.stats().exported, 400);
    assert_eq!(pipeline.stats().dropped_spans(), 0);
    let cancelled = expected.iter().filter(|span| span.attributes.contains_key("throughline.outcome"));
    assert_eq!(cancelled.count(), 100);
    check_same(collector.received(), expected);
}
