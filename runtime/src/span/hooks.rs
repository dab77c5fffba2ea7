//! What other modules want to know of spans, without spans knowing them.
#![cfg_attr(
    not(feature = "llm"),
    allow(dead_code, reason = "sums of what a request did are what is written then")
)]

use std::sync::OnceLock;

use crate::context::key::Key;
use crate::span::open::Open;
use crate::span::{Callsite, Operation, Value, registry};

/// What is called with the key of a span, its operation, and the tick of its begin or end.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Watch {
    pub(crate) begins: fn(&Key, Operation, u64),
    pub(crate) ends: fn(&Key, Operation, u64),
}

/// What is called as recorded spans begin, get attributes and end, where all of them are shown to somebody else.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(
    not(feature = "logs"),
    allow(dead_code, reason = "spans are mirrored to subscribers of `tracing`")
)]
pub(crate) struct Mirror {
    pub(crate) begins: fn(&Open, &'static Callsite),
    pub(crate) sets: fn(&Key, &str, Value<'_>),
    pub(crate) ends: fn(&Key),
}

static LOCAL_ROOT_ENDS: OnceLock<fn(&Key, u32, u64)> = OnceLock::new();
static WATCH: OnceLock<Watch> = OnceLock::new();
static MIRROR: OnceLock<Mirror> = OnceLock::new();

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

/// Tells `mirror` of every recorded span that begins from now on. None of them takes the quick way then. The first one
/// stays.
#[cfg_attr(
    not(feature = "logs"),
    allow(dead_code, reason = "spans are mirrored to subscribers of `tracing`")
)]
pub(crate) fn on_all(mirror: Mirror) {
    let _ = MIRROR.set(mirror);
    registry::watch_all();
}

/// Who is told of all spans.
#[inline]
pub(super) fn mirror() -> Option<&'static Mirror> {
    MIRROR.get()
}

pub(super) fn watched_begins(span: &Key, operation: Operation, tick: u64) {
    if let Some(watch) = WATCH.get().filter(|_| operation.is_watched()) {
        (watch.begins)(span, operation, tick);
    }
}

pub(super) fn watched_ends(span: &Key, operation: Operation, tick: u64) {
    if let Some(watch) = WATCH.get().filter(|_| operation.is_watched()) {
        (watch.ends)(span, operation, tick);
    }
}
