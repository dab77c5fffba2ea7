//! What the calls of models, tools and searches of a local root add up to.
//!
//! Kept by trace and by slot of the request until the local root ends, which takes them. Slots keep apart the requests
//! of one trace that a process works on at the same time. What ends after its local root says so in a span of its own,
//! linked to it: together they are the sum.

mod sum;
mod under_way;

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, Once, PoisonError};

pub(crate) use sum::Totals;

use crate::Context;
use crate::context::key::Key;
use crate::context::owned::OwnedKey;
use crate::context::slots;
use crate::llm::moment::Moment;
use crate::llm::roots;
use crate::report;
use crate::span::hooks::{self, Watch};
use crate::span::{Callsite, Operation, Parent, Span, current};
use under_way::UnderWay;

const SHARDS: usize = 16;
/// More than this in one shard: the oldest trace makes way, which is one whose root ended long ago or never.
const TRACES: usize = 1024;

/// The span of what is used after the local root has ended.
static LATE: Callsite = Callsite::new("llm totals", module_path!(), file!(), line!(), &[]);

/// What is told of when it begins and when it ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Work {
    Model,
    Tool,
    Retrieval,
}

const WORKS: [Work; 3] = [Work::Model, Work::Tool, Work::Retrieval];

/// The sums of one request of a trace.
#[derive(Debug, Default)]
struct Kept {
    totals: Totals,
    under_way: [UnderWay; WORKS.len()],
    /// The local root, once it has ended.
    ended: Option<Key>,
}

/// By trace, by pipeline, for IDs of tests are not unique, and by slot.
type Shard = BTreeMap<Request, Kept>;
type Request = (u128, u32, u64);

/// How many are kept: local roots that end where there is nothing to take need not look.
static KEPT: AtomicUsize = AtomicUsize::new(0);

static TOTALS: [Mutex<Shard>; SHARDS] = [const { Mutex::new(BTreeMap::new()) }; SHARDS];

/// Counts the tools and searches of this process from now on.
pub(crate) fn watch() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| hooks::on_watched(Watch { begins: watched_begins, ends: watched_ends }));
}

/// A call of a model is under way in the request of `span`, which [`add_last`] will end.
pub(crate) fn expect(span: &Key, now: Moment) {
    begin(span, Work::Model, now);
}

/// Adds what a call of the request of `span` used.
pub(crate) fn add(span: &Key, amounts: &Totals) {
    keep(&mut shard(span.trace), request(span)).totals.add(amounts);
}

/// Adds what a call that was expected used until its end.
pub(crate) fn add_last(span: &Key, amounts: &Totals, now: Moment) {
    end(span, Work::Model, amounts, now);
}

fn watched_begins(span: &Key, operation: Operation, tick: u64) {
    if let Some(work) = Work::of(operation) {
        begin(span, work, Moment::of(span, tick));
    }
}

fn watched_ends(span: &Key, operation: Operation, tick: u64) {
    if let Some(work) = Work::of(operation) {
        let amounts = Totals { tool_calls: u64::from(work == Work::Tool), ..Totals::default() };
        end(span, work, &amounts, Moment::of(span, tick));
    }
}

fn begin(span: &Key, work: Work, now: Moment) {
    let mut shard = shard(span.trace);
    let kept = keep(&mut shard, request(span));
    let seconds = kept.under_way[work as usize].begin(now);
    kept.totals.add_time(work, seconds);
}

fn end(span: &Key, work: Work, amounts: &Totals, now: Moment) {
    if let Some((root, amounts)) = end_in(&mut shard(span.trace), span, work, amounts, now) {
        write_late(span, &root, &amounts);
    }
}

/// The local root, where it has ended, and what came after it: then that is not kept.
fn end_in(shard: &mut Shard, span: &Key, work: Work, amounts: &Totals, now: Moment) -> Option<(Key, Totals)> {
    let request = begun(shard, span, work);
    let kept = keep(shard, request);
    kept.totals.add(amounts);
    let seconds = kept.under_way[work as usize].end(now);
    kept.totals.add_time(work, seconds);
    let root = kept.ended?;
    let late = std::mem::take(&mut kept.totals);
    if kept.is_idle() {
        remove(shard, request);
    }
    Some((root, late))
}

