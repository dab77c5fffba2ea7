//! The traces that were printed lately, so that what ends later is recognised.

use std::collections::{HashMap, VecDeque};

use crate::export::terminal::Entry;
use crate::export::terminal::header::Occasion;
use crate::id::{SpanId, TraceId};

/// How many spans are remembered, of all traces: about 2 MiB.
const MOST_SPANS: usize = 100_000;
/// How many traces are remembered.
const MOST_TRACES: usize = 1_000;

/// The traces that were printed lately.
#[derive(Debug, Default)]
pub(super) struct Printed {
    traces: HashMap<TraceId, Trace>,
    /// The oldest first.
    order: VecDeque<TraceId>,
    spans: usize,
}

#[derive(Debug, Default)]
struct Trace {
    /// A trace may enter the process more than once.
    roots: Vec<Root>,
    /// The root that a span was printed under, by place.
    spans: HashMap<SpanId, usize>,
}

#[derive(Debug)]
struct Root {
    name: Box<str>,
    request_id: Option<Box<str>>,
    start: u64,
}

impl Printed {
    pub(super) fn knows(&self, trace: TraceId) -> bool {
        self.traces.contains_key(&trace)
    }

    /// The root that the parent of `entry` was printed under, if it was.
    pub(super) fn root_above(&self, entry: &Entry) -> Option<usize> {
        self.traces.get(&entry.trace_id)?.spans.get(&entry.parent?).copied()
    }

    /// How to head what ended after `root` was printed.
    pub(super) fn later(&self, trace: TraceId, root: usize) -> Option<Occasion> {
        let Root { name, request_id, start } = self.traces.get(&trace)?.roots.get(root)?;
        Some(Occasion::Later { root: name.clone(), request_id: request_id.clone(), start: *start })
    }

    /// Remembers that `entries`, of one trace, are printed now: under a root that was printed, or with their own.
    pub(super) fn add(&mut self, entries: &[Entry], root: Option<usize>) {
        let by_start = |entry: &&Entry| (!entry.is_local_root, entry.start);
        let Some(first) = entries.iter().min_by_key(by_start) else { return };
        let trace = self.traces.entry(first.trace_id).or_insert_with(|| {
            self.order.push_back(first.trace_id);
            Trace::default()
        });
        let root = root.unwrap_or_else(|| {
            let request_id = first.request_id.clone();
            trace.roots.push(Root { name: first.name.clone(), request_id, start: first.start });
            trace.roots.len() - 1
        });
        let before = trace.spans.len();
        trace.spans.extend(entries.iter().map(|entry| (entry.span_id, root)));
        self.spans += trace.spans.len() - before;
        while self.spans > MOST_SPANS || self.order.len() > MOST_TRACES {
            self.forget_oldest();
        }
    }

    fn forget_oldest(&mut self) {
        match self.order.pop_front().and_then(|trace| self.traces.remove(&trace)) {
            Some(trace) => self.spans -= trace.spans.len(),
            None => self.spans = 0,
        }
    }
}
