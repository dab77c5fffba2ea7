//! The primitives of threads. The tests that explore all interleavings of `chunk`, `pool`, `chain` and `flush` compile those
//! files with another module of this name.

pub(super) use std::sync::atomic::{AtomicU32, AtomicU64, AtomicUsize, Ordering};
pub(super) use std::sync::{Condvar, Mutex, MutexGuard};

/// Waits as long as `is_waiting` says so, at most `timeout`.
pub(super) fn wait_while<'a, T>(
    condvar: &Condvar,
    guard: MutexGuard<'a, T>,
    timeout: std::time::Duration,
    is_waiting: impl FnMut(&mut T) -> bool,
) -> MutexGuard<'a, T> {
    condvar
        .wait_timeout_while(guard, timeout, is_waiting)
        .unwrap_or_else(std::sync::PoisonError::into_inner)
        .0
}
