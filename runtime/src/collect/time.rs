//! What the ticks of a pipeline mean.

use crate::clock::{self, Anchor};

/// The first moment of a deterministic pipeline: 2024-01-01T00:00:00Z.
const EPOCH: u64 = 1_704_067_200_000_000_000;
/// How far its clock moves each time it is read: a millisecond.
const STEP: u64 = 1_000_000;

pub(super) enum Time {
    /// Ticks of the clock. The first anchor of the last second tells how long they are.
    Real { anchor: Anchor, earlier: Anchor },
    /// Numbers that count up.
    Counted,
}

impl Time {
    pub(super) fn new(deterministic: bool) -> Self {
        if deterministic {
            return Self::Counted;
        }
        let anchor = Anchor::now();
        Self::Real { anchor, earlier: anchor }
    }

    /// Before each drain.
    pub(super) fn renew(&mut self) {
        if let Self::Real { anchor, earlier } = self {
            *anchor = Anchor::following(anchor);
            if anchor.refine_since(earlier) {
                *earlier = *anchor;
            }
        }
    }

    #[inline]
    pub(super) fn unix_at(&self, tick: u64) -> u64 {
        match self {
            Self::Real { anchor, .. } => anchor.unix_at(tick),
            Self::Counted => EPOCH + tick * STEP,
        }
    }

    /// Nanoseconds from one tick to a later one; 0 when the clock went back.
    #[inline]
    pub(super) fn between(&self, start: u64, end: u64) -> u64 {
        let ticks = end.saturating_sub(start);
        match self {
            Self::Real { .. } => clock::nanos(ticks),
            Self::Counted => ticks * STEP,
        }
    }
}
