//! The spans of ours that OpenTelemetry's API has in hand, by their IDs: a context of OpenTelemetry tells no more than those.

use std::collections::BTreeMap;
use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};

use opentelemetry::trace::SpanContext;
use throughline::{Context, SpanId, TraceId};

use crate::convert::ids;

/// The IDs, and the pipeline, for IDs of tests are not unique.
type Name = (TraceId, SpanId, u32);
type Shard = BTreeMap<Name, Entry>;

struct Entry {
    context: Context,
    holders: usize,
}

/// So that threads seldom wait for each other.
const SHARDS: usize = 16;

static LIVE: LazyLock<[Mutex<Shard>; SHARDS]> = LazyLock::new(Default::default);

/// Keeps a span to be found, as long as this lives.
#[derive(Debug)]
pub(crate) struct Held(Option<Name>);

/// Keeps the span of `context` to be found.
pub(crate) fn hold(context: &Context) -> Held {
    let ids = context.trace_id().zip(context.span_id());
    let name = ids.map(|(trace, span)| (trace, span, context.pipeline()));
    if let Some(name) = name {
        let mut shard = shard(name.1);
        shard.entry(name).or_insert_with(|| Entry { context: context.clone(), holders: 0 }).holders += 1;
    }
    Held(name)
}

/// The context of the span, where it is one of ours: of the pipeline that is current, if there are several.
pub(crate) fn find(span: &SpanContext) -> Option<Context> {
    let (trace, span) = ids(span)?;
    let pipeline = Context::current().pipeline();
    let shard = shard(span);
    let here = shard.get(&(trace, span, pipeline));
    let anywhere = || shard.range((trace, span, 0)..=(trace, span, u32::MAX)).next().map(|(_, entry)| entry);
    here.or_else(anywhere).map(|entry| entry.context.clone())
}

impl Drop for Held {
    fn drop(&mut self) {
        let Some(name) = self.0 else { return };
        let mut shard = shard(name.1);
        let Some(entry) = shard.get_mut(&name) else { return };
        entry.holders -= 1;
        if entry.holders == 0 {
            let gone = shard.remove(&name);
            // What a context owns is freed without the lock.
            drop(shard);
            drop(gone);
        }
    }
}

fn shard(span: SpanId) -> MutexGuard<'static, Shard> {
    let number = span.to_u64();
    let shard = &LIVE[(number ^ number >> 32) as usize % SHARDS];
    shard.lock().unwrap_or_else(PoisonError::into_inner)
}
