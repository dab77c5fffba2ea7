//! What other modules want to know of spans, without spans knowing them.
#![cfg_attr(
    not(feature = "llm"),
    allow(dead_code, reason = "sums of what a request did are what is written then")
)]

use std::sync::OnceLock;

use crate::context::key::Key;
use crate::span::Operation;

/// What is called with the key of a span, its operation, and the tick of its begin or end.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Watch {
    pub(crate) begins: fn(&Key, Operation, u64),
    pub(crate) ends: fn(&Key, Operation, u64),
}

static LOCAL_ROOT_ENDS: OnceLock<fn(&Key, u32, u64)> = OnceLock::new();
static WATCH: OnceLock<Watch> = OnceLock::new();

/// Calls `hook` with the key and the number of the callsite of every recorded local root just before it ends, and the tick of
/// that: the last moment to write attributes on it. The first hook stays.
pub(crate) fn on_local_root_end(hook: fn(&Key, u32, u64)) {
    let _ = LOCAL_ROOT_ENDS.set(hook);
}

#[inline]
pub(crate) fn local_root_ends(root: &Key, callsite: u32, tick: u64) {
    if let Some(hook) = LOCAL_ROOT_ENDS.get() {
        hook(root, callsite, tick);
    }
}

/// Whether there is a hook.
#[inline]
pub(crate) fn is_root_awaited() -> bool {
    LOCAL_ROOT_ENDS.get().is_some()
}

/// Tells `watch` of every recorded span of an operation that is watched, unless it is a local root. The first one stays.
pub(crate) fn on_watched(watch: Watch) {
    let _ = WATCH.set(watch);
}

pub(super) fn watched_begins(span: &Key, operation: Operation, tick: u64) {
    if let Some(watch) = WATCH.get() {
        (watch.begins)(span, operation, tick);
    }
}

pub(super) fn watched_ends(span: &Key, operation: Operation, tick: u64) {
    if let Some(watch) = WATCH.get() {
        (watch.ends)(span, operation, tick);
    }
}
