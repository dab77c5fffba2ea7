//! IDs of spans and traces that begin here.

use std::cell::Cell;
use std::sync::atomic::Ordering;

use super::shared::{self, Head};
use crate::clock;
use crate::context::key::Meta;

thread_local! {
    /// Counts the IDs of this thread, from a random start; 0 before the first.
    static COUNTER: Cell<u64> = const { Cell::new(0) };
    /// The sampling of the pipeline of this thread's last trace.
    static HEAD: Cell<(u32, Head)> = const { Cell::new((0, Head::DEFAULT)) };
}

/// A span ID. One thread's never repeat; two threads' count from random places in 2^64. An observer of a few can
/// compute the others of that thread: they are names, not secrets.
#[inline]
pub(crate) fn span() -> u64 {
    COUNTER.with(|counter| {
        let mut count = counter.get();
        if count == 0 {
            count = seed();
        }
        count = count.wrapping_add(0x9e37_79b9_7f4a_7c15);
        counter.set(count);
        let mixed = (count ^ count >> 32).wrapping_mul(0xd6e8_feb8_6659_fd93);
        let id = mixed ^ mixed >> 32;
        if id == 0 { 1 } else { id }
    })
}

#[cold]
fn seed() -> u64 {
    fastrand::u64(1..)
}

/// A trace ID of the form of a UUIDv7: the time, then random bits, so that the flag `random` of W3C level 2 is true.
#[inline]
pub(crate) fn trace(tick: u64) -> u128 {
    let random = (u128::from(fastrand::u64(..)) << 64 | u128::from(fastrand::u64(..))).to_le_bytes();
    let bytes = random.first_chunk().copied().unwrap_or_default();
    uuid::Builder::from_unix_timestamp_millis(clock::unix_millis_at(tick), &bytes).as_uuid().as_u128()
}

/// The sampling of a pipeline; `None` when it is not at work.
#[inline]
pub(crate) fn head(pipeline: u32) -> Option<Head> {
    HEAD.with(|known| match known.get() {
        (number, head) if number == pipeline => Some(head),
        _ => {
            let head = shared::find(pipeline)?.head;
            known.set((pipeline, head));
            Some(head)
        }
    })
}

/// The next number of a deterministic pipeline, for its IDs and ticks.
pub(crate) fn count(meta: Meta) -> u64 {
    shared::find(meta.pipeline())
        .and_then(|shared| Some(shared.deterministic.as_ref()?.fetch_add(1, Ordering::Relaxed)))
        .unwrap_or(1)
}
