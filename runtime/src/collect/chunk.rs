//! A piece of a thread's log: words that one thread appends and the worker reads.
//!
//! The words are atomics that are written relaxed: on every machine that is a plain store, and no `unsafe` is needed to
//! read what another thread wrote. [`Chunk::publish`] hands on what was written before it.

use super::sync::{AtomicU32, AtomicU64, Ordering};

/// No chunk follows yet.
const OPEN: u32 = 0;
/// The thread has ended: no chunk will follow.
const ENDED: u32 = u32::MAX;
/// The worker is gone: the chunk is the thread's alone.
const ABANDONED: u32 = u32::MAX - 1;

pub(crate) struct Chunk {
    words: Box<[AtomicU64]>,
    /// How many words are not written yet.
    left: AtomicU32,
    /// What follows: [`OPEN`], [`ENDED`], [`ABANDONED`] or the index of a chunk.
    next: AtomicU32,
    /// The next chunk in the pool's list of free ones.
    pub(super) next_free: AtomicU32,
    /// Its place in the pool's table, from 1.
    index: u32,
}

/// What follows a chunk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Next {
    /// Nothing yet.
    Open,
    /// Nothing any more.
    Ended,
    /// The chunk with this index.
    Chunk(u32),
}

impl Chunk {
    pub(super) fn new(index: u32, words: usize) -> Self {
        Self {
            words: vec![0; words].into_iter().map(AtomicU64::new).collect(),
            left: AtomicU32::new(words as u32),
            next: AtomicU32::new(OPEN),
            next_free: AtomicU32::new(0),
            index,
        }
    }

    #[inline]
    pub(crate) fn words(&self) -> &[AtomicU64] {
        &self.words
    }

    pub(crate) fn len(&self) -> usize {
        self.words.len()
    }

    pub(super) fn index(&self) -> u32 {
        self.index
    }

    /// A chunk in use is in no list of free ones, so the same link serves the list of logs that the worker has not met.
    pub(super) fn set_next_fresh(&self, next: u32) {
        self.next_free.store(next, Ordering::Relaxed);
    }

    pub(super) fn next_fresh(&self) -> u32 {
        self.next_free.load(Ordering::Relaxed)
    }

    /// Where the thread publishes how many words are left.
    pub(crate) fn left(&self) -> &AtomicU32 {
        &self.left
    }

    /// Makes the words before the last `left` ones visible to the worker.
    #[inline]
    pub(crate) fn publish(place: &AtomicU32, left: usize) {
        place.store(left as u32, Ordering::Release);
    }

    /// The end of what the thread published. All words before it can be read.
    pub(crate) fn published(&self) -> usize {
        self.words.len() - self.left.load(Ordering::Acquire) as usize
    }

    /// Called by the thread: `next` follows (`None`: the thread ends). `false` when the worker is gone, which leaves
    /// this chunk with the thread.
    pub(super) fn link(&self, next: Option<u32>) -> bool {
        let next = next.unwrap_or(ENDED);
        self.next.compare_exchange(OPEN, next, Ordering::Release, Ordering::Relaxed).is_ok()
    }

    /// Called by the worker when it stops: `true` when the chunk is now the thread's alone.
    pub(super) fn abandon(&self) -> bool {
        self.next.compare_exchange(OPEN, ABANDONED, Ordering::Relaxed, Ordering::Acquire).is_ok()
    }

    pub(super) fn next(&self) -> Next {
        match self.next.load(Ordering::Acquire) {
            OPEN | ABANDONED => Next::Open,
            ENDED => Next::Ended,
            index => Next::Chunk(index),
        }
    }

    /// Empties it for its next thread.
    pub(super) fn reset(&self) {
        self.left.store(self.words.len() as u32, Ordering::Relaxed);
        self.next.store(OPEN, Ordering::Relaxed);
    }
}
