//! The rare part of writing a log: a thread's first record, a full chunk, another trace or pipeline, the thread's end.

use std::cell::RefCell;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::chain;
use super::chunk::Chunk;
use super::encode::{Writer, text_words};
use super::log::{self, Log, SpanEnd};
use super::pool::LARGEST;
use super::record::{Header, Kind, SPAN_WORDS, TRACE_WORDS};
use super::shared::{self, POOL, Shared};
use crate::context::key::{Key, Meta};
use crate::context::slots;

/// A log of this thread for one pipeline. The one in use has its state in [`Log`].
struct ThreadLog {
    shared: Arc<Shared>,
    chunk: &'static Chunk,
    /// The words of the chunk that are free, while another log is in use.
    left: usize,
    trace: u128,
    tag: u64,
}

thread_local! {
    /// All logs of this thread, the one in use last. When the thread ends they are closed.
    static LOGS: RefCell<Vec<ThreadLog>> = const { RefCell::new(Vec::new()) };
}

/// Writes a span that does not fit, or belongs to another trace than the span before.
#[cold]
#[inline(never)]
pub(super) fn span(log: &Log, key: Key, span: SpanEnd) {
    let trace_state = if key.meta.has(Meta::TRACE_STATE) {
        slots::with(key.meta, |request| request.trace_state.clone()).flatten()
    } else {
        None
    };
    let state_words = trace_state.as_ref().map_or(0, |state| 1 + text_words(state));
    if make_room(log, &key, TRACE_WORDS + state_words + SPAN_WORDS).is_none() {
        if let Some(shared) = shared::find(key.meta.pipeline()) {
            shared.counters.dropped_log_full.add(1);
        }
        return;
    }
    if !log.is_at(&key) {
        log.write_trace(&key);
        if let Some(state) = &trace_state {
            let mut writer = Writer::new(log.free());
            writer.word(Header::new(Kind::TraceState, 0, state_words, 0).0);
            writer.text(state);
            log.commit(state_words);
        }
    }
    log.write_span(&span);
}

/// Makes the log of the pipeline of `key` the one in use, with room for `words` words.
#[cold]
#[inline(never)]
pub(super) fn make_room(log: &Log, key: &Key, words: usize) -> Option<()> {
    let pipeline = key.meta.pipeline();
    LOGS.try_with(|logs| {
        let mut logs = logs.try_borrow_mut().ok()?;
        if (log.tag.get() ^ key.meta.0) & Meta::PIPELINE_MASK != 0 {
            change_pipeline(&mut logs, log, pipeline, words)?;
        }
        if log.free().len() < words { next_chunk(&mut logs, log, words) } else { Some(()) }
    })
    .ok()?
}

/// Counts a record that found no room.
#[cold]
pub(super) fn count_lost_record(key: &Key) -> Option<()> {
    shared::find(key.meta.pipeline())?.counters.dropped_records.add(1);
    None
}

fn change_pipeline(logs: &mut Vec<ThreadLog>, log: &Log, pipeline: u32, words: usize) -> Option<()> {
    if let Some(used) = logs.last_mut() {
        used.left = log.free().len();
        used.trace = log.trace.get();
        used.tag = log.tag.get();
    }
    // Until another log is in use, none is: the old one's state is parked.
    log.leave();
    logs.retain(|parked| !parked.is_over());
    match logs.iter().position(|parked| parked.shared.number == pipeline) {
        Some(found) => {
            let last = logs.len() - 1;
            logs.swap(found, last);
        }
        None => logs.push(ThreadLog::new(shared::find(pipeline)?, words)?),
    }
    let used = logs.last()?;
    log.write_to(used.chunk, used.left);
    log.go_back_to(used.trace, used.tag);
    Some(())
}

fn next_chunk(logs: &mut [ThreadLog], log: &Log, words: usize) -> Option<()> {
    let used = logs.last_mut()?;
    let shared = &used.shared;
    if shared.closed.load(Ordering::Relaxed) {
        return None;
    }
    let Some(next) = chain::extend(&POOL, &shared.budget, used.chunk, words) else {
        shared.wake();
        return None;
    };
    if used.chunk.len() == LARGEST {
        shared.wake();
    }
    used.chunk = next;
    log.write_to(next, next.len());
    Some(())
}

impl ThreadLog {
    fn new(shared: Arc<Shared>, words: usize) -> Option<Self> {
        let chunk = POOL.acquire(&shared.budget, words, 0)?;
        shared.add_log(chunk);
        let tag = Meta::default().with_pipeline(shared.number).0;
        Some(Self { shared, chunk, left: chunk.len(), trace: 0, tag })
    }

    fn is_over(&self) -> bool {
        self.shared.closed.load(Ordering::Relaxed)
    }
}

impl Drop for ThreadLog {
    /// The thread ends, or the pipeline has: the worker takes what is left, or is gone already.
    fn drop(&mut self) {
        log::leave_chunk(self.chunk);
        chain::end(&POOL, &self.shared.budget, self.chunk);
    }
}
