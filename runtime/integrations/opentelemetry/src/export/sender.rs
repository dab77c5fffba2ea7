//! The thread that exports.

use std::io::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::SyncSender;
use std::time::Duration;

use opentelemetry::Context as OtelContext;
use opentelemetry_sdk::trace::{SpanData, SpanExporter};
use throughline::Context;
use throughline::stats::Counters;

use super::drive;
use super::queue::{Next, Queue};

/// How long the exporter may take to end.
const LAST_WAIT: Duration = Duration::from_secs(1);

pub(super) struct Sender<E> {
    pub(super) exporter: E,
    pub(super) queue: Arc<Queue>,
    pub(super) counters: Arc<Counters>,
    /// Hangs up when the thread has ended.
    pub(super) _alive: SyncSender<()>,
}

impl<E: SpanExporter> Sender<E> {
    /// Exports until the queue is closed and empty. What the exporter does itself is not traced.
    pub(super) fn run(self) {
        let _ours = Context::suppressed().attach();
        let _theirs = OtelContext::enter_telemetry_suppressed_scope();
        let mut lost = 0;
        loop {
            match self.queue.next() {
                Next::Batch(batch) => lost += self.export(batch),
                Next::Flush(number) => {
                    let is_flushed = self.guarded(|exporter| exporter.force_flush().is_ok());
                    self.queue.answer(number, is_flushed && lost == 0);
                    lost = 0;
                }
                Next::Closed => break,
            }
        }
        self.guarded(|exporter| exporter.shutdown_with_timeout(LAST_WAIT).is_ok());
    }

    /// How many spans were lost.
    fn export(&self, batch: Vec<SpanData>) -> u64 {
        let spans = batch.len() as u64;
        if self.guarded(|exporter| {
            drive::to_end(exporter.export(batch)).map_err(|error| say(&error.to_string())).is_ok()
        }) {
            self.counters.exported.add(spans);
            0
        } else {
            self.counters.dropped_export.add(spans);
            spans
        }
    }

    /// An exporter that panics has failed, and goes on with the next batch.
    fn guarded(&self, ask: impl FnOnce(&E) -> bool) -> bool {
        catch_unwind(AssertUnwindSafe(|| ask(&self.exporter))).unwrap_or_else(|_| {
            say("it panicked");
            false
        })
    }
}

/// Says what is wrong with an exporter, once for each kind of error. A closed stderr is no reason to fail.
fn say(problem: &str) {
    use std::collections::HashSet;
    use std::sync::{Mutex, PoisonError};

    /// So many are said; the rest is counted alone.
    const MOST: usize = 16;
    static SAID: Mutex<Option<HashSet<String>>> = Mutex::new(None);
    let mut said = SAID.lock().unwrap_or_else(PoisonError::into_inner);
    let said = said.get_or_insert_default();
    if said.len() < MOST && said.insert(problem.to_owned()) {
        let _ =
            writeln!(std::io::stderr().lock(), "throughline: an OpenTelemetry exporter failed: {problem}");
    }
}
