//! What waits to be exported, bounded in bytes, between the worker and the thread that exports.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use opentelemetry_sdk::trace::SpanData;

/// The spans of a batch: what OpenTelemetry's own batches have at most.
const BATCH: usize = 512;
/// The memory that waits at most.
const MOST_BYTES: usize = 16 << 20;

/// What the thread that exports is to do next.
pub(super) enum Next {
    /// Export these.
    Batch(Vec<SpanData>),
    /// Have the exporter hand on what it holds itself; the number tells which request it answers.
    Flush(u64),
    /// End.
    Closed,
}

#[derive(Default)]
pub(super) struct Queue {
    state: Mutex<State>,
    /// The thread that exports waits here.
    work: Condvar,
    /// Whoever flushes waits here.
    settled: Condvar,
}

#[derive(Default)]
struct State {
    /// The spans, each with the memory it takes.
    waiting: Vec<(usize, SpanData)>,
    bytes: usize,
    closed: bool,
    /// How many flushes were asked for, and answered.
    asked: u64,
    answered: u64,
    /// Whether the last answer was that it succeeded.
    is_flushed: bool,
}

impl Queue {
    /// Adds a span that takes about `size` bytes; `false` when there is no room for it.
    pub(super) fn push(&self, size: usize, span: SpanData) -> bool {
        let mut state = self.lock();
        if state.closed || state.bytes + size > MOST_BYTES {
            return false;
        }
        state.bytes += size;
        state.waiting.push((size, span));
        if state.waiting.len() >= BATCH {
            self.work.notify_one();
        }
        true
    }

    /// What has come so far is to be exported, a full batch or not.
    pub(super) fn nudge(&self) {
        if !self.lock().waiting.is_empty() {
            self.work.notify_one();
        }
    }

    pub(super) fn next(&self) -> Next {
        let state = self.lock();
        let idle =
            |state: &mut State| state.waiting.is_empty() && state.asked == state.answered && !state.closed;
        let mut state = self.work.wait_while(state, idle).unwrap_or_else(PoisonError::into_inner);
        if !state.waiting.is_empty() {
            let State { waiting, bytes, .. } = &mut *state;
            let batch = waiting.drain(..waiting.len().min(BATCH));
            return Next::Batch(batch.inspect(|(size, _)| *bytes -= size).map(|(_, span)| span).collect());
        }
        if state.asked != state.answered { Next::Flush(state.asked) } else { Next::Closed }
    }

    /// All that was asked for up to `number` is done.
    pub(super) fn answer(&self, number: u64, is_flushed: bool) {
        let mut state = self.lock();
        (state.answered, state.is_flushed) = (number, is_flushed);
        self.settled.notify_all();
    }

    /// Waits until what has come so far is exported, at most `timeout`. `false` when it is not.
    pub(super) fn flush(&self, timeout: Duration) -> bool {
        let mut state = self.lock();
        state.asked += 1;
        let number = state.asked;
        self.work.notify_one();
        let open = |state: &mut State| state.answered < number;
        let (state, waited) =
            self.settled.wait_timeout_while(state, timeout, open).unwrap_or_else(PoisonError::into_inner);
        !waited.timed_out() && state.is_flushed
    }

    /// Nothing is taken any more. What waits is still to be exported.
    pub(super) fn close(&self) {
        self.lock().closed = true;
        self.work.notify_one();
        self.settled.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
