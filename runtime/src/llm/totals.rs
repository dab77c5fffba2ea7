//! What the model calls of a local root add up to.
//!
//! Kept by trace and by slot of the request until the local root ends, which takes them. Slots keep apart the requests
//! of one trace that a process works on at the same time. Calls that end after their local root say so in a span of their
//! own, linked to it: together they are the sum.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::Context;
use crate::context::key::Key;
use crate::context::owned::OwnedKey;
use crate::context::slots;
use crate::llm::{Usage, roots};
use crate::report;
use crate::semconv;
use crate::span::{Callsite, Parent, Span, Value, current};

const SHARDS: usize = 16;
/// More than this in one shard: the oldest trace makes way, which is one whose root ended long ago or never.
const TRACES: usize = 1024;

/// The span of what is used after the local root has ended.
static LATE: Callsite = Callsite::new("llm totals", module_path!(), file!(), line!(), &[]);

/// Sums of model calls.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Totals {
    pub(crate) calls: u64,
    pub(crate) usage: Usage,
    /// US dollars.
    pub(crate) cost: f64,
    /// How many of the calls have no known cost.
    pub(crate) unpriced: u64,
}

/// The sums of one request of a trace.
#[derive(Debug, Default)]
struct Kept {
    totals: Totals,
    /// Calls that are under way and will tell.
    under_way: u32,
    /// The local root, once it has ended.
    ended: Option<Key>,
}

/// By trace, by pipeline, for IDs of tests are not unique, and by slot.
type Shard = BTreeMap<Request, Kept>;
type Request = (u128, u32, u64);

/// How many are kept: local roots that end where there is nothing to take need not look.
static KEPT: AtomicUsize = AtomicUsize::new(0);

static TOTALS: [Mutex<Shard>; SHARDS] = [const { Mutex::new(BTreeMap::new()) }; SHARDS];

/// A call of the request of `span` is under way, which [`add_last`] will end.
pub(crate) fn expect(span: &Key) {
    keep(&mut shard(span.trace), span).under_way += 1;
}

/// Adds what a call of the request of `span` used.
pub(crate) fn add(span: &Key, amounts: &Totals) {
    keep(&mut shard(span.trace), span).totals.add(amounts);
}

/// Adds what a call that was expected used until its end.
pub(crate) fn add_last(span: &Key, amounts: &Totals) {
    if let Some(root) = add_last_in(&mut shard(span.trace), span, amounts) {
        write_late(span, &root, amounts);
    }
}

/// The local root, where it has ended: then the amounts are not kept.
fn add_last_in(shard: &mut Shard, span: &Key, amounts: &Totals) -> Option<Key> {
    let kept = keep(shard, span);
    kept.under_way = kept.under_way.saturating_sub(1);
    let Some(root) = kept.ended else {
        kept.totals.add(amounts);
        return None;
    };
    if kept.under_way == 0 {
        remove(shard, request(span));
    }
    Some(root)
}

