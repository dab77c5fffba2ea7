//! Chunks that are passed on: a stream may be made of another one that was read already.
//!
//! A function under `#[llm_span]` may return what `observe` reads, as it is or as texts. Both are polled on one thread, the
//! inner one inside of the outer one: that something was read meanwhile is how the outer one knows.

use std::cell::Cell;
use std::sync::Arc;

use crate::llm::calls::SharedState;

thread_local! {
    /// How many chunks were read on this thread, and of which call the last one was.
    static READ: Cell<(u64, usize)> = const { Cell::new((0, 0)) };
}

/// How many chunks were read on this thread.
#[inline]
pub(super) fn count() -> u64 {
    READ.try_with(Cell::get).map_or(0, |(count, _)| count)
}

/// A chunk of the call was read.
#[inline]
pub(super) fn read(call: &SharedState) {
    // A thread that ends has no stream to tell it to.
    let _ = READ.try_with(|read| read.set((read.get().0 + 1, Arc::as_ptr(call).addr())));
}

/// Whether chunks of the call were read since there were `count`.
#[inline]
pub(super) fn was_read_since(count: u64, call: &SharedState) -> bool {
    READ.try_with(Cell::get).is_ok_and(|(now, of)| now != count && of == Arc::as_ptr(call).addr())
}
