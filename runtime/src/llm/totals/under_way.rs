//! How long work of one kind was under way.

use crate::llm::moment::Moment;

/// Work of one kind that is under way. Pieces of it that are so at the same time count once.
#[derive(Debug, Default)]
pub(super) struct UnderWay {
    pieces: u32,
    /// Up to when its time is counted.
    counted: Option<Moment>,
}

impl UnderWay {
    pub(super) const fn is_idle(&self) -> bool {
        self.pieces == 0
    }

    /// One more begins.
    #[must_use]
    pub(super) fn begin(&mut self, now: Moment) -> f64 {
        let seconds = self.count(now);
        self.pieces += 1;
        seconds
    }

    /// One ends.
    #[must_use]
    pub(super) fn end(&mut self, now: Moment) -> f64 {
        let seconds = self.count(now);
        self.pieces = self.pieces.saturating_sub(1);
        seconds
    }

    /// The seconds since they were counted last while any was under way.
    #[must_use]
    pub(super) fn count(&mut self, now: Moment) -> f64 {
        // The clocks of two threads may differ by a little.
        let before = self.counted.unwrap_or(now);
        self.counted = Some(now.max(before));
        if self.is_idle() { 0.0 } else { now.seconds_since(before) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_under_way_at_the_same_time_counts_once() {
        let mut work = UnderWay::default();
        let at = Moment::Count;
        let steps = [
            work.begin(at(100)),
            work.end(at(400)),
            work.begin(at(1000)),
            work.begin(at(1200)),
            work.end(at(1500)),
            work.count(at(1700)),
            work.end(at(2000)),
            work.end(at(9000)),
        ];
        assert_eq!(steps, [0.0, 0.3, 0.0, 0.2, 0.3, 0.2, 0.3, 0.0]);
    }

    #[test]
    fn a_clock_that_is_behind_takes_nothing_back() {
        let mut work = UnderWay::default();
        let at = Moment::Count;
        let steps = [work.begin(at(1000)), work.begin(at(900)), work.end(at(2000)), work.end(at(2500))];
        assert_eq!(steps, [0.0, 0.0, 1.0, 0.5]);
    }
}
