//! What a span allocates on its own thread: nothing, once the thread has a chunk.
#![allow(clippy::disallowed_methods, reason = "tests start threads of their own")]

use std::sync::mpsc::{self, Receiver, Sender};
use std::time::Duration;

use throughline::span::guard::Guard;
use throughline::span::{Callsite, Sink, SpanView, Value, current, future};
use throughline::{Context, Pipeline};
use throughline_tests::memory::{Counting, of_this_thread};

#[global_allocator]
static MEMORY: Counting = Counting;

static SPAN: Callsite = Callsite::new("span", module_path!(), file!(), line!(), &["id", "name", "score"]);

struct Nowhere;

impl Sink for Nowhere {
    fn span(&mut self, _: &SpanView<'_>) {}
}

/// Says that a span has come, and holds the worker until nobody can send to `gate` any more.
struct Held {
    holds: Sender<()>,
    gate: Receiver<()>,
}

impl Sink for Held {
    fn span(&mut self, _: &SpanView<'_>) {
        let _ = self.holds.send(());
        let _ = self.gate.recv();
    }
}

fn some_spans() {
    let mut root = Guard::new();
    root.enter(&SPAN);
    for number in 0..9 {
        let mut guard = Guard::new();
        guard.enter(&SPAN);
        current::record(&SPAN, [(0, Value::I64(number)), (1, Value::Str("a name")), (2, Value::F64(0.5))]);
    }
    let mut task = std::pin::pin!(future::traced(&SPAN, async { 1 }, |_| ()));
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    assert!(task.as_mut().poll(&mut context).is_ready());
}

#[test]
fn a_hundred_thousand_spans_drained_in_lockstep_allocate_nothing_on_their_threads() {
    const ROUNDS: usize = 50;
    let (opener, gate) = mpsc::channel::<()>();
    let (holds, held) = mpsc::channel();
    let pipeline = Pipeline::builder().sink(Held { holds, gate }).start().unwrap();
    let _entered = pipeline.enter();
    let context = Context::current();
    some_spans();
    held.into_iter().next().unwrap();
    std::thread::scope(|scope| {
        for _ in 0..2 {
            let (opener, pipeline) = (opener.clone(), &pipeline);
            let work = context.clone().carry(move || {
                let flush = || assert!(pipeline.flush(Duration::from_secs(120)));
                // While the worker stands still, each thread fills ten times what it can have in its log later on. So
                // the pool has enough chunks of the largest size, whenever the worker gives them back.
                (0..ROUNDS * 10).for_each(|_| some_spans());
                drop(opener);
                flush();
                let before = of_this_thread();
                // 50 rounds of 11 spans each, 91 times, on two threads: 100,100 spans.
                for _ in 0..91 {
                    (0..ROUNDS).for_each(|_| some_spans());
                    flush();
                }
                let (times, bytes) = of_this_thread();
                assert_eq!((times - before.0, bytes - before.1), (0, 0));
            });
            scope.spawn(work);
        }
        drop(opener);
    });
    assert_eq!(pipeline.stats().dropped_spans(), 0);
}

#[test]
fn the_first_span_of_a_fresh_thread_takes_two_kibibytes_at_most() {
    let pipeline = Pipeline::builder().sink(Nowhere).start().unwrap();
    let _entered = pipeline.enter();
    // What the process allocates once is not the thread's.
    some_spans();
    let work = Context::current().carry(|| {
        let before = of_this_thread();
        let mut guard = Guard::new();
        guard.enter(&SPAN);
        drop(guard);
        of_this_thread().1 - before.1
    });
    let bytes = std::thread::spawn(work).join().unwrap();
    assert!(bytes <= 2048, "{bytes} bytes");
}
