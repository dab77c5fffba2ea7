//! Every interleaving of a thread that writes its log with the worker that reads it, and of a caller that flushes with the
//! worker that answers: the files of the core, compiled with loom's primitives. Run with
//! `RUSTFLAGS="--cfg throughline_loom" cargo test --release -p throughline --no-default-features --test loom_log`.
#![cfg(throughline_loom)]
#![allow(dead_code, reason = "the files are used in part")]
#![allow(
    unreachable_pub,
    missing_docs,
    missing_debug_implementations,
    reason = "they are modules of a library"
)]

#[path = "../src/collect/chain.rs"]
mod chain;
#[path = "../src/collect/chunk.rs"]
mod chunk;
#[path = "../src/collect/flushes.rs"]
mod flushes;
#[path = "../src/collect/pool.rs"]
mod pool;

/// Chunks of four words, so that every second record needs another one.
mod sizes {
    pub(super) const SMALLEST: usize = 4;
    pub(super) const SIZES: usize = 1;
    pub(super) const SEGMENT: usize = 8;
    pub(super) const SEGMENTS: usize = 1;
}

mod sync {
    pub(super) use loom::sync::atomic::{AtomicU32, AtomicU64, AtomicUsize, Ordering};
    pub(super) use loom::sync::{Condvar, Mutex, MutexGuard};

    pub(super) fn wait_while<'a, T>(
        condvar: &Condvar,
        mut guard: MutexGuard<'a, T>,
        _: std::time::Duration,
        mut is_waiting: impl FnMut(&mut T) -> bool,
    ) -> MutexGuard<'a, T> {
        while is_waiting(&mut guard) {
            guard = condvar.wait(guard).unwrap();
        }
        guard
    }
}

use std::time::Duration;

use chain::Chain;
use chunk::Chunk;
use flushes::Flushes;
use loom::sync::Arc;
use loom::sync::atomic::Ordering;
use loom::thread;
use pool::{Budget, Pool};

/// A pool with a budget for `chunks` chunks.
fn pool(chunks: usize) -> &'static (Pool, Budget) {
    Box::leak(Box::new((Pool::new(), Budget::new(chunks * 32))))
}

/// Writes the numbers from 1 to `count`, two words each, as far as there is room; returns how many.
fn write(pool: &'static Pool, budget: &Budget, mut chunk: &'static Chunk, count: u64) -> u64 {
    let mut taken = 0;
    for number in 1..=count {
        if chunk.len() - taken < 2 {
            let Some(next) = chain::extend(pool, budget, chunk, 2) else {
                chain::end(pool, budget, chunk);
                return number - 1;
            };
            (chunk, taken) = (next, 0);
        }
        chunk.words()[taken].store(number, Ordering::Relaxed);
        chunk.words()[taken + 1].store(number * 10, Ordering::Relaxed);
        taken += 2;
        Chunk::publish(chunk.left(), chunk.len() - taken);
    }
    chain::end(pool, budget, chunk);
    count
}

fn numbers(words: &[loom::sync::atomic::AtomicU64], into: &mut Vec<u64>) {
    for pair in words.chunks(2) {
        let [number, tenfold] = [0, 1].map(|index: usize| pair[index].load(Ordering::Relaxed));
        assert_eq!(tenfold, number * 10, "half a record was read");
        into.push(number);
    }
}

#[test]
fn the_worker_reads_all_records_in_order_while_the_thread_goes_on_and_ends() {
    loom::model(|| {
        let (pool, budget) = pool(8);
        let first = pool.acquire(budget, 2, 2).unwrap();
        let writer = thread::spawn(move || write(pool, budget, first, 3));
        let mut chain = Chain::new(first);
        let mut read = Vec::new();
        let mut is_open = chain.read(pool, budget, |words| numbers(words, &mut read));
        assert_eq!(writer.join().unwrap(), 3);
        while is_open {
            is_open = chain.read(pool, budget, |words| numbers(words, &mut read));
        }
        assert_eq!(read, [1, 2, 3]);
        assert_eq!(budget.held.load(Ordering::Relaxed), 0, "a chunk was not given back");
    });
}

#[test]
fn a_chunk_that_is_given_back_is_written_again_without_mixing_logs() {
    loom::model(|| {
        let (pool, budget) = pool(2);
        let first = pool.acquire(budget, 2, 2).unwrap();
        let writer = thread::spawn(move || write(pool, budget, first, 5));
        let mut chain = Chain::new(first);
        let mut read = Vec::new();
        let mut is_open = chain.read(pool, budget, |words| numbers(words, &mut read));
        let written = writer.join().unwrap();
        while is_open {
            is_open = chain.read(pool, budget, |words| numbers(words, &mut read));
        }
        assert!(written >= 4, "the budget allows two chunks");
        assert_eq!(read, (1..=written).collect::<Vec<_>>());
        assert_eq!(budget.held.load(Ordering::Relaxed), 0, "a chunk was not given back");
    });
}

#[test]
fn a_worker_that_stops_and_a_thread_that_ends_give_each_chunk_back_once() {
    loom::model(|| {
        let (pool, budget) = pool(8);
        let first = pool.acquire(budget, 2, 2).unwrap();
        let writer = thread::spawn(move || write(pool, budget, first, 3));
        let mut read = Vec::new();
        Chain::new(first).leave(pool, budget, |words| numbers(words, &mut read));
        let written = writer.join().unwrap();
        assert!(read.len() as u64 <= written);
        assert!(read.iter().copied().eq(1..=read.len() as u64));
        assert_eq!(budget.held.load(Ordering::Relaxed), 0, "a chunk was not given back, or twice");
    });
}

#[test]
fn two_threads_never_get_the_same_chunk() {
    loom::model(|| {
        let (pool, budget) = pool(8);
        let free = pool.acquire(budget, 2, 2).unwrap();
        pool.release(budget, free);
        let other = thread::spawn(move || pool.acquire(budget, 2, 2).unwrap().index());
        let mine = pool.acquire(budget, 2, 2).unwrap().index();
        assert_ne!(mine, other.join().unwrap());
    });
}

#[test]
fn a_flush_is_answered_after_what_was_finished_before_it_was_read() {
    loom::model(|| {
        let (pool, budget) = pool(8);
        let first = pool.acquire(budget, 2, 2).unwrap();
        let flushes = Arc::new(Flushes::default());
        let worker = thread::spawn({
            let flushes = Arc::clone(&flushes);
            move || {
                let mut chain = Chain::new(first);
                let mut read = Vec::new();
                loop {
                    let request = flushes.open();
                    let is_open = chain.read(pool, budget, |words| numbers(words, &mut read));
                    if let Some(request) = request {
                        flushes.answer(request, read == [1]);
                        return;
                    }
                    assert!(is_open);
                    thread::yield_now();
                }
            }
        });
        first.words()[0].store(1, Ordering::Relaxed);
        first.words()[1].store(10, Ordering::Relaxed);
        Chunk::publish(first.left(), first.len() - 2);
        let number = flushes.ask(Duration::from_secs(1));
        assert!(flushes.wait(number, Duration::from_secs(1)), "the flush came before the record");
        worker.join().unwrap();
    });
}
