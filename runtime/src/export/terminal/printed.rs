//! The traces that were printed lately, so that what ends later is recognised.

use std::collections::{HashMap, HashSet, VecDeque};

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
    traces: HashMap<TraceId, Remembered>,
    /// The oldest first.
    order: VecDeque<TraceId>,
    spans: usize,
}

#[derive(Debug)]
struct Remembered {
    root: Box<str>,
    request_id: Option<Box<str>>,
    start: u64,
    spans: HashSet<SpanId>,
}

impl Printed {
    pub(super) fn knows(&self, trace: TraceId) -> bool {
        self.traces.contains_key(&trace)
    }

    pub(super) fn has(&self, trace: TraceId, span: SpanId) -> bool {
        self.traces.get(&trace).is_some_and(|trace| trace.spans.contains(&span))
    }

    /// How to head what ended after the rest of `trace` was printed.
    pub(super) fn later(&self, trace: TraceId) -> Option<Occasion> {
        let Remembered { root, request_id, start, .. } = self.traces.get(&trace)?;
        Some(Occasion::Later { root: root.clone(), request_id: request_id.clone(), start: *start })
    }

    /// Remembers that `entries`, of one trace, are printed now.
    pub(super) fn add(&mut self, entries: &[Entry]) {
        let by_start = |entry: &&Entry| (!entry.is_local_root, entry.start);
        let Some(root) = entries.iter().min_by_key(by_start) else { return };
        let trace = self.traces.entry(root.trace_id).or_insert_with(|| {
            self.order.push_back(root.trace_id);
            Remembered {
                root: root.name.clone(),
                request_id: root.request_id.clone(),
                start: root.start,
                spans: HashSet::new(),
            }
        });
        let before = trace.spans.len();
        trace.spans.extend(entries.iter().map(|entry| entry.span_id));
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
