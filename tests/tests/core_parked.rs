//! More threads than anybody needs. A process of its own: it says what lies free in the pool.
#![allow(clippy::disallowed_methods, reason = "tests start threads of their own")]

use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use throughline::Pipeline;
use throughline::span::{Callsite, Sink, SpanView};
use throughline_tests::guarded::in_span;
use throughline_tests::memory::{Counting, allocated};

#[global_allocator]
static MEMORY: Counting = Counting;

static SPAN: Callsite = Callsite::new("span", module_path!(), file!(), line!(), &[]);

fn span() {
    in_span(&SPAN, || ());
}

/// Counts spans, and holds the worker up as long as it is closed.
#[derive(Clone, Default)]
struct Exported(Arc<(Mutex<(bool, u64)>, Condvar)>);

impl Exported {
    fn open(&self) {
        self.0.0.lock().unwrap().0 = true;
        self.0.1.notify_all();
    }

    fn take(&self) -> u64 {
        std::mem::take(&mut self.0.0.lock().unwrap().1)
    }
}

impl Sink for Exported {
    fn span(&mut self, _: &SpanView<'_>) {
        self.0.1.wait_while(self.0.0.lock().unwrap(), |state| !state.0).unwrap().1 += 1;
    }
}

#[test]
fn ten_thousand_parked_threads_do_not_starve_a_new_one_after_a_burst() {
    let exported = Exported::default();
    let pipeline = Pipeline::builder().sink(exported.clone()).start().unwrap();
    let _entered = pipeline.enter();
    let context = throughline::Context::current();
    // Leaves the pool full of large chunks.
    let burst = || {
        let _root = throughline::span!("burst").entered();
        (0..1_300_000).for_each(|_| span());
    };
    std::thread::spawn(context.clone().carry(burst)).join().unwrap();
    exported.open();
    assert!(pipeline.flush(Duration::from_secs(60)));
    exported.take();
    let dropped = pipeline.stats().dropped_spans();
    let done = Arc::new((Mutex::new(0), Condvar::new()));
    let go = Arc::new((Mutex::new(false), Condvar::new()));
    let before = allocated();
    let threads: Vec<_> = (0..10_000)
        .map(|_| {
            let (done, go) = (Arc::clone(&done), Arc::clone(&go));
            let work = context.clone().carry(move || {
                span();
                *done.0.lock().unwrap() += 1;
                done.1.notify_all();
                drop(go.1.wait_while(go.0.lock().unwrap(), |open| !*open).unwrap());
            });
            std::thread::Builder::new().stack_size(64 << 10).spawn(work)
        })
        // Some machines allow a user, a service or a container fewer.
        .map_while(Result::ok)
        .collect();
    let many = threads.len();
    assert!(many >= 1_000, "the system gives {many} threads");
    drop(done.1.wait_while(done.0.lock().unwrap(), |done| *done < many).unwrap());
    let used = allocated().saturating_sub(before);
    // One more, which the system may not give: this thread has no log yet.
    context.carry(span)();
    assert!(pipeline.flush(Duration::from_secs(60)));
    assert_eq!(exported.take(), many as u64 + 1);
    assert_eq!(pipeline.stats().dropped_spans(), dropped);
    assert!(used < 64 << 20, "{used} bytes for {many} threads");
    *go.0.lock().unwrap() = true;
    go.1.notify_all();
    threads.into_iter().for_each(|thread| thread.join().unwrap());
}
