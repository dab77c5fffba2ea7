//! The rows of a waterfall: spans, or groups of spans, in the order of the tree.

use crate::export::terminal::Entry;
use crate::export::terminal::fold::groups;
use crate::export::terminal::forest::Forest;
use crate::export::terminal::times::{Stretch, length, union, without};

/// A span, or a group of alike siblings.
#[derive(Debug)]
pub(super) struct Row {
    /// The spans, by place.
    pub(super) places: Vec<usize>,
    /// How deep in the tree, 0 for a root.
    pub(super) depth: usize,
    /// The row above it in the tree.
    parent: Option<usize>,
    /// The durations added up.
    pub(super) total: u64,
    /// The longest of them.
    pub(super) longest: u64,
    /// When they ran.
    pub(super) whole: Vec<Stretch>,
    /// When they ran and none of their own children did.
    pub(super) own: Vec<Stretch>,
    /// The time that each spent itself, added up.
    pub(super) self_time: u64,
}

/// All rows. Without recursion: a trace may be deeper than the worker's stack.
pub(super) fn rows(entries: &[Entry], forest: &Forest) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    let mut waiting: Vec<(Vec<usize>, usize, Option<usize>)> = Vec::new();
    let push = |waiting: &mut Vec<_>, siblings: &[usize], depth, parent| {
        waiting.extend(groups(entries, siblings).into_iter().rev().map(|group| (group, depth, parent)));
    };
    push(&mut waiting, &forest.roots, 0, None);
    while let Some((places, depth, parent)) = waiting.pop() {
        let mut children: Vec<usize> =
            places.iter().flat_map(|&place| &forest.children[place]).copied().collect();
        if places.len() > 1 {
            children.sort_by_key(|&place| (entries[place].start, entries[place].span_id));
        }
        push(&mut waiting, &children, depth + 1, Some(rows.len()));
        rows.push(row(entries, forest, places, depth, parent));
    }
    rows
}

fn row(entries: &[Entry], forest: &Forest, places: Vec<usize>, depth: usize, parent: Option<usize>) -> Row {
    let durations = || places.iter().map(|&place| entries[place].duration);
    let mut own = Vec::new();
    for &place in &places {
        let children = forest.children[place].iter().map(|&child| entries[child].stretch()).collect();
        own.extend(without(entries[place].stretch(), &union(children)));
    }
    Row {
        depth,
        parent,
        total: durations().fold(0, u64::saturating_add),
        longest: durations().max().unwrap_or(0),
        whole: union(places.iter().map(|&place| entries[place].stretch()).collect()),
        self_time: length(&own),
        own: union(own),
        places,
    }
}

/// At most `most` rows: those that failed and those that took longest, with all that is above them. The others' spans are
/// counted.
pub(super) fn choose(entries: &[Entry], rows: Vec<Row>, most: usize) -> (Vec<Row>, usize) {
    if rows.len() <= most {
        return (rows, 0);
    }
    let failed = |row: &Row| row.places.iter().any(|&place| entries[place].failed());
    let mut by_weight: Vec<usize> = (0..rows.len()).collect();
    by_weight.sort_by_key(|&index| (!failed(&rows[index]), std::cmp::Reverse(rows[index].total), index));
    let mut kept = vec![false; rows.len()];
    let mut count = 0;
    for index in by_weight {
        let line = std::iter::successors(Some(index), |&index| rows[index].parent);
        let missing: Vec<usize> = line.take_while(|&index| !kept[index]).take(most + 1).collect();
        if count + missing.len() <= most {
            count += missing.len();
            missing.into_iter().for_each(|index| kept[index] = true);
        }
    }
    let mut left_out = 0;
    let mut index = 0;
    let mut rows = rows;
    rows.retain(|row| {
        let keep = kept[index];
        index += 1;
        left_out += if keep { 0 } else { row.places.len() };
        keep
    });
    (rows, left_out)
}

/// For each row, of each level from 1 to its own, whether the line there goes on below the row.
pub(super) fn guides(rows: &[Row]) -> Vec<Vec<bool>> {
    let mut goes_on: Vec<bool> = Vec::new();
    let mut guides: Vec<Vec<bool>> = Vec::with_capacity(rows.len());
    for row in rows.iter().rev() {
        goes_on.resize(row.depth + 1, false);
        guides.push(goes_on[1..].iter().copied().take(MOST_GUIDES).collect());
        goes_on[row.depth] = true;
    }
    guides.reverse();
    guides
}

/// Deeper rows are indented no further.
pub(super) const MOST_GUIDES: usize = 64;
