//! Exporters of OpenTelemetry behind a pipeline of ours.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use opentelemetry::trace::{SpanId, SpanKind, Status};
use opentelemetry::{Array, Key, Value};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::{OTelSdkError, OTelSdkResult};
use opentelemetry_sdk::trace::{InMemorySpanExporter, SpanData, SpanExporter};
use throughline::span::{Kind, Outcome, current};
use throughline::{Context, Pipeline, span};
use throughline_opentelemetry::ExporterSink;

const PATIENCE: Duration = Duration::from_secs(60);

fn pipeline<E: SpanExporter + 'static>(exporter: E) -> Pipeline {
    let resource = Resource::builder_empty().with_service_name("shop").build();
    let counters = Arc::default();
    let sink = ExporterSink::start_counting(exporter, &resource, Arc::clone(&counters)).unwrap();
    Pipeline::builder().sink(sink).counters(counters).start().unwrap()
}

/// Runs `code` and returns what the exporter got.
fn exported(code: impl FnOnce()) -> Vec<SpanData> {
    let exporter = InMemorySpanExporter::default();
    let pipeline = pipeline(exporter.clone());
    let entered = pipeline.enter();
    code();
    drop(entered);
    assert!(pipeline.flush(PATIENCE));
    let spans = exporter.get_finished_spans().unwrap();
    assert_eq!(pipeline.stats().exported, spans.len() as u64);
    spans
}

fn named<'a>(spans: &'a [SpanData], name: &str) -> &'a SpanData {
    spans.iter().find(|span| span.name == name).unwrap()
}

fn attribute(span: &SpanData, key: &str) -> Option<Value> {
    let mut same = span.attributes.iter().filter(|pair| pair.key == Key::new(key.to_owned()));
    let value = same.next().map(|pair| pair.value.clone());
    assert!(same.next().is_none(), "{key} is there twice");
    value
}

#[test]
fn a_span_has_all_that_it_had_with_us() {
    let spans = exported(|| {
        let state = Context::from(throughline::ContextParts {
            trace_id: throughline::TraceId::new(0x11),
            span_id: throughline::SpanId::new(0x22),
            flags: throughline::Flags::SAMPLED,
            trace_state: Some("rojo=1".into()),
            ..Default::default()
        });
        let root =
            span!(kind: Kind::Server, parent: &state, "root", text = "a", int = 1, double = 0.5, yes = true);
        root.in_scope(|| {
            let child = span!(kind: Kind::Client, "child");
            child.set("twice", 1);
            child.set("twice", 2);
            child.set("texts", ["a", "b"]);
            child.set("numbers", [1, 2]);
            child.event("happened", &[("key", throughline::span::Value::Bool(true))]);
            child.link(&state);
            child.fail("timeout", "it took too long");
            span!("cancelled").in_scope(|| current::set_outcome(Outcome::Cancelled));
        });
    });
    let (root, child) = (named(&spans, "root"), named(&spans, "child"));
    assert_eq!(root.span_context.trace_id(), 0x11_u128.into());
    assert_eq!((root.parent_span_id, root.parent_span_is_remote), (0x22_u64.into(), true));
    assert_eq!(root.span_context.trace_state().header(), "rojo=1");
    assert!(root.span_context.is_sampled() && !root.span_context.is_remote());
    assert_eq!(child.parent_span_id, root.span_context.span_id());
    assert!(!child.parent_span_is_remote);
    assert_eq!((&root.span_kind, &child.span_kind), (&SpanKind::Server, &SpanKind::Client));
    for (key, value) in [
        ("text", "a".into()),
        ("int", Value::I64(1)),
        ("double", Value::F64(0.5)),
        ("yes", Value::Bool(true)),
        ("code.file.path", file!().into()),
    ] {
        assert_eq!(attribute(root, key), Some(value), "{key}");
    }
    assert!(attribute(root, "request.id").is_some());
    assert_eq!(attribute(child, "twice"), Some(Value::I64(2)));
    assert_eq!(attribute(child, "texts"), Some(Value::Array(Array::String(vec!["a".into(), "b".into()]))));
    assert_eq!(attribute(child, "numbers"), Some(Value::Array(Array::I64(vec![1, 2]))));
    assert_eq!(attribute(child, "error.type"), Some("timeout".into()));
    assert_eq!(child.status, Status::error("it took too long"));
    assert_eq!(root.status, Status::Unset);
    let event = &child.events[0];
    assert_eq!((&*event.name, event.attributes[0].value.clone()), ("happened", Value::Bool(true)));
    assert!(child.start_time <= event.timestamp && event.timestamp <= child.end_time);
    assert!(root.start_time <= child.start_time && child.end_time <= root.end_time);
    assert_eq!(child.links[0].span_context.span_id(), SpanId::from(0x22));
    assert_eq!(attribute(named(&spans, "cancelled"), "throughline.outcome"), Some("cancelled".into()));
    assert_eq!(root.instrumentation_scope.name(), "throughline");
}

