//! How long a tick is.

use std::sync::Once;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use crate::clock::{monotonic, tick};

/// Nanoseconds a tick, times 2^32. Until it is measured, a tick counts as a nanosecond.
static SCALE: AtomicU64 = AtomicU64::new(1 << 32);

/// The nanoseconds that `ticks` last.
#[inline]
pub(crate) fn nanos(ticks: u64) -> u64 {
    ((u128::from(ticks) * u128::from(SCALE.load(Ordering::Relaxed))) >> 32) as u64
}

/// Measures, once, how long a tick is. Takes two milliseconds the first time; an error of the system's clock of
/// 50 ns then is one of 25 millionths.
pub(crate) fn calibrate() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let (started, first) = (monotonic(), tick());
        while started.elapsed() < Duration::from_millis(2) {
            std::thread::sleep(Duration::from_millis(2));
        }
        refine(started.elapsed(), tick().saturating_sub(first));
    });
}

/// Takes a measurement over a longer time into account. One that differs by more than a twentieth was disturbed, for
/// example by a suspended machine, and is left out.
pub(super) fn refine(elapsed: Duration, ticks: u64) {
    let Some(scale) = (elapsed.as_nanos() << 32).checked_div(u128::from(ticks)) else { return };
    let (scale, known) = (scale as u64, SCALE.load(Ordering::Relaxed));
    if known == 1 << 32 || scale.abs_diff(known) < known / 20 {
        SCALE.store(scale, Ordering::Relaxed);
    }
}
