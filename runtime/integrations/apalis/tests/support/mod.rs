//! What the tests of all storages share.

#![allow(
    dead_code,
    unreachable_pub,
    unused_imports,
    unused_macros,
    reason = "not every test needs all of it"
)]

pub mod killed;
mod storages;

use std::collections::BTreeMap;
use std::future::pending;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use apalis::prelude::*;
use apalis_core::task::metadata::MetadataStore;
use throughline::span::Outcome;
use throughline::testing::{MemorySink, OwnedValue, SpanRecord, Trace};
use throughline::{FutureExt as _, Pipeline, SpanId, TraceId};

pub(crate) use storages::storage_tests;

/// Runs `test` on a runtime of this thread with a pipeline of its own, whose spans are given to `spans`.
pub fn recorded<T>(test: impl AsyncFnOnce() -> T, spans: impl FnOnce(T, Trace)) {
    let sink = MemorySink::new();
    let pipeline = Pipeline::builder().sink(sink.clone()).start().unwrap();
    let _entered = pipeline.enter();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let seen = runtime.block_on(test());
    assert!(pipeline.flush(Duration::from_secs(60)));
    spans(seen, sink.trace());
}

/// Runs `work` in the request `req-abc`, in a span `order`.
pub async fn ordering<T>(work: impl AsyncFnOnce() -> T) -> T {
    let context = throughline::extract(&[("x-request-id", "req-abc")]);
    let span = {
        let _attached = context.attach();
        throughline::span!("order")
    };
    async { work().await }.in_span(span).await
}

/// What the handlers saw: the request ID of each run.
#[derive(Clone, Debug, Default)]
pub struct Seen(Arc<Mutex<Vec<String>>>);

impl Seen {
    pub fn note(&self) -> usize {
        let mut seen = self.0.lock().unwrap();
        seen.push(throughline::request_id().map_or_else(String::new, |id| id.to_string()));
        seen.len()
    }

    pub fn all(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }
}

/// Fails the first time, then stops the worker.
pub async fn fails_once(_: u32, seen: Data<Seen>, worker: WorkerContext) -> Result<(), BoxDynError> {
    throughline::span!("send").end();
    if seen.note() == 1 {
        return Err("the server is away".into());
    }
    worker.stop()?;
    Ok(())
}

/// Never ends the first time, then stops the worker.
pub async fn is_lost_once(
    _: u32,
    seen: Data<Seen>,
    worker: WorkerContext,
    begun: Data<Arc<tokio::sync::Notify>>,
) -> Result<(), BoxDynError> {
    if seen.note() == 1 {
        begun.notify_one();
        pending::<()>().await;
    }
    worker.stop()?;
    Ok(())
}

/// Stops the worker.
pub async fn stops(_: u32, seen: Data<Seen>, worker: WorkerContext) -> Result<(), BoxDynError> {
    seen.note();
    worker.stop()?;
    Ok(())
}

pub fn linked(span: &SpanRecord) -> Vec<(TraceId, SpanId)> {
    span.links().iter().map(|link| (link.trace_id, link.span_id)).collect()
}

/// A first run that came to nothing, and a second of its own trace: linked, of the same request.
pub fn assert_retried(trace: &Trace, second_attempt: Option<u32>) -> [SpanRecord; 2] {
    let enqueue = trace.span("enqueue emails");
    let runs: Vec<_> = trace.spans_named("process emails").map(|span| (*span).clone()).collect();
    let [first, second] = <[SpanRecord; 2]>::try_from(runs).unwrap();
    assert_eq!((first.trace_id(), first.parent_id()), (enqueue.trace_id(), Some(enqueue.span_id())));
    assert_eq!(first.attribute("job.attempt"), Some(1.into()));
    assert!(first.links().is_empty());
    assert_run(&first);
    assert_run_again(&second, &enqueue, second_attempt);
    assert_eq!(second.attribute("messaging.message.id"), first.attribute("messaging.message.id"));
    [first, second]
}

/// A run that is not the first: of a trace of its own, linked, of the same request.
pub fn assert_run_again(run: &SpanRecord, enqueue: &SpanRecord, attempt: Option<u32>) {
    assert_run(run);
    assert_eq!((run.parent_id(), linked(run)), (None, vec![(enqueue.trace_id(), enqueue.span_id())]));
    assert_ne!(run.trace_id(), enqueue.trace_id());
    assert_eq!(run.attribute("job.attempt"), attempt.map(Into::into));
    assert_eq!(run.attribute("job.redelivered"), Some(true.into()));
}

fn assert_run(run: &SpanRecord) {
    assert_eq!(run.attribute("request.id"), Some("req-abc".into()));
    assert_eq!(run.attribute("messaging.system"), Some("apalis".into()));
    assert_eq!(run.attribute("messaging.destination.name"), Some("emails".into()));
    assert!(matches!(run.attribute("messaging.message.id"), Some(OwnedValue::Str(_))));
    assert!(matches!(run.attribute("job.queue.latency_ms"), Some(OwnedValue::Int(0..60_000))));
}

const PARENT: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

/// A task with metadata as nobody should send it: the largest, the most numerous and the strangest values.
pub fn hostile_task() -> Task<u32> {
    let large = "x".repeat(10 << 20);
    let strange = "a\r\nX-Injected: 1\u{1b}[31m\u{202e}\u{1F9A6} b";
    let mut metadata: MetadataStore = (0..500).map(|n| (format!("x-{n}"), strange)).collect();
    metadata.extend([
        ("traceparent", PARENT),
        ("TraceParent", &PARENT.replace("4bf9", "5bf9")),
        ("baggage", &format!("a=1,{strange}=2,b=%0D%0A")),
        ("X-Request-ID", strange),
        ("throughline-enqueued-at", "yesterday"),
        ("tracestate", &large),
    ]);
    TaskBuilder::new(7).with_metadata(metadata).build()
}

/// Sends its context on, and stops the worker.
pub async fn sends_on(number: u32, sent: Data<Sent>, worker: WorkerContext) -> Result<(), BoxDynError> {
    assert_eq!(number, 7);
    throughline::inject(&mut *sent.0.0.lock().unwrap());
    worker.stop()?;
    Ok(())
}

/// The headers of what a handler sends.
#[derive(Clone, Debug, Default)]
pub struct Sent(Arc<Mutex<BTreeMap<String, String>>>);

/// The task was run, in a trace and a request of its own, and nothing strange goes on.
pub fn assert_clean(sent: &Sent, trace: &Trace) {
    let run = trace.span("process emails");
    assert_eq!((run.outcome(), run.parent_id(), run.links().len()), (Outcome::Ok, None, 0));
    let Some(OwnedValue::Str(id)) = run.attribute("request.id") else { panic!("{run:?}") };
    assert!(id.starts_with("req-"), "{id}");
    let kept = run.attribute("request.id.replaced").unwrap();
    assert_eq!(kept, r"a\r\nX-Injected: 1\x1b[31m\xe2\x80\xae\xf0\x9f\xa6\xa6 b");
    let sent = sent.0.lock().unwrap();
    assert_eq!(sent.keys().collect::<Vec<_>>(), ["X-Request-ID", "baggage", "traceparent"]);
    assert_eq!((&sent["X-Request-ID"], sent["baggage"].as_str()), (&id, "a=1,b=%0D%0A"));
    assert!(sent["traceparent"].contains(&run.trace_id().to_string()));
}
