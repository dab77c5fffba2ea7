//! How long a tick is.

use std::sync::Once;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use crate::clock::Anchor;

/// Until it is measured, a tick counts as a nanosecond.
pub(super) const UNMEASURED: u64 = 1 << 32;

/// Nanoseconds a tick, times 2^32.
static SCALE: AtomicU64 = AtomicU64::new(UNMEASURED);

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
        // Anchors, because what a thread that is stopped between the two clocks measures here would never be corrected.
        let first = Anchor::now();
        std::thread::sleep(Duration::from_millis(2));
        Anchor::now().measure_since(&first);
    });
}

/// Takes a measurement into account.
pub(super) fn refine(elapsed: Duration, ticks: u64) {
    SCALE.store(refined(SCALE.load(Ordering::Relaxed), elapsed, ticks), Ordering::Relaxed);
}

/// The scale after a measurement. One that differs from what is known by more than a twentieth was disturbed, for example by
/// a suspended machine, and is left out.
pub(super) fn refined(known: u64, elapsed: Duration, ticks: u64) -> u64 {
    let Some(scale) = (elapsed.as_nanos() << 32).checked_div(u128::from(ticks)) else { return known };
    let scale = scale as u64;
    if known == UNMEASURED || scale.abs_diff(known) < known / 20 { scale } else { known }
}
