//! What local roots get when they end: the totals of their calls, and whom the request was for.
//!
//! A root that has a slot finds there what was said. One without does not know of the slot that its request got midway, so
//! that is kept here, by trace, until the root ends.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, Once, PoisonError};

use crate::context::identity::Identity;
use crate::context::key::Key;
use crate::context::slots;
use crate::llm::{identity, totals};
use crate::span::{hooks, registry};

const SHARDS: usize = 16;
/// More than this in one shard: the oldest trace makes way, which is one whose root ended long ago or never.
const TRACES: usize = 1024;

/// By trace, and by pipeline, for IDs of tests are not unique.
type Shard = BTreeMap<(u128, u32), Arc<Identity>>;

static SAID: [Mutex<Shard>; SHARDS] = [const { Mutex::new(BTreeMap::new()) }; SHARDS];

/// From now on local roots tell when they end.
pub(super) fn watch() {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| hooks::on_local_root_end(end));
}

/// Keeps what was said of the request of `span` for its local root.
pub(super) fn tell(span: &Key, said: &Arc<Identity>) {
    if span.trace == 0 {
        return;
    }
    let mut shard = shard(span.trace);
    shard.insert(request(span), Arc::clone(said));
    if shard.len() > TRACES {
        shard.pop_first();
    }
}

/// A local root is about to end.
fn end(root: &Key, callsite: u32, tick: u64) {
    totals::write(root, tick);
    if !identity::is_in_use() {
        return;
    }
    let kept = shard(root.trace).remove(&request(root));
    let said = if root.meta.has_slot() { slots::identity(root.meta) } else { kept.as_deref().cloned() };
    if let (Some(said), Some(callsite)) = (said, registry::get(callsite)) {
        identity::write_on_root(root, callsite, &said);
    }
}

fn request(span: &Key) -> (u128, u32) {
    (span.trace, span.meta.pipeline())
}

fn shard(trace: u128) -> MutexGuard<'static, Shard> {
    SAID[trace as usize % SHARDS].lock().unwrap_or_else(PoisonError::into_inner)
}
