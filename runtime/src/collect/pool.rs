//! Where chunks come from and go back to: a table that only grows, and lists of free chunks by size.
//!
//! Chunks are named by their place in the table, so that lists and logs can be linked with plain atomics. All of it is
//! lock-free but for the table's first use of a segment.

use std::sync::OnceLock;

use super::chunk::Chunk;
use super::sizes::{SEGMENT, SEGMENTS, SIZES, SMALLEST};
use super::sync::{AtomicU32, AtomicU64, AtomicUsize, Ordering};

/// Words of the largest chunk.
pub(crate) const LARGEST: usize = SMALLEST << (SIZES - 1);

type Segment = Box<[OnceLock<Chunk>]>;

pub(crate) struct Pool {
    table: Box<[OnceLock<Segment>]>,
    /// The first place never used; 0 stands for none.
    unused: AtomicU32,
    /// Heads of the lists of free chunks by size: `times changed << 32 | place`.
    free: [AtomicU64; SIZES],
    /// Bytes of the free chunks.
    idle: AtomicUsize,
}

/// The bytes that a pipeline's logs may hold.
pub(crate) struct Budget {
    pub(crate) held: AtomicUsize,
    pub(crate) limit: usize,
}

impl Budget {
    pub(crate) fn new(limit: usize) -> Self {
        Self { held: AtomicUsize::new(0), limit }
    }

    fn take(&self, bytes: usize) -> bool {
        let claim = |held: usize| held.checked_add(bytes).filter(|held| *held <= self.limit);
        self.held.fetch_update(Ordering::Relaxed, Ordering::Relaxed, claim).is_ok()
    }

    fn give_back(&self, bytes: usize) {
        self.held.fetch_sub(bytes, Ordering::Relaxed);
    }
}

impl Pool {
    pub(crate) fn new() -> Self {
        Self {
            table: std::iter::repeat_with(OnceLock::new).take(SEGMENTS).collect(),
            unused: AtomicU32::new(1),
            free: std::array::from_fn(|_| AtomicU64::new(0)),
            idle: AtomicUsize::new(0),
        }
    }

    /// The chunk at a place. Only places that the pool gave out are asked for.
    pub(crate) fn get(&self, index: u32) -> Option<&Chunk> {
        let index = index as usize;
        self.table.get(index / SEGMENT)?.get()?.get(index % SEGMENT)?.get()
    }

    /// A chunk of at least `needed` words within the budget, if possible of `wished` words: a free one before a new one,
    /// then whatever is free. `None` when the budget is spent.
    pub(crate) fn acquire(&self, budget: &Budget, needed: usize, wished: usize) -> Option<&Chunk> {
        let least = class(needed)?;
        let wished = class(wished).unwrap_or(SIZES - 1).max(least);
        (least..=wished)
            .rev()
            .find_map(|size| self.acquire_size(budget, size))
            .or_else(|| (wished + 1..SIZES).find_map(|size| self.reuse(budget, size)))
    }

    fn acquire_size(&self, budget: &Budget, size: usize) -> Option<&Chunk> {
        if let Some(chunk) = self.reuse(budget, size) {
            return Some(chunk);
        }
        let bytes = bytes_of(size);
        // What lies free in other sizes counts: a pool full of small chunks does not grow by as much again. A thread's
        // first chunk may go a quarter over it, so that large ones left by a burst do not starve ten thousand threads.
        let kept = self.idle.load(Ordering::Relaxed) + budget.held.load(Ordering::Relaxed);
        let limit = if size == 0 { budget.limit + budget.limit / 4 } else { budget.limit };
        if kept + bytes > limit || !budget.take(bytes) {
            return None;
        }
        let made = self.make(size);
        if made.is_none() {
            budget.give_back(bytes);
        }
        made
    }

    fn reuse(&self, budget: &Budget, size: usize) -> Option<&Chunk> {
        if !budget.take(bytes_of(size)) {
            return None;
        }
        let chunk = self.pop(size);
        if chunk.is_none() {
            budget.give_back(bytes_of(size));
        }
        chunk
    }

    fn make(&self, size: usize) -> Option<&Chunk> {
        let claim = |next: u32| ((next as usize) < SEGMENT * SEGMENTS).then_some(next + 1);
        let index = self.unused.fetch_update(Ordering::Relaxed, Ordering::Relaxed, claim).ok()?;
        let segment = self.table[index as usize / SEGMENT]
            .get_or_init(|| std::iter::repeat_with(OnceLock::new).take(SEGMENT).collect());
        Some(segment[index as usize % SEGMENT].get_or_init(|| Chunk::new(index, SMALLEST << size)))
    }

    /// Takes back a chunk that nobody reads or writes any more.
    pub(crate) fn release(&self, budget: &Budget, chunk: &Chunk) {
        chunk.reset();
        let Some(size) = class(chunk.len()) else { return };
        budget.give_back(bytes_of(size));
        self.idle.fetch_add(bytes_of(size), Ordering::Relaxed);
        let head = &self.free[size];
        let mut seen = head.load(Ordering::Relaxed);
        loop {
            chunk.next_free.store(seen as u32, Ordering::Relaxed);
            let pushed = after(seen, chunk.index());
            match head.compare_exchange_weak(seen, pushed, Ordering::Release, Ordering::Relaxed) {
                Ok(_) => return,
                Err(now) => seen = now,
            }
        }
    }

    fn pop(&self, size: usize) -> Option<&Chunk> {
        let head = &self.free[size];
        let mut seen = head.load(Ordering::Acquire);
        loop {
            let chunk = self.get(seen as u32)?;
            let popped = after(seen, chunk.next_free.load(Ordering::Relaxed));
            match head.compare_exchange_weak(seen, popped, Ordering::Acquire, Ordering::Acquire) {
                Ok(_) => {
                    self.idle.fetch_sub(bytes_of(size), Ordering::Relaxed);
                    return Some(chunk);
                }
                Err(now) => seen = now,
            }
        }
    }
}

/// The head of a list that changed once more: the count keeps a slow `pop` from taking an old head for a new one.
fn after(head: u64, index: u32) -> u64 {
    ((head >> 32).wrapping_add(1) << 32) | u64::from(index)
}

/// The smallest size of at least `words` words.
fn class(words: usize) -> Option<usize> {
    (0..SIZES).find(|size| SMALLEST << size >= words)
}

fn bytes_of(size: usize) -> usize {
    (SMALLEST << size) * std::mem::size_of::<u64>()
}
