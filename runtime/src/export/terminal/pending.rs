//! The spans that wait for their trace to be printed.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use crate::export::terminal::forest::Forest;
use crate::export::terminal::header::{Occasion, Why};
use crate::export::terminal::printed::Printed;
use crate::export::terminal::{Entry, Waterfall};
use crate::id::TraceId;

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

/// What is printed together: what belongs to one root that was printed, or to a local root, by its place.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Part {
    Under(usize),
    Of(usize),
}

impl Pending {
    pub(super) fn new(grace: Duration, memory: usize) -> Self {
        Self { grace, memory, traces: HashMap::new(), bytes: 0, printed: Printed::default() }
    }

    /// Takes a span. When too much waits, the trace that has waited longest is returned as it is.
    pub(super) fn add(&mut self, entry: Entry, now: Instant) -> Option<Waterfall> {
        let may_be_due = entry.is_local_root || self.printed.knows(entry.trace_id);
        self.bytes += entry.bytes();
        let trace = self.traces.entry(entry.trace_id).or_default();
        if may_be_due {
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
    /// printed. By start.
    pub(super) fn due(&mut self, now: Instant) -> Vec<Waterfall> {
        let is_due = |trace: &Waiting| trace.look_at.is_some_and(|at| at <= now);
        let due = self.traces.iter().filter(|(_, trace)| is_due(trace)).map(|(&id, _)| id);
        let due: Vec<TraceId> = due.collect();
        by_start(due.into_iter().flat_map(|id| self.take(id, Some(now))).collect())
    }

    /// The same without a grace time; what waits for a span that has not ended goes on waiting.
    pub(super) fn flush(&mut self) -> Vec<Waterfall> {
        let all: Vec<TraceId> = self.traces.keys().copied().collect();
        by_start(all.into_iter().flat_map(|id| self.take(id, None)).collect())
    }

    /// Everything.
    pub(super) fn finish(&mut self) -> Vec<Waterfall> {
        let mut waterfalls = self.flush();
        let left: Vec<TraceId> = self.traces.keys().copied().collect();
        let left = left.into_iter().filter_map(|id| self.give_up(id, Why::Exit));
        waterfalls.extend(by_start(left.collect()));
        waterfalls
    }

    /// Takes out of a trace what is due, at `now` or at once.
    fn take(&mut self, id: TraceId, now: Option<Instant>) -> Vec<Waterfall> {
        let Some(trace) = self.traces.remove(&id) else { return Vec::new() };
        let parts = self.parts(&trace, now);
        let mut order: Vec<Part> = Vec::new();
        let mut taken: HashMap<Part, Vec<Entry>> = HashMap::new();
        let mut rest = Waiting::default();
        for ((entry, since), part) in trace.entries.into_iter().zip(trace.since).zip(parts) {
            match part {
                Some(part) => {
                    self.bytes -= entry.bytes();
                    let entries = taken.entry(part).or_insert_with(|| {
                        order.push(part);
                        Vec::new()
                    });
                    entries.push(entry);
                }
                None => rest.keep(entry, since, self.grace, now),
            }
        }
        if !rest.entries.is_empty() {
            self.traces.insert(id, rest);
        }
        let taken = order.into_iter().map(|part| (part, taken.remove(&part).unwrap_or_default()));
        taken.map(|(part, entries)| self.print(id, part, entries)).collect()
    }

    /// For each span what it is to be printed with, if it is due.
    fn parts(&self, trace: &Waiting, now: Option<Instant>) -> Vec<Option<Part>> {
        let forest = Forest::new(&trace.entries);
        let outer = now.and_then(|_| self.open_since(&trace.entries, &forest));
        let part_of = |top: usize| {
            let entry = &trace.entries[top];
            if now.is_some_and(|now| trace.since[top] + self.grace > now) {
                return None;
            }
            match self.printed.root_above(entry) {
                Some(root) => Some(Part::Under(root)),
                None if entry.parent.is_none() => Some(Part::Of(top)),
                None => {
                    let waits = outer.is_some_and(|outer| outer < entry.start);
                    (entry.is_local_root && !waits).then_some(Part::Of(top))
                }
            }
        };
        let mut parts = vec![None; trace.entries.len()];
        forest.roots.iter().for_each(|&root| parts[root] = part_of(root));
        forest.tops().into_iter().map(|top| parts[top]).collect()
    }

    /// The earliest start of a span whose parent is in this process and has not ended. A local root that started after it
    /// may be a part of the same work, which left the process and came back: it waits for that.
    fn open_since(&self, entries: &[Entry], forest: &Forest) -> Option<u64> {
        let tops = forest.roots.iter().map(|&place| &entries[place]);
        let below_open = tops.filter(|top| !top.is_local_root && self.printed.root_above(top).is_none());
        below_open.map(|top| top.start).min()
    }

    fn print(&mut self, id: TraceId, part: Part, entries: Vec<Entry>) -> Waterfall {
        let root = match part {
            Part::Under(root) => Some(root),
            Part::Of(_) => None,
        };
        let later = root.and_then(|root| self.printed.later(id, root));
        self.printed.add(&entries, root);
        Waterfall::on(entries, later.unwrap_or_default())
    }

    /// Takes a whole trace that is not finished.
    fn give_up(&mut self, id: TraceId, why: Why) -> Option<Waterfall> {
        let trace = self.traces.remove(&id)?;
        self.bytes -= trace.entries.iter().map(Entry::bytes).sum::<usize>();
        let root = trace.entries.iter().find_map(|entry| self.printed.root_above(entry));
        let has_root = trace.entries.iter().any(|entry| entry.is_local_root);
        let own = if has_root { Occasion::Finished } else { Occasion::Unfinished(why) };
        let later = root.and_then(|root| self.printed.later(id, root));
        self.printed.add(&trace.entries, root);
        Some(Waterfall::on(trace.entries, later.unwrap_or(own)))
    }
}

impl Waiting {
    /// Puts a span back that is not due. A local root that has not waited long enough is looked at then; one that waits
    /// for others is looked at when they come.
    fn keep(&mut self, entry: Entry, since: Instant, grace: Duration, now: Option<Instant>) {
        let at = since + grace;
        if now.is_none_or(|now| at > now) {
            self.look_at = Some(self.look_at.map_or(at, |look_at| look_at.min(at)));
        }
        self.entries.push(entry);
        self.since.push(since);
    }
}

fn by_start(mut waterfalls: Vec<Waterfall>) -> Vec<Waterfall> {
    waterfalls.sort_by_key(Waterfall::start);
    waterfalls
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock;
    use crate::context::Flags;
    use crate::export::terminal::Style;
    use crate::id::SpanId;
    use crate::span::{Attributes, Callsite, Dropped, Outcome, SpanView};

    const GRACE: Duration = Duration::from_millis(250);

    fn entry(id: u64, parent: u64, remote: bool, start: u64) -> Entry {
        static CALLSITE: Callsite = Callsite::new("step", "tests", "tests.rs", 1, &[]);
        Entry::from(&SpanView {
            callsite: &CALLSITE,
            name: &format!("step {id}"),
            trace_id: TraceId::new(1).unwrap(),
            span_id: SpanId::new(id).unwrap(),
            parent: SpanId::new(parent),
            parent_is_remote: remote,
            flags: Flags::SAMPLED,
            trace_state: None,
            start,
            duration: 1,
            outcome: Outcome::Ok,
            message: None,
            attributes: Attributes::default(),
            events: &[],
            links: &[],
            dropped: Dropped::default(),
        })
    }

    /// The names of the rows, of each waterfall.
    fn names(waterfalls: &[Waterfall]) -> Vec<Vec<String>> {
        let name = |line: &str| Some(format!("step {}", line.split_once("step ")?.1.split(' ').next()?));
        let rows = |text: String| text.lines().skip(2).filter_map(name).collect();
        waterfalls.iter().map(|waterfall| rows(waterfall.render(&Style::plain(100)))).collect()
    }

    #[test]
    fn a_trace_waits_a_grace_time_for_what_ends_after_its_root() {
        let (mut pending, start) = (Pending::new(GRACE, usize::MAX), clock::monotonic());
        assert!(pending.add(entry(1, 0, false, 0), start).is_none());
        assert!(pending.due(start + GRACE - Duration::from_millis(1)).is_empty());
        assert!(pending.add(entry(2, 1, false, 5), start + GRACE / 2).is_none());
        assert_eq!(names(&pending.due(start + GRACE)), [["step 1", "step 2"]]);
        assert!(pending.due(start + GRACE * 9).is_empty());
        assert_eq!((pending.bytes, pending.traces.len()), (0, 0));
    }

    #[test]
    fn what_ends_after_that_waits_a_grace_time_of_its_own() {
        let (mut pending, start) = (Pending::new(GRACE, usize::MAX), clock::monotonic());
        pending.add(entry(1, 0, false, 0), start);
        pending.due(start + GRACE);
        pending.add(entry(3, 2, false, 7), start + GRACE);
        assert!(pending.due(start + GRACE * 3).is_empty());
        pending.add(entry(2, 1, false, 6), start + GRACE * 4);
        assert!(pending.due(start + GRACE * 4).is_empty());
        assert_eq!(names(&pending.due(start + GRACE * 5)), [["step 2", "step 3"]]);
    }

    #[test]
    fn two_entries_of_one_trace_into_the_process_are_two_waterfalls() {
        let (mut pending, start) = (Pending::new(GRACE, usize::MAX), clock::monotonic());
        pending.add(entry(5, 90, true, 20), start);
        pending.add(entry(2, 91, true, 10), start);
        pending.add(entry(3, 2, false, 11), start);
        assert_eq!(names(&pending.due(start + GRACE)), [vec!["step 2", "step 3"], vec!["step 5"]]);
        pending.add(entry(6, 5, false, 22), start + GRACE);
        let later = pending.due(start + GRACE * 2);
        assert!(later[0].render(&Style::plain(100)).starts_with("+ step 5 · later, from 2 ns on"));
    }
}
