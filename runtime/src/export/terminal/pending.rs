//! The spans that wait for their trace to be printed.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use crate::export::terminal::forest::Forest;
use crate::export::terminal::header::{Occasion, Why};
use crate::export::terminal::printed::Printed;
use crate::export::terminal::{Entry, Waterfall};
use crate::id::{SpanId, TraceId};

/// The spans that wait for their trace to be printed. Time is given to it, so that tests need none.
#[derive(Debug)]
pub(super) struct Pending {
    /// How long after a local root the rest of its trace may come.
    pub(super) grace: Duration,
    /// The bytes that may wait.
    pub(super) memory: usize,
    traces: HashMap<TraceId, Waiting>,
    bytes: usize,
    printed: Printed,
}

#[derive(Debug, Default)]
struct Waiting {
    entries: Vec<Entry>,
    /// When each came.
    since: Vec<Instant>,
    /// When to look again whether some of it is due.
    look_at: Option<Instant>,
}

impl Pending {
    pub(super) fn new(grace: Duration, memory: usize) -> Self {
        Self { grace, memory, traces: HashMap::new(), bytes: 0, printed: Printed::default() }
    }

    /// Takes a span. When too much waits, the trace that has waited longest is returned as it is.
    pub(super) fn add(&mut self, entry: Entry, now: Instant) -> Option<Waterfall> {
        let due = entry.is_local_root || self.printed.knows(entry.trace_id);
        self.bytes += entry.bytes();
        let trace = self.traces.entry(entry.trace_id).or_default();
        if due {
            trace.look_at = trace.look_at.or(Some(now + self.grace));
        }
        trace.entries.push(entry);
        trace.since.push(now);
        if self.bytes <= self.memory {
            return None;
        }
        let oldest = self.traces.iter().min_by_key(|(_, trace)| trace.since.first().copied());
        let id = oldest.map(|(&id, _)| id)?;
        self.give_up(id, Why::Memory)
    }

    /// What is due at `now`: trees whose local root ended a grace time ago, and what ended below spans that were
    /// printed.
    pub(super) fn due(&mut self, now: Instant) -> Vec<Waterfall> {
        let is_due = |trace: &Waiting| trace.look_at.is_some_and(|at| at <= now);
        let due = self.traces.iter().filter(|(_, trace)| is_due(trace)).map(|(&id, _)| id);
        let due: Vec<TraceId> = due.collect();
        self.in_order(due, |pending, id| pending.take(id, Some(now)))
    }

    /// The same without a grace time; what waits for a span that has not ended goes on waiting.
    pub(super) fn flush(&mut self) -> Vec<Waterfall> {
        let all = self.traces.keys().copied().collect();
        self.in_order(all, |pending, id| pending.take(id, None))
    }

    /// Everything.
    pub(super) fn finish(&mut self) -> Vec<Waterfall> {
        let mut waterfalls = self.flush();
        let left = self.traces.keys().copied().collect();
        waterfalls.extend(self.in_order(left, |pending, id| pending.give_up(id, Why::Exit)));
        waterfalls
    }

    /// By the start of the traces' first spans.
    fn in_order(
        &mut self,
        mut ids: Vec<TraceId>,
        mut take: impl FnMut(&mut Self, TraceId) -> Option<Waterfall>,
    ) -> Vec<Waterfall> {
        let start = |id: &TraceId| {
            self.traces.get(id).and_then(|trace| trace.entries.iter().map(|it| it.start).min())
        };
        ids.sort_by_cached_key(|id| (start(id), *id));
        ids.into_iter().filter_map(|id| take(self, id)).collect()
    }

    /// Takes out of a trace what is due, at `now` or at once.
    fn take(&mut self, id: TraceId, now: Option<Instant>) -> Option<Waterfall> {
        let trace = self.traces.remove(&id)?;
        let forest = Forest::new(&trace.entries);
        let outer = now.and_then(|_| self.open_since(&trace.entries, &forest));
        let is_due = |&top: &usize| {
            let waited = now.is_none_or(|now| trace.since[top] + self.grace <= now);
            waited && self.is_complete(&trace.entries[top], outer)
        };
        let tops = forest.tops();
        let due: Vec<bool> = tops.iter().map(is_due).collect();
        let (mut taken, mut rest) = (Vec::new(), Waiting::default());
        for ((entry, since), due) in trace.entries.into_iter().zip(trace.since).zip(due) {
            if due {
                self.bytes -= entry.bytes();
                taken.push(entry);
            } else {
                rest.keep(entry, since, self.grace, now);
            }
        }
        if !rest.entries.is_empty() {
            self.traces.insert(id, rest);
        }
        self.print(id, taken, Occasion::Finished)
    }

    /// Whether the tree below `top` is one to print: nothing in this process above it is still at work.
    fn is_complete(&self, top: &Entry, outer: Option<u64>) -> bool {
        match top.parent {
            None => true,
            Some(parent) if self.printed.has(top.trace_id, parent) => true,
            Some(_) => top.is_local_root && outer.is_none_or(|outer| outer >= top.start),
        }
    }

    /// The earliest start of a span whose parent is in this process and has not ended. A local root that started after it
    /// may be a part of the same work, which left the process and came back: it waits for that.
    fn open_since(&self, entries: &[Entry], forest: &Forest) -> Option<u64> {
        let tops = forest.roots.iter().map(|&place| &entries[place]);
        let is_open = |parent: SpanId, top: &Entry| !self.printed.has(top.trace_id, parent);
        let below_open =
            tops.filter(|top| !top.is_local_root && top.parent.is_some_and(|parent| is_open(parent, top)));
        below_open.map(|top| top.start).min()
    }

    /// Takes a whole trace that is not finished.
    fn give_up(&mut self, id: TraceId, why: Why) -> Option<Waterfall> {
        let trace = self.traces.remove(&id)?;
        self.bytes -= trace.entries.iter().map(Entry::bytes).sum::<usize>();
        let has_root = trace.entries.iter().any(|entry| entry.is_local_root);
        let occasion = if has_root { Occasion::Finished } else { Occasion::Unfinished(why) };
        self.print(id, trace.entries, occasion)
    }

    fn print(&mut self, id: TraceId, entries: Vec<Entry>, occasion: Occasion) -> Option<Waterfall> {
        if entries.is_empty() {
            return None;
        }
        let occasion = self.printed.later(id).unwrap_or(occasion);
        self.printed.add(&entries);
        Some(Waterfall::on(entries, occasion))
    }
}

impl Waiting {
    /// Puts a span back that is not due. A local root that has not waited long enough is looked at then; one that waits
    /// for others is looked at when they come.
    fn keep(&mut self, entry: Entry, since: Instant, grace: Duration, now: Option<Instant>) {
        let at = since + grace;
        if entry.is_local_root && now.is_some_and(|now| at > now) {
            self.look_at = Some(self.look_at.map_or(at, |look_at| look_at.min(at)));
        }
        self.entries.push(entry);
        self.since.push(since);
    }
}
