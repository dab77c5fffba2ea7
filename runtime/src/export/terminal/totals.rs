//! What the models of a trace took together.

use crate::export::terminal::Entry;
use crate::export::terminal::counts::Counts;
use crate::export::terminal::forest::Forest;
use crate::export::terminal::style::Style;
use crate::export::terminal::units;

/// `2 model calls`, tokens, cost, and for how many calls that is not known; nothing without calls.
pub(super) fn totals(entries: &[Entry], forest: &Forest, style: &Style) -> Vec<String> {
    let (mut calls, mut unpriced, mut sum) = (0, 0, Counts::default());
    for (place, entry) in entries.iter().enumerate() {
        let Some(call) = &entry.call else { continue };
        let above = || forest.ancestors(place).filter_map(|place| entries[place].call.as_ref());
        // A call within a call is the same call, seen by two libraries: it counts once, where its numbers are.
        if above().next().is_none() {
            calls += 1;
        }
        if !call.counts.is_empty() && above().all(|above| above.counts.is_empty()) {
            sum.add(&call.counts);
            unpriced += u64::from(call.counts.cost.is_none());
        }
    }
    if calls == 0 {
        return Vec::new();
    }
    let mut pieces = vec![units::plural(calls, "model call")];
    pieces.extend(sum.pieces(style));
    if unpriced > 0 {
        pieces.push(format!("cost of {} unknown", units::plural(unpriced, "call")));
    }
    pieces
}
