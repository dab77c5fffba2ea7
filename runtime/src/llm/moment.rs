//! Times of model calls: the clock's, or in a deterministic pipeline the numbers that count up.

use crate::clock;
use crate::collect::ids;
use crate::context::key::{Key, Meta};

/// A moment in the time of the pipeline of a span.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Moment {
    /// A tick of the clock.
    Tick(u64),
    /// A number that counts up; a step is a millisecond.
    Count(u64),
}

impl Moment {
    pub(crate) fn now(span: &Key) -> Self {
        if span.meta.has(Meta::DETERMINISTIC) {
            Self::Count(ids::count(span.meta))
        } else {
            Self::Tick(clock::tick())
        }
    }

    /// The same, without moving the clock of a deterministic pipeline.
    pub(crate) fn passing(span: &Key) -> Self {
        if span.meta.has(Meta::DETERMINISTIC) {
            Self::Count(ids::next_count(span.meta))
        } else {
            Self::now(span)
        }
    }

    /// The moment of a tick that was read of the clock which counts for a span.
    pub(crate) fn of(span: &Key, tick: u64) -> Self {
        if span.meta.has(Meta::DETERMINISTIC) { Self::Count(tick) } else { Self::Tick(tick) }
    }

    /// Seconds since an earlier moment; 0 when the clock went back.
    pub(crate) fn seconds_since(self, earlier: Self) -> f64 {
        match (earlier, self) {
            (Self::Tick(earlier), Self::Tick(now)) => clock::nanos(now.saturating_sub(earlier)) as f64 / 1e9,
            (Self::Count(earlier), Self::Count(now)) => now.saturating_sub(earlier) as f64 / 1e3,
            _ => 0.0,
        }
    }
}
