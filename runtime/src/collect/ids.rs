//! IDs of spans and traces that begin here.

use std::cell::Cell;
use std::sync::atomic::{AtomicU64, Ordering};

use super::shared::{self, Head};
use crate::clock;
use crate::context::current::{self, Current};
use crate::context::key::Meta;
use crate::span::orphans;

thread_local! {
    /// The sampling of the pipeline of this thread's last trace.
    static HEAD: Cell<(u32, Head)> = const { Cell::new((0, Head::DEFAULT)) };
}

/// A span ID. One thread's never repeat; two threads' count from random places in 2^63. An observer of one can
/// compute the others of that thread: they are names, not secrets.
#[inline]
pub(crate) fn span() -> u64 {
    current::with(|current| quick_span(current).unwrap_or_else(|| first_span(current)))
}

/// The same, but for a thread's first, and where ticks take more than reading a counter.
#[inline]
pub(crate) fn quick_span(current: &Current) -> Option<u64> {
    let count = current.span_count.get();
    if count == 0 {
        return None;
    }
    current.span_count.set(count.wrapping_add(STEP));
    Some(count)
}

/// The golden ratio, so that IDs look apart. Even, so that an odd count stays odd, and is never 0.
const STEP: u64 = 0x9e37_79b9_7f4a_7c16;

#[cold]
#[inline(never)]
fn first_span(current: &Current) -> u64 {
    let id = fastrand::u64(1..);
    if clock::is_quick() {
        current.span_count.set(fastrand::u64(..) | 1);
    }
    id
}

/// A trace ID of the form of a UUIDv7: the time, then random bits, so that the flag `random` of W3C level 2 is true.
/// Put together by shifts: `uuid::Builder` takes bytes, which take more instructions to split and join.
#[inline]
pub(crate) fn trace(tick: u64) -> u128 {
    const VERSION_7: u64 = 7 << 12;
    const VARIANT: u64 = 2 << 62;
    let high = clock::unix_millis_at(tick) << 16 | VERSION_7 | fastrand::u64(..) >> 52;
    let low = VARIANT | fastrand::u64(..) >> 2;
    u128::from(high) << 64 | u128::from(low)
}

/// The sampling of a pipeline; `None` when it is not at work. Where orphans are watched it is never known already, so that no
/// root takes the quick way past them.
#[inline]
pub(crate) fn head(pipeline: u32) -> Option<Head> {
    HEAD.with(|known| match known.get() {
        (number, head) if number == pipeline => Some(head),
        _ => {
            let head = shared::find(pipeline)?.head;
            if !orphans::is_watched() {
                known.set((pipeline, head));
            }
            Some(head)
        }
    })
}

/// The same where it is known already.
#[inline]
pub(crate) fn quick_head(pipeline: u32) -> Option<Head> {
    let (number, head) = HEAD.get();
    (number == pipeline && number != 0).then_some(head)
}

/// The next number of a deterministic pipeline, for its IDs and ticks.
pub(crate) fn count(meta: Meta) -> u64 {
    with_count(meta, |next| next.fetch_add(1, Ordering::Relaxed))
}

/// The same without taking it.
#[cfg_attr(not(feature = "llm"), allow(dead_code, reason = "times of work are what asks for it"))]
pub(crate) fn next_count(meta: Meta) -> u64 {
    with_count(meta, |next| next.load(Ordering::Relaxed))
}

fn with_count(meta: Meta, ask: impl FnOnce(&AtomicU64) -> u64) -> u64 {
    shared::find(meta.pipeline()).and_then(|shared| shared.deterministic.as_ref().map(ask)).unwrap_or(1)
}
