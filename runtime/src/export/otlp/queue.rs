//! What waits to be sent, bounded in bytes, between the worker and the sender.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::clock::monotonic;

/// The body of one request.
#[derive(Debug)]
pub(super) struct Batch {
    pub(super) body: Vec<u8>,
    /// How many spans, or data points of metrics.
    pub(super) items: usize,
}

impl Batch {
    /// The memory it takes.
    fn bytes(&self) -> usize {
        self.body.capacity()
    }
}

/// What the sender is to do next.
pub(super) enum Next {
    /// Send this.
    Batch(Batch),
    /// Nothing came for a while.
    Nothing,
    /// End.
    Closed,
}

/// How a pause of the sender ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pause {
    /// Try again.
    Over,
    /// End.
    Closed,
}

/// Batches that wait, and the one that is being sent.
pub(super) struct Queue {
    limit: Limit,
    /// The size of a full batch: smaller memory is not kept for the next one.
    full: usize,
    state: Mutex<State>,
    /// The sender waits here: for a batch, for the end of a pause, for the end.
    sender: Condvar,
    /// Whoever flushes waits here.
    settled: Condvar,
}

/// The most that waits, the batch that is being sent included.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limit {
    pub(super) bytes: usize,
    pub(super) items: usize,
}

#[derive(Default)]
struct State {
    batches: VecDeque<Batch>,
    bytes: usize,
    items: usize,
    /// Memory of batches that are done: their pages need not be asked for again.
    spare: Vec<Vec<u8>>,
    closed: bool,
    /// A flush waits: the sender cuts a pause short, once.
    hurry: bool,
    /// The worker shall hand over what it has, full or not.
    due: bool,
    /// How often nobody answered at all.
    unreachable: u64,
    /// When the receiver said last that it has no place for what is sent.
    unwanted: Option<Instant>,
}

/// More memory than this is not kept: one batch is filled while another one is sent.
const SPARES: usize = 2;

impl Queue {
    pub(super) fn new(limit: Limit, full: usize) -> Self {
        Self { limit, full, state: Mutex::default(), sender: Condvar::new(), settled: Condvar::new() }
    }

    /// Adds a batch, unless there is no room for it.
    pub(super) fn push(&self, batch: Batch) -> Result<(), Batch> {
        let mut state = self.lock();
        let (bytes, items) = (state.bytes + batch.bytes(), state.items + batch.items);
        if state.closed || bytes > self.limit.bytes || items > self.limit.items {
            return Err(batch);
        }
        (state.bytes, state.items) = (bytes, items);
        state.batches.push_back(batch);
        self.sender.notify_one();
        Ok(())
    }

    /// Memory for the next batch.
    pub(super) fn spare(&self) -> Option<Vec<u8>> {
        self.lock().spare.pop()
    }

    /// Whether the worker shall hand over what it has; asked once for each time.
    pub(super) fn take_due(&self) -> bool {
        std::mem::take(&mut self.lock().due)
    }

    /// The next batch. When none comes within `delay`, the worker is asked to hand over what it has.
    pub(super) fn next(&self, delay: Duration) -> Next {
        let empty = |state: &mut State| state.batches.is_empty() && !state.closed;
        let (mut state, _) =
            self.sender.wait_timeout_while(self.lock(), delay, empty).unwrap_or_else(PoisonError::into_inner);
        if state.closed {
            return Next::Closed;
        }
        match state.batches.pop_front() {
            Some(batch) => Next::Batch(batch),
            None => {
                state.due = true;
                Next::Nothing
            }
        }
    }

    /// What `next` gave is settled, one way or the other.
    pub(super) fn done(&self, batch: Batch) {
        let mut state = self.lock();
        state.bytes = state.bytes.saturating_sub(batch.bytes());
        state.items = state.items.saturating_sub(batch.items);
        self.keep(&mut state, batch.body);
        if state.bytes == 0 {
            self.settled.notify_all();
        }
    }

    /// Gives memory back.
    pub(super) fn recycle(&self, body: Vec<u8>) {
        self.keep(&mut self.lock(), body);
    }

    fn keep(&self, state: &mut State, body: Vec<u8>) {
        if state.spare.len() < SPARES && (self.full..=4 * self.full).contains(&body.capacity()) {
            state.spare.push(body);
        }
    }

    /// The sender waits before it tries again. A flush ends the wait, unless the receiver `asked` for it.
    pub(super) fn pause(&self, duration: Duration, asked: bool) -> Pause {
        let going_on = |state: &mut State| !state.closed && (asked || !state.hurry);
        let (mut state, _) = self
            .sender
            .wait_timeout_while(self.lock(), duration, going_on)
            .unwrap_or_else(PoisonError::into_inner);
        state.hurry = false;
        if state.closed { Pause::Closed } else { Pause::Over }
    }

    /// Nobody answered: whoever flushes need not wait for that again.
    pub(super) fn unreachable(&self) {
        self.lock().unreachable += 1;
        self.settled.notify_all();
    }

    /// The receiver said that it has no place for what is sent.
    pub(super) fn unwanted(&self) {
        self.lock().unwanted = Some(monotonic());
    }

    /// Whether it said so within that time.
    #[cfg_attr(not(feature = "llm"), allow(dead_code, reason = "metrics alone may have no place"))]
    pub(super) fn is_unwanted(&self, within: Duration) -> bool {
        self.lock().unwanted.is_some_and(|said| said.elapsed() < within)
    }

    /// Waits until all is settled, at most `timeout`. `false` when it is not, or the receiver cannot be reached.
    pub(super) fn settle(&self, timeout: Duration) -> bool {
        let mut state = self.lock();
        let unreachable = state.unreachable;
        state.hurry = true;
        self.sender.notify_one();
        let open = |state: &mut State| state.bytes > 0 && state.unreachable == unreachable;
        let (mut state, _) =
            self.settled.wait_timeout_while(state, timeout, open).unwrap_or_else(PoisonError::into_inner);
        state.hurry = false;
        state.bytes == 0
    }

    /// Ends it. Nothing is added nor given any more; `count` is told how many items waited, before the sender goes on and
    /// says what was lost: so that it is said at once.
    pub(super) fn close(&self, count: impl FnOnce(usize)) {
        let mut state = self.lock();
        state.closed = true;
        count(state.batches.drain(..).map(|batch| batch.items).sum());
        self.sender.notify_one();
        self.settled.notify_all();
    }

    pub(super) fn is_closed(&self) -> bool {
        self.lock().closed
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
