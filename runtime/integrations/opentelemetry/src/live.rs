//! The spans of ours that OpenTelemetry's API has in hand, by their IDs: a context of OpenTelemetry tells no more than those.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};

use opentelemetry::trace::SpanContext;
use throughline::{Context, SpanId, TraceId};

use crate::convert::ids;

type Ids = (TraceId, SpanId);
type Shard = Mutex<HashMap<Ids, Entry>>;

struct Entry {
    context: Context,
    holders: usize,
}

/// So that threads seldom wait for each other.
const SHARDS: usize = 16;

static LIVE: LazyLock<[Shard; SHARDS]> = LazyLock::new(Default::default);

/// Keeps a span to be found, as long as this lives.
#[derive(Debug)]
pub(crate) struct Held(Option<Ids>);

/// Keeps the span of `context` to be found.
pub(crate) fn hold(context: &Context) -> Held {
    let ids = context.trace_id().zip(context.span_id());
    if let Some(ids) = ids {
        let mut shard = shard(&ids);
        shard.entry(ids).or_insert_with(|| Entry { context: context.clone(), holders: 0 }).holders += 1;
    }
    Held(ids)
}

/// The context of the span, where it is one of ours.
pub(crate) fn find(span: &SpanContext) -> Option<Context> {
    let ids = ids(span)?;
    shard(&ids).get(&ids).map(|entry| entry.context.clone())
}

impl Drop for Held {
    fn drop(&mut self) {
        let Some(ids) = self.0 else { return };
        let mut shard = shard(&ids);
        let Some(entry) = shard.get_mut(&ids) else { return };
        entry.holders -= 1;
        if entry.holders == 0 {
            let gone = shard.remove(&ids);
            // What a context owns is freed without the lock.
            drop(shard);
            drop(gone);
        }
    }
}

fn shard((_, span): &Ids) -> MutexGuard<'static, HashMap<Ids, Entry>> {
    let number = span.to_u64();
    let shard = &LIVE[(number ^ number >> 32) as usize % SHARDS];
    shard.lock().unwrap_or_else(PoisonError::into_inner)
}
