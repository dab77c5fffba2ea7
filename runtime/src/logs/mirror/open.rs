//! The spans of `tracing` that stand for those of ours that have not ended.

use std::collections::HashMap;
use std::hash::BuildHasherDefault;
use std::sync::{Arc, Mutex, PoisonError};

use tracing::Span;
use tracing::field::{Value as TracingValue, debug};
use tracing_core::Field;

use crate::context;
use crate::context::key::Key;
use crate::id::SpanIdHasher;
use crate::logs::mirror::at_work::working;
use crate::logs::mirror::callsites;
use crate::logs::mirror::shown::{Shown, Watching};
use crate::span::open::Open;
use crate::span::{Callsite, Value};

type Shard = HashMap<u64, Arc<Shown>, BuildHasherDefault<SpanIdHasher>>;

const SHARDS: usize = 16;
/// More spans than this that have not ended in one shard: new ones are not mirrored.
const MOST: usize = 4096;

static OPEN: [Mutex<Option<Shard>>; SHARDS] = [const { Mutex::new(None) }; SHARDS];

/// A span of ours has begun.
pub(super) fn begin(open: &Open, callsite: &'static Callsite) {
    let key = open.key;
    let here = Watching::here();
    if here == Watching::Nobody {
        return;
    }
    // An ID says nothing to another subscriber.
    let parent = of(&Key { span: open.parent, ..key }).filter(|parent| parent.watching() == here);
    let span = working(key, || {
        let metadata = callsites::of(callsite).wanted()?;
        let values: [(&Field, Option<&dyn TracingValue>); 0] = [];
        let values = metadata.fields().value_set(&values);
        Some(match &parent {
            Some(parent) => Span::child_of(parent.span.id(), metadata, &values),
            None if open.is_local_root() => Span::new_root(metadata, &values),
            // Of a library, of another subscriber, or not wanted.
            None => Span::new(metadata, &values),
        })
    });
    let Some(Some(span)) = span else { return };
    if open.is_local_root() {
        let ids = [
            (callsites::TRACE_ID, key.trace_id().map(|id| id.to_string())),
            (callsites::REQUEST_ID, context::request_id(key).map(|id| id.to_string())),
        ];
        for (name, id) in ids {
            if let Some(id) = id {
                let _ = working(key, || span.record(name, id));
            }
        }
    }
    let shown = Arc::new(Shown { key, span });
    let insert =
        |shard: &mut Shard| (shard.len() < MOST).then(|| shard.insert(number(&key), Arc::clone(&shown)));
    // What is dropped is dropped outside of the lock.
    let _before = with(&key, insert);
}

/// A span of ours got an attribute. What is not declared, nobody can be told.
pub(super) fn set(key: &Key, name: &str, value: Value<'_>) {
    let Some(shown) = of(key).filter(|shown| shown.span.has_field(name)) else { return };
    let span = &shown.span;
    let _ = working(*key, || match value {
        Value::Empty => span,
        Value::Bool(value) => span.record(name, value),
        Value::I64(value) => span.record(name, value),
        Value::U64(value) => span.record(name, value),
        Value::I128(value) => span.record(name, *value),
        Value::U128(value) => span.record(name, *value),
        Value::F64(value) => span.record(name, value),
        Value::Str(value) => span.record(name, value),
        Value::Array(values) => span.record(name, debug(values)),
    });
}

/// A span of ours has ended.
pub(super) fn end(key: &Key) {
    // Dropped outside of the lock.
    let _shown = with(key, |shard| shard.remove(&number(key)));
}

/// What stands for the span with this key.
pub(super) fn of(key: &Key) -> Option<Arc<Shown>> {
    if key.span == 0 {
        return None;
    }
    with(key, |shard| shard.get(&number(key)).cloned())
}

/// Span IDs of tests count up in each pipeline.
fn number(key: &Key) -> u64 {
    key.span ^ u64::from(key.meta.pipeline()) << 48
}

fn with<R>(key: &Key, change: impl FnOnce(&mut Shard) -> R) -> R {
    let mut shard = OPEN[number(key) as usize % SHARDS].lock().unwrap_or_else(PoisonError::into_inner);
    change(shard.get_or_insert_default())
}
