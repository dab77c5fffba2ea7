//! The log of a thread as a chain of chunks: the thread adds at one end, the worker reads and gives back at the other.

use super::chunk::{Chunk, Next};
use super::pool::{Budget, Pool};
use super::sync::AtomicU64;

/// Called by the thread that writes to `chunk`: the next one, of at least `words` words and if possible twice as large as
/// this one. `None` when the budget is spent, or the worker is gone.
pub(super) fn extend<'p>(pool: &'p Pool, budget: &Budget, chunk: &Chunk, words: usize) -> Option<&'p Chunk> {
    let next = pool.acquire(budget, words, chunk.len() * 2)?;
    if chunk.link(Some(next.index())) {
        return Some(next);
    }
    pool.release(budget, next);
    None
}

/// Called by a thread that will not write to `chunk` again: the worker takes it, or has left it to the thread.
pub(super) fn end(pool: &Pool, budget: &Budget, chunk: &Chunk) {
    if !chunk.link(None) {
        pool.release(budget, chunk);
    }
}

/// Where the worker is in a chain.
pub(super) struct Chain<'p> {
    chunk: &'p Chunk,
    read: usize,
}

impl<'p> Chain<'p> {
    pub(super) fn new(first: &'p Chunk) -> Self {
        Self { chunk: first, read: 0 }
    }

    /// Passes all words published since the last call to `take`, chunk by chunk: whole records each time. `false` when the
    /// chain has ended; its last chunk is back in the pool then.
    pub(super) fn read(
        &mut self,
        pool: &'p Pool,
        budget: &Budget,
        mut take: impl FnMut(&[AtomicU64]),
    ) -> bool {
        loop {
            // In this order: what follows is linked after the last words were published.
            let next = self.chunk.next();
            let end = self.chunk.published();
            take(self.chunk.words().get(self.read..end).unwrap_or_default());
            self.read = end;
            let next = match next {
                Next::Open => return true,
                Next::Ended => None,
                Next::Chunk(index) => pool.get(index),
            };
            pool.release(budget, self.chunk);
            let Some(next) = next else { return false };
            self.chunk = next;
            self.read = 0;
        }
    }

    /// The worker stops: reads what is published; a chunk that its thread still writes to becomes the thread's.
    pub(super) fn leave(mut self, pool: &'p Pool, budget: &Budget, mut take: impl FnMut(&[AtomicU64])) {
        while self.read(pool, budget, &mut take) {
            if self.chunk.abandon() {
                return;
            }
        }
    }
}
