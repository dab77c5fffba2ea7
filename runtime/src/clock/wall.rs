//! The system's clocks. Nothing else in the crate asks them.
#![allow(clippy::disallowed_methods, reason = "this is the place the lint sends to")]

use std::cell::Cell;
use std::sync::OnceLock;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use crate::clock::nanos;

/// Nanoseconds since 1970 by the system's clock; 0 before 1970.
pub(crate) fn unix_nanos() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_nanos() as u64)
}

/// The monotonic clock, for deadlines.
pub(crate) fn monotonic() -> Instant {
    Instant::now()
}

/// Nanoseconds of the monotonic clock since its first use.
#[cold]
#[inline(never)]
pub(super) fn monotonic_nanos() -> u64 {
    static FIRST: OnceLock<Instant> = OnceLock::new();
    // One second ahead, so that no tick is 0 and the first differences do not saturate.
    FIRST.get_or_init(Instant::now).elapsed().as_nanos() as u64 + 1_000_000_000
}

/// Milliseconds since 1970 at `tick`, which was read a moment ago. The system is asked once a second and thread.
#[inline]
pub(crate) fn unix_millis_at(tick: u64) -> u64 {
    thread_local!(static ASKED: Cell<(u64, u64)> = const { Cell::new((0, 0)) });
    ASKED.with(|asked| {
        let (at, time) = asked.get();
        let since = nanos(tick.wrapping_sub(at));
        if since < 1_000_000_000 {
            return (time + since) / 1_000_000;
        }
        let time = unix_nanos();
        asked.set((tick, time));
        time / 1_000_000
    })
}
