//! What the model calls of a local root add up to.
//!
//! Kept by trace and by slot of the request until the local root ends, which takes them. Slots keep apart the requests
//! of one trace that a process works on at the same time.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, Once, PoisonError};

use crate::context::key::Key;
use crate::llm::Usage;
use crate::report;
use crate::semconv;
use crate::span::{Value, current, hooks};

const SHARDS: usize = 16;
/// More traces than this in one shard: the oldest makes way, which is one whose root ended long ago or never.
const TRACES: usize = 1024;

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

type Shard = Mutex<BTreeMap<(u128, u64), Totals>>;

/// How many are kept: local roots that end where there is nothing to take need not look.
static KEPT: AtomicUsize = AtomicUsize::new(0);

static TOTALS: [Shard; SHARDS] = [const { Mutex::new(BTreeMap::new()) }; SHARDS];

/// Adds what a call of the request of `span` used.
pub(crate) fn add(span: &Key, amounts: &Totals) {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| hooks::on_local_root_end(write));
    let mut shard = shard(span.trace);
    let before = shard.len();
    if before >= TRACES && shard.pop_first().is_some() {
        report::once(
            "llm.totals",
            "the totals of model calls of a trace were given up: too many are under way",
        );
    }
    shard.entry((span.trace, span.meta.slot_bits())).or_default().add(amounts);
    KEPT.fetch_add(shard.len().saturating_sub(before), Ordering::Relaxed);
}

/// Takes what the calls of a local root have used so far.
///
/// Without a slot of its own the root takes what is in the trace: binding a log field gives a request its slot midway. With
/// one, what has the same slot.
pub(crate) fn take(root: &Key) -> Option<Totals> {
    if KEPT.load(Ordering::Relaxed) == 0 {
        return None;
    }
    let slot = root.meta.slot_bits();
    let last = if slot == 0 { u64::MAX } else { slot };
    let mut shard = shard(root.trace);
    let mut all: Option<Totals> = None;
    while let Some((&key, totals)) = shard.range((root.trace, slot)..=(root.trace, last)).next() {
        all.get_or_insert_default().add(totals);
        shard.remove(&key);
        KEPT.fetch_sub(1, Ordering::Relaxed);
    }
    all
}

/// Writes the totals on a local root that is about to end.
fn write(root: &Key) {
    let Some(totals) = take(root) else { return };
    current::set_all_on(
        root,
        &[
            (semconv::LLM_TOTAL_CALLS, Value::U64(totals.calls)),
            (semconv::LLM_TOTAL_INPUT_TOKENS, Value::U64(totals.usage.input)),
            (semconv::LLM_TOTAL_OUTPUT_TOKENS, Value::U64(totals.usage.output)),
            (semconv::LLM_TOTAL_COST, some(totals.calls > totals.unpriced, Value::F64(totals.cost))),
            (semconv::LLM_TOTAL_UNPRICED_CALLS, some(totals.unpriced > 0, Value::U64(totals.unpriced))),
        ],
    );
}

fn some(is_known: bool, value: Value<'_>) -> Value<'_> {
    if is_known { value } else { Value::Empty }
}

fn shard(trace: u128) -> MutexGuard<'static, BTreeMap<(u128, u64), Totals>> {
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
    fn roots_that_never_end_do_not_fill_the_memory() {
        // All in one shard of its own.
        let traces = (1..=5000_u128).map(|n| n << 64 | 0xf);
        traces.clone().for_each(|trace| add(&key(trace, 0), &call(1, 0.5)));
        assert!(shard(0xf).len() <= TRACES);
        assert!(take(&key(5000 << 64 | 0xf, 0)).is_some(), "the newest is kept");
    }
}