/// Where the beginning of this work was told. A request may have got its slot since then.
fn begun(shard: &Shard, span: &Key, work: Work) -> Request {
    let own = request(span);
    let is_begun =
        |request: &Request| shard.get(request).is_some_and(|kept| !kept.under_way[work as usize].is_idle());
    let without_slot = (own.0, own.1, 0);
    if !is_begun(&own) && is_begun(&without_slot) { without_slot } else { own }
}

fn keep(shard: &mut Shard, request: Request) -> &mut Kept {
    watch();
    roots::watch();
    if shard.len() >= TRACES
        && !shard.contains_key(&request)
        && let Some((&oldest, _)) = shard.first_key_value()
    {
        remove(shard, oldest);
        report::once(
            "totals of model calls",
            "too many traces are under way: the totals of model calls of one were given up",
        );
    }
    match shard.entry(request) {
        Entry::Occupied(entry) => entry.into_mut(),
        Entry::Vacant(entry) => {
            KEPT.fetch_add(1, Ordering::Relaxed);
            entry.insert(Kept::default())
        }
    }
}

fn request(span: &Key) -> Request {
    (span.trace, span.meta.pipeline(), slots::of_request(span.meta).slot_bits())
}

fn remove(shard: &mut Shard, request: Request) {
    if shard.remove(&request).is_some() {
        KEPT.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Takes what was done so far for a local root that ends now.
///
/// Without a slot of its own the root takes what is in the trace: binding a log field gives a request its slot midway. With
/// one, what has the same slot.
pub(crate) fn take(root: &Key, now: Moment) -> Totals {
    let mut all = Totals::default();
    if KEPT.load(Ordering::Relaxed) == 0 {
        return all;
    }
    let mut finished = Vec::new();
    let mut shard = shard(root.trace);
    for (request, kept) in shard.range_mut(requests(root)) {
        all.add(&std::mem::take(&mut kept.totals));
        WORKS.into_iter().for_each(|work| all.add_time(work, kept.under_way[work as usize].count(now)));
        kept.ended = Some(*root);
        if kept.is_idle() {
            finished.push(*request);
        }
    }
    finished.into_iter().for_each(|request| remove(&mut shard, request));
    all
}

/// What was done so far for a local root.
#[cfg(feature = "http")]
pub(crate) fn used_by(root: &Key) -> Totals {
    let mut all = Totals::default();
    shard(root.trace).range(requests(root)).for_each(|(_, kept)| all.add(&kept.totals));
    all
}

fn requests(root: &Key) -> std::ops::RangeInclusive<Request> {
    let first = request(root);
    first..=if root.meta.has_slot() { first } else { (first.0, first.1, u64::MAX) }
}

/// Writes the totals on a local root that is about to end.
pub(super) fn write(root: &Key, tick: u64) {
    take(root, Moment::of(root, tick)).write_on(root);
}

/// Writes amounts of `span` that came after its local root had ended.
fn write_late(span: &Key, root: &Key, amounts: &Totals) {
    let context = Context::from_owned(OwnedKey::retain(*span));
    let late = Span::with_parent(&LATE, Parent::Of(&context));
    if late.is_recording() {
        let key = late.context().key();
        current::link_on(&key, root);
        amounts.write_on(&key);
    }
}

fn shard(trace: u128) -> MutexGuard<'static, Shard> {
    TOTALS[trace as usize % SHARDS].lock().unwrap_or_else(PoisonError::into_inner)
}

impl Work {
    const fn of(operation: Operation) -> Option<Self> {
        match operation {
            Operation::Tool => Some(Self::Tool),
            Operation::Retrieval | Operation::Rerank => Some(Self::Retrieval),
            _ => None,
        }
    }
}

impl Kept {
    fn is_idle(&self) -> bool {
        self.under_way.iter().all(UnderWay::is_idle)
    }
}

impl Totals {
    fn add_time(&mut self, work: Work, seconds: f64) {
        match work {
            Work::Model => self.model_time += seconds,
            Work::Retrieval => self.retrieval_time += seconds,
            // Tools are functions: what takes time in them is in their spans.
            Work::Tool => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::context::key::Meta;
    use crate::llm::Usage;

    const NOW: Moment = Moment::Count(1);

    fn key(trace: u128, slot: u32) -> Key {
        let meta = Meta::default();
        Key { trace, span: 1, meta: if slot == 0 { meta } else { meta.with_slot(slot, 1) } }
    }

    fn call(input: u64, cost: f64) -> Totals {
        let usage = Usage { input, output: 1, ..Usage::default() };
        Totals { calls: 1, usage, cost: Some(cost), ..Totals::default() }
    }

    #[test]
    fn a_local_root_takes_the_sum_of_its_calls_once() {
        let root = key(0x10, 0);
        add(&root, &call(5, 0.5));
        add(&root, &call(7, 0.25));
        let sum = Totals {
            calls: 2,
            usage: Usage { input: 12, output: 2, ..Usage::default() },
            cost: Some(0.75),
            ..Totals::default()
        };
        assert_eq!(take(&root, NOW), sum);
        assert_eq!(take(&root, NOW), Totals::default());
    }

    #[test]
    fn two_requests_of_one_trace_are_kept_apart_by_their_slots() {
        add(&key(0x20, 3), &call(5, 0.5));
        add(&key(0x20, 4), &call(7, 0.5));
        assert_eq!(take(&key(0x20, 3), NOW), call(5, 0.5));
        assert_eq!(take(&key(0x20, 4), NOW), call(7, 0.5));
    }

    #[test]
    fn a_root_without_a_slot_takes_what_came_after_the_request_got_one() {
        add(&key(0x30, 0), &call(5, 0.5));
        add(&key(0x30, 9), &call(7, 0.5));
        add(&key(0x31, 9), &call(1, 0.5));
        assert_eq!(take(&key(0x30, 0), NOW).calls, 2);
        assert_eq!(take(&key(0x31, 0), NOW).calls, 1);
    }

    #[test]
    fn a_call_that_ends_after_its_local_root_is_told_which_that_was() {
        let (root, call_key) = (key(0x40, 0), Key { span: 2, ..key(0x40, 0) });
        let end = |call: &Totals| end_in(&mut shard(0x40), &call_key, Work::Model, call, NOW);
        expect(&call_key, NOW);
        expect(&call_key, NOW);
        assert_eq!(end(&call(5, 0.5)), None);
        assert_eq!(take(&root, NOW).calls, 1);
        assert_eq!(end(&call(7, 0.5)), Some((root, call(7, 0.5))));
        assert!(!shard(0x40).contains_key(&request(&root)), "nothing is left of the trace");
    }

    #[test]
    fn work_that_began_before_its_request_got_a_slot_ends_where_it_began() {
        let (before, after) = (key(0x50, 0), key(0x50, 7));
        begin(&before, Work::Retrieval, Moment::Count(1000));
        end(&after, Work::Retrieval, &Totals::default(), Moment::Count(1500));
        assert_eq!(take(&before, Moment::Count(9000)).retrieval_time, 0.5);
        assert!(!shard(0x50).contains_key(&request(&before)), "nothing is left of the trace");
    }

    #[test]
    fn roots_that_never_end_do_not_fill_the_memory() {
        // All in one shard of its own.
        let traces = (1..=5000_u128).map(|n| n << 64 | 0xf);
        traces.clone().for_each(|trace| add(&key(trace, 0), &call(1, 0.5)));
        assert!(shard(0xf).len() <= TRACES);
        assert_eq!(take(&key(5000 << 64 | 0xf, 0), NOW).calls, 1, "the newest is kept");
    }
}
