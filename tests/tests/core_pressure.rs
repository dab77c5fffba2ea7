//! More spans than the worker can take: what is lost is counted, memory stays under the cap, nobody waits.
#![allow(clippy::disallowed_methods, reason = "tests start threads of their own")]

use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use throughline::Pipeline;
use throughline::span::{Callsite, Sink, SpanView};
use throughline_tests::guarded::in_span;
use throughline_tests::memory::{Counting, allocated, peak, reset_peak};

#[global_allocator]
static MEMORY: Counting = Counting;

static SPAN: Callsite = Callsite::new("span", module_path!(), file!(), line!(), &[]);

/// The tests count the memory of the whole process: one at a time.
static ALONE: Mutex<()> = Mutex::new(());

fn span() {
    in_span(&SPAN, || ());
}

#[derive(Clone, Default)]
struct Exported(Arc<Mutex<u64>>);

impl Sink for Exported {
    fn span(&mut self, _: &SpanView<'_>) {
        *self.0.lock().unwrap() += 1;
    }
}

/// A worker that stands still until it is let go.
#[derive(Clone, Default)]
struct Gate(Arc<(Mutex<bool>, Condvar)>);

impl Gate {
    fn open(&self) {
        *self.0.0.lock().unwrap() = true;
        self.0.1.notify_all();
    }
}

impl Sink for Gate {
    fn span(&mut self, _: &SpanView<'_>) {
        drop(self.0.1.wait_while(self.0.0.lock().unwrap(), |open| !*open).unwrap());
    }
}

/// A million spans of one trace, from eight threads.
fn a_million_spans(pipeline: &Pipeline) {
    let _entered = pipeline.enter();
    let context = throughline::Context::from(throughline::ContextParts {
        trace_id: throughline::TraceId::new(1),
        span_id: throughline::SpanId::new(1),
        flags: throughline::Flags::SAMPLED,
        ..Default::default()
    });
    let threads: Vec<_> = (0..8)
        .map(|_| std::thread::spawn(context.clone().carry(|| (0..125_000).for_each(|_| span()))))
        .collect();
    threads.into_iter().for_each(|thread| thread.join().unwrap());
}

#[test]
fn a_million_spans_are_exported_or_counted_while_the_worker_stands_still() {
    let _alone = ALONE.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let (gate, exported) = (Gate::default(), Exported::default());
    let pipeline =
        Pipeline::builder().sink(gate.clone()).sink(exported.clone()).log_bytes(16 << 20).start().unwrap();
    let before = allocated();
    reset_peak();
    a_million_spans(&pipeline);
    let used = peak().saturating_sub(before);
    gate.open();
    assert!(pipeline.flush(Duration::from_secs(60)));
    let (stats, exported) = (pipeline.stats(), *exported.0.lock().unwrap());
    assert_eq!(exported + stats.dropped_log_full, 1_000_000, "{stats:?}");
    assert_eq!(exported, stats.spans);
    assert!(exported >= 100_000, "only {exported} were exported");
    assert!(stats.dropped_log_full > 0, "16 MiB hold fewer than a million spans");
    assert!(used < 24 << 20, "{used} bytes for logs of 16 MiB");
}

#[test]
fn none_of_a_million_spans_is_dropped_while_the_worker_works() {
    let _alone = ALONE.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let exported = Exported::default();
    let pipeline = Pipeline::builder().sink(exported.clone()).start().unwrap();
    let before = allocated();
    reset_peak();
    a_million_spans(&pipeline);
    assert!(pipeline.flush(Duration::from_secs(60)));
    let used = peak().saturating_sub(before);
    assert_eq!(*exported.0.lock().unwrap(), 1_000_000);
    assert_eq!(pipeline.stats().dropped_spans(), 0);
    assert!(used < 64 << 20, "{used} bytes");
}

#[test]
fn spans_of_threads_that_ended_outlive_them() {
    let _alone = ALONE.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let (gate, exported) = (Gate::default(), Exported::default());
    let pipeline = Pipeline::builder().sink(gate.clone()).sink(exported.clone()).start().unwrap();
    {
        let _entered = pipeline.enter();
        let context = throughline::Context::current();
        for _ in 0..50 {
            std::thread::spawn(context.clone().carry(|| (0..1_000).for_each(|_| span()))).join().unwrap();
        }
    }
    gate.open();
    assert!(pipeline.flush(Duration::from_secs(60)));
    assert_eq!(*exported.0.lock().unwrap(), 50_000);
}

#[test]
fn a_span_that_never_ends_holds_a_bounded_amount_of_memory() {
    let _alone = ALONE.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let pipeline = Pipeline::builder().sink(Exported::default()).start().unwrap();
    let _entered = pipeline.enter();
    let before = allocated();
    let open: Vec<_> = (0..20).map(|_| throughline::span!("open")).collect();
    for round in 0..200_u64 {
        for number in 0..100_u64 {
            let lost = throughline::span!("lost");
            lost.set("text", "x".repeat(500));
            lost.set("number", round * 100 + number);
            std::mem::forget(lost);
        }
        assert!(pipeline.flush(Duration::from_secs(60)));
    }
    let used = allocated().saturating_sub(before);
    assert!(used < 16 << 20, "{used} bytes");
    assert!(pipeline.stats().dropped_late > 0, "the oldest made way, and were counted");
    drop(open);
}

#[test]
fn many_open_spans_make_way_for_each_other_and_hold_up_nobody() {
    const SPANS: u64 = 150_000;
    let _alone = ALONE.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let exported = Exported::default();
    let pipeline = Pipeline::builder().sink(exported.clone()).start().unwrap();
    let entered = pipeline.enter();
    let open: Vec<_> = (0..SPANS).map(|number| throughline::span!("open", number = number)).collect();
    drop(open);
    drop(entered);
    assert!(pipeline.flush(Duration::from_secs(60)), "the worker is done in time");
    assert_eq!(*exported.0.lock().unwrap(), SPANS);
    let late = pipeline.stats().dropped_late;
    assert!((1..SPANS).contains(&late), "what is over the limit is counted: {late}");
}