fn keep<'a>(shard: &'a mut Shard, span: &Key) -> &'a mut Kept {
    roots::watch();
    let key = request(span);
    if shard.len() >= TRACES
        && !shard.contains_key(&key)
        && let Some((&oldest, _)) = shard.first_key_value()
    {
        remove(shard, oldest);
        report::once(
            "llm.totals",
            "too many traces are under way: the totals of model calls of one were given up",
        );
    }
    match shard.entry(key) {
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

fn remove(shard: &mut Shard, key: Request) {
    if shard.remove(&key).is_some() {
        KEPT.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Takes what the calls of a local root have used so far.
///
/// Without a slot of its own the root takes what is in the trace: binding a log field gives a request its slot midway. With
/// one, what has the same slot.
pub(crate) fn take(root: &Key) -> Option<Totals> {
    if KEPT.load(Ordering::Relaxed) == 0 {
        return None;
    }
    let first = request(root);
    let last = if first.2 == 0 { (first.0, first.1, u64::MAX) } else { first };
    let mut all = Totals::default();
    let mut finished = Vec::new();
    let mut shard = shard(root.trace);
    for (key, kept) in shard.range_mut(first..=last) {
        all.add(&std::mem::take(&mut kept.totals));
        kept.ended = Some(*root);
        if kept.under_way == 0 {
            finished.push(*key);
        }
    }
    finished.into_iter().for_each(|key| remove(&mut shard, key));
    (all.calls > 0).then_some(all)
}

/// Writes the totals on a local root that is about to end.
pub(super) fn write(root: &Key) {
    if let Some(totals) = take(root) {
        write_on(root, &totals);
    }
}

/// Writes amounts of `span` that came after its local root had ended.
fn write_late(span: &Key, root: &Key, amounts: &Totals) {
    let context = Context::from_owned(OwnedKey::retain(*span));
    let late = Span::with_parent(&LATE, Parent::Of(&context));
    if late.is_recording() {
        let key = late.context().key();
        current::link_on(&key, root);
        write_on(&key, amounts);
    }
}

fn write_on(span: &Key, totals: &Totals) {
    current::set_all_on(
        span,
        &[
            (semconv::LLM_TOTAL_CALLS, Value::U64(totals.calls)),
            (semconv::LLM_TOTAL_INPUT_TOKENS, Value::U64(totals.usage.input)),
            (semconv::LLM_TOTAL_OUTPUT_TOKENS, Value::U64(totals.usage.output)),
            (semconv::LLM_TOTAL_COST, some(totals.cost > 0.0, Value::F64(totals.cost))),
            (semconv::LLM_TOTAL_UNPRICED_CALLS, some(totals.unpriced > 0, Value::U64(totals.unpriced))),
        ],
    );
}

fn some(is_known: bool, value: Value<'_>) -> Value<'_> {
    if is_known { value } else { Value::Empty }
}

fn shard(trace: u128) -> MutexGuard<'static, Shard> {
    TOTALS[trace as usize % SHARDS].lock().unwrap_or_else(PoisonError::into_inner)
}

impl Totals {
    /// What was added to `earlier` to come to this.
    pub(crate) fn since(&self, earlier: &Self) -> Self {
        Self {
            calls: self.calls.saturating_sub(earlier.calls),
            usage: self.usage.minus(earlier.usage),
            cost: self.cost - earlier.cost,
            unpriced: self.unpriced.saturating_sub(earlier.unpriced),
        }
    }

    pub(crate) fn add(&mut self, other: &Self) {
        self.calls = self.calls.saturating_add(other.calls);
        self.usage = self.usage.plus(other.usage);
        self.cost += other.cost;
        self.unpriced = self.unpriced.saturating_add(other.unpriced);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::context::key::Meta;

    fn key(trace: u128, slot: u32) -> Key {
        let meta = Meta::default();
        Key { trace, span: 1, meta: if slot == 0 { meta } else { meta.with_slot(slot, 1) } }
    }

    fn call(input: u64, cost: f64) -> Totals {
        Totals { calls: 1, usage: Usage { input, output: 1, ..Usage::default() }, cost, unpriced: 0 }
    }

    #[test]
    fn a_local_root_takes_the_sum_of_its_calls_once() {
        let root = key(0x10, 0);
        add(&root, &call(5, 0.5));
        add(&root, &call(7, 0.25));
        let sum = Totals {
            calls: 2,
            usage: Usage { input: 12, output: 2, ..Usage::default() },
            cost: 0.75,
            unpriced: 0,
        };
        assert_eq!(take(&root), Some(sum));
        assert_eq!(take(&root), None);
    }

    #[test]
    fn two_requests_of_one_trace_are_kept_apart_by_their_slots() {
        add(&key(0x20, 3), &call(5, 0.5));
        add(&key(0x20, 4), &call(7, 0.5));
        assert_eq!(take(&key(0x20, 3)), Some(call(5, 0.5)));
        assert_eq!(take(&key(0x20, 4)), Some(call(7, 0.5)));
    }

    #[test]
    fn a_root_without_a_slot_takes_what_came_after_the_request_got_one() {
        add(&key(0x30, 0), &call(5, 0.5));
        add(&key(0x30, 9), &call(7, 0.5));
        add(&key(0x31, 9), &call(1, 0.5));
        assert_eq!(take(&key(0x30, 0)).map(|totals| totals.calls), Some(2));
        assert_eq!(take(&key(0x31, 0)).map(|totals| totals.calls), Some(1));
    }

    #[test]
    fn a_call_that_ends_after_its_local_root_is_told_which_that_was() {
        let (root, call_key) = (key(0x40, 0), Key { span: 2, ..key(0x40, 0) });
        expect(&call_key);
        expect(&call_key);
        assert_eq!(add_last_in(&mut shard(0x40), &call_key, &call(5, 0.5)), None);
        assert_eq!(take(&root).map(|totals| totals.calls), Some(1));
        assert_eq!(add_last_in(&mut shard(0x40), &call_key, &call(7, 0.5)), Some(root));
        assert!(!shard(0x40).contains_key(&request(&root)), "nothing is left of the trace");
    }

    #[test]
    fn roots_that_never_end_do_not_fill_the_memory() {
        // All in one shard of its own.
        let traces = (1..=5000_u128).map(|n| n << 64 | 0xf);
        traces.clone().for_each(|trace| add(&key(trace, 0), &call(1, 0.5)));
        assert!(shard(0xf).len() <= TRACES);
        assert!(take(&key(5000 << 64 | 0xf, 0)).is_some(), "the newest is kept");
    }
}
