//! A moment known by tick and by wall clock.

use std::time::Instant;

use crate::clock::{calibration, monotonic, nanos, tick, unix_nanos};

/// How far the line of an anchor may be from the wall clock: a millisecond. Reading the two clocks is not one moment, and
/// the length of a tick is known to some millionths.
const ASTRAY: u64 = 1_000_000;

/// A moment known by tick and by wall clock, from which other ticks are translated.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Anchor {
    tick: u64,
    unix: u64,
    monotonic: Instant,
}

impl Anchor {
    /// Now: the closest of three readings, because a thread can be stopped between the two clocks.
    pub(crate) fn now() -> Self {
        let read = || {
            let (before, unix, monotonic, after) = (tick(), unix_nanos(), monotonic(), tick());
            let apart = after.saturating_sub(before);
            (apart, Self { tick: before + apart / 2, unix, monotonic })
        };
        [read(), read(), read()]
            .into_iter()
            .min_by_key(|(apart, _)| *apart)
            .map_or_else(|| read().1, |best| best.1)
    }

    /// Now, on the line of `before`: two ticks keep their order whichever anchor translates them. Only where the wall clock
    /// went elsewhere (it was set, or the machine slept) does the line jump.
    pub(crate) fn following(before: &Self) -> Self {
        let now = Self::now();
        let unix = before.unix_at(now.tick);
        if now.unix.abs_diff(unix) > ASTRAY { now } else { Self { unix, ..now } }
    }

    /// A moment of the past or future.
    #[cfg(test)]
    pub(super) fn at(tick: u64, unix: u64) -> Self {
        Self { tick, unix, monotonic: monotonic() }
    }

    /// Learns from the time since `earlier` how long a tick is. `false` when that is too short to tell.
    pub(crate) fn refine_since(&self, earlier: &Self) -> bool {
        let enough = self.monotonic.saturating_duration_since(earlier.monotonic).as_millis() >= 500;
        if enough {
            self.measure_since(earlier);
        }
        enough
    }

    /// The same of any time.
    pub(super) fn measure_since(&self, earlier: &Self) {
        let elapsed = self.monotonic.saturating_duration_since(earlier.monotonic);
        calibration::refine(elapsed, self.tick.saturating_sub(earlier.tick));
    }

    /// Nanoseconds since 1970 at `tick`. One after the anchor (the counters of two cores may differ by a little) counts
    /// as the anchor's time and on.
    #[inline]
    pub(crate) fn unix_at(&self, tick: u64) -> u64 {
        match self.tick.checked_sub(tick) {
            Some(before) => self.unix.saturating_sub(nanos(before)),
            None => self.unix.saturating_add(nanos(tick - self.tick)),
        }
    }
}
