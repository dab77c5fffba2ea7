//! Who is whose child.

use std::collections::HashMap;

use crate::export::terminal::Entry;
use crate::id::SpanId;

/// The spans of one trace as trees. Spans are named by their place.
#[derive(Debug)]
pub(super) struct Forest {
    parents: Vec<Option<usize>>,
    /// By start.
    pub(super) children: Vec<Vec<usize>>,
    /// Those whose parent is not here, by start.
    pub(super) roots: Vec<usize>,
}

impl Forest {
    pub(super) fn new(entries: &[Entry]) -> Self {
        let places: HashMap<SpanId, usize> =
            entries.iter().enumerate().map(|(place, entry)| (entry.span_id, place)).collect();
        let parents: Vec<_> = entries.iter().map(|entry| places.get(&entry.parent?).copied()).collect();
        let mut by_start: Vec<usize> = (0..entries.len()).collect();
        by_start.sort_by_key(|&place| (entries[place].start, entries[place].span_id));
        let mut forest = Self { children: vec![Vec::new(); entries.len()], roots: Vec::new(), parents };
        for place in by_start {
            match forest.parents[place] {
                Some(parent) => forest.children[parent].push(place),
                None => forest.roots.push(place),
            }
        }
        forest
    }

    /// The parent of `place`, the parent of that, and so on.
    pub(super) fn ancestors(&self, place: usize) -> impl Iterator<Item = usize> + '_ {
        // Broken IDs could make a circle.
        std::iter::successors(self.parents[place], |&place| self.parents[place]).take(self.parents.len())
    }

    /// For each span the root it is under.
    pub(super) fn tops(&self) -> Vec<usize> {
        let mut tops: Vec<usize> = (0..self.parents.len()).collect();
        for &root in &self.roots {
            let mut below = self.children[root].clone();
            while let Some(place) = below.pop() {
                tops[place] = root;
                below.extend(&self.children[place]);
            }
        }
        tops
    }
}