#[test]
fn what_is_over_the_limits_is_counted() {
    let exporter = InMemorySpanExporter::default();
    let sink = ExporterSink::start(exporter.clone(), &Resource::builder_empty().build()).unwrap();
    let pipeline = Pipeline::builder().sink(sink).span_limits(1, 1, 1).start().unwrap();
    let entered = pipeline.enter();
    let span = span!("full");
    for number in 0..3_u64 {
        span.set(&format!("key{number}"), number);
        span.event("event", &[]);
        span.link(&Context::from(throughline::ContextParts {
            trace_id: throughline::TraceId::new(1),
            span_id: throughline::SpanId::new(number + 1),
            ..Default::default()
        }));
    }
    drop((span, entered));
    assert!(pipeline.flush(PATIENCE));
    let spans = exporter.get_finished_spans().unwrap();
    let span = &spans[0];
    assert_eq!(span.dropped_attributes_count, 2, "{:?}", span.attributes);
    assert_eq!((span.events.dropped_count, span.links.dropped_count), (2, 2));
}

#[test]
fn ten_thousand_spans_arrive_in_batches() {
    let spans = exported(|| (0..10_000).for_each(|_| span!("one").end()));
    assert_eq!(spans.len(), 10_000);
}

/// Does what a test says.
#[derive(Debug)]
struct Scripted {
    /// Batches come here.
    batches: Mutex<Sender<usize>>,
    /// Each batch waits for a word.
    verdicts: Mutex<Receiver<Verdict>>,
    state: Arc<State>,
}

#[derive(Debug, Default)]
struct State {
    flushes: AtomicUsize,
    is_shut_down: AtomicBool,
    service: Mutex<Option<Value>>,
}

#[derive(Clone, Copy, Debug)]
enum Verdict {
    Take,
    Refuse,
    Panic,
}

impl SpanExporter for Scripted {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        // A client that traces itself, by either API, must not feed the pipeline that it serves.
        span!("never recorded").end();
        self.batches.lock().unwrap().send(batch.len()).unwrap();
        let verdict = self.verdicts.lock().unwrap().recv().unwrap();
        match verdict {
            Verdict::Take => Ok(()),
            Verdict::Refuse => Err(OTelSdkError::InternalFailure("no".into())),
            Verdict::Panic => panic!("as the test says"),
        }
    }

    fn force_flush(&self) -> OTelSdkResult {
        self.state.flushes.fetch_add(1, Ordering::SeqCst);
        Ok(())
    }

    fn shutdown_with_timeout(&self, _: Duration) -> OTelSdkResult {
        self.state.is_shut_down.store(true, Ordering::SeqCst);
        Ok(())
    }

    fn set_resource(&mut self, resource: &Resource) {
        *self.state.service.lock().unwrap() = resource.get(&Key::new("service.name"));
    }
}

fn scripted() -> (Scripted, Receiver<usize>, Sender<Verdict>, Arc<State>) {
    let ((batches, batch), (verdict, verdicts)) = (channel(), channel());
    let state = Arc::<State>::default();
    let exporter =
        Scripted { batches: Mutex::new(batches), verdicts: Mutex::new(verdicts), state: Arc::clone(&state) };
    (exporter, batch, verdict, state)
}

#[test]
fn an_exporter_that_fails_or_panics_loses_its_batch_alone_and_that_is_counted() {
    let (exporter, batch, verdict, state) = scripted();
    let pipeline = pipeline(exporter);
    // What the exporter's thread records goes here too, if it is let.
    assert!(pipeline.install());
    for (word, is_flushed) in [(Verdict::Refuse, false), (Verdict::Panic, false), (Verdict::Take, true)] {
        let entered = pipeline.enter();
        span!("one").end();
        drop(entered);
        verdict.send(word).unwrap();
        assert_eq!(pipeline.flush(PATIENCE), is_flushed, "{word:?}");
        assert_eq!(batch.recv(), Ok(1));
    }
    let stats = pipeline.stats();
    assert_eq!((stats.spans, stats.exported, stats.dropped_export), (3, 1, 2));
    assert_eq!(state.flushes.load(Ordering::SeqCst), 3);
    assert_eq!(*state.service.lock().unwrap(), Some("shop".into()));
    assert!(!state.is_shut_down.load(Ordering::SeqCst));
    drop(pipeline);
    assert!(state.is_shut_down.load(Ordering::SeqCst));
}

#[test]
fn an_exporter_that_hangs_holds_up_nobody_and_memory_is_bounded() {
    let (exporter, batch, verdict, _) = scripted();
    let pipeline = pipeline(exporter);
    let entered = pipeline.enter();
    span!("first").end();
    assert_eq!(batch.recv(), Ok(1), "it is on its way, and hangs");
    assert!(!pipeline.flush(Duration::from_millis(20)));
    let text = "x".repeat(60_000);
    for _ in 0..1000 {
        span!("large", text = text.as_str()).end();
        // The worker goes on whatever the exporter does: each is converted, or counted.
        if pipeline.stats().dropped_queue_full > 0 {
            break;
        }
        pipeline.flush(Duration::ZERO);
    }
    while pipeline.stats().spans < 2 {
        std::thread::yield_now();
    }
    drop(entered);
    for _ in 0..2000 {
        let _ = verdict.send(Verdict::Take);
    }
    assert!(pipeline.flush(PATIENCE));
    let stats = pipeline.stats();
    assert_eq!(stats.exported + stats.dropped_queue_full, stats.spans, "{stats:?}");
}
