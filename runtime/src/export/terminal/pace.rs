//! How many traces a second are printed.

use std::time::{Duration, Instant};

use crate::export::terminal::{Waterfall, units};

/// A service under load ends more traces than anyone reads and than a terminal can print.
#[derive(Debug)]
pub(super) struct Pace {
    /// The traces that are printed within a second.
    pub(super) most: usize,
    /// When the current second began, and what was printed in it.
    since: Option<Instant>,
    printed: usize,
    /// Traces that were left out and not spoken of yet.
    left_out: u64,
}

impl Pace {
    pub(super) const fn new(most: usize) -> Self {
        Self { most, since: None, printed: 0, left_out: 0 }
    }

    /// Those of `waterfalls` to print at `now`, in their order: rather those in which something failed.
    pub(super) fn choose(&mut self, waterfalls: Vec<Waterfall>, now: Instant) -> Vec<Waterfall> {
        if self.since.is_none_or(|since| now.saturating_duration_since(since) >= Duration::from_secs(1)) {
            (self.since, self.printed) = (Some(now), 0);
        }
        let room = self.most.saturating_sub(self.printed);
        if waterfalls.len() <= room {
            self.printed += waterfalls.len();
            return waterfalls;
        }
        let mut by_weight: Vec<usize> = (0..waterfalls.len()).collect();
        by_weight.sort_by_key(|&index| !waterfalls[index].failed());
        let mut keep = vec![false; waterfalls.len()];
        by_weight.into_iter().take(room).for_each(|index| keep[index] = true);
        self.printed += room;
        self.left_out += (waterfalls.len() - room) as u64;
        waterfalls.into_iter().zip(keep).filter_map(|(waterfall, keep)| keep.then_some(waterfall)).collect()
    }

    /// What to say about those left out: once the second in which they ended is over, or at once.
    pub(super) fn report(&mut self, now: Option<Instant>) -> Option<String> {
        let is_over = |since: Instant| {
            now.is_none_or(|now| now.saturating_duration_since(since) >= Duration::from_secs(1))
        };
        if self.left_out == 0 || !self.since.is_none_or(is_over) {
            return None;
        }
        let traces = units::plural(std::mem::take(&mut self.left_out), "trace");
        Some(format!("{traces} not shown: over {} a second", self.most))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock;

    #[test]
    fn traces_beyond_the_limit_are_counted_and_said_when_their_second_is_over() {
        let (mut pace, start) = (Pace::new(3), clock::monotonic());
        let some = |n: usize| vec![Waterfall::new(Vec::new()); n];
        assert_eq!(pace.choose(some(2), start).len(), 2);
        assert_eq!(pace.choose(some(5), start + Duration::from_millis(900)).len(), 1);
        assert_eq!(pace.report(Some(start + Duration::from_millis(999))), None);
        let next = start + Duration::from_secs(1);
        assert_eq!(pace.report(Some(next)).unwrap(), "4 traces not shown: over 3 a second");
        assert_eq!(pace.report(Some(next)), None);
        assert_eq!(pace.choose(some(4), next).len(), 3);
        assert_eq!(pace.report(None).unwrap(), "1 trace not shown: over 3 a second");
    }
}
