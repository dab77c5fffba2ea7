//! The current context of this thread.

use std::cell::Cell;

use crate::context::key::{Key, Meta};
use crate::context::{Request, slots};
use crate::local;

/// What a thread knows of the current context.
pub(crate) struct Current {
    pub(crate) trace: Cell<u128>,
    pub(crate) span: Cell<u64>,
    pub(crate) meta: Cell<Meta>,
    /// The fingerprint of the context under which the nearest enclosing wrapper was created.
    pub(crate) created_under: Cell<u64>,
    /// Counts the span IDs of this thread, from a random start. It is 0 before the first, and for ever where ticks take
    /// more than reading a counter: one check tells whether the quick way is open.
    pub(crate) span_count: Cell<u64>,
    /// Whether the thread's log has named the current trace last, so that a span of it needs no more than its own record.
    /// The log says so; whoever makes another trace current takes it back.
    is_logged: Cell<bool>,
}

#[inline(always)]
pub(crate) fn with<R>(f: impl FnOnce(&Current) -> R) -> R {
    local::with(|local| f(&local.current))
}

/// The current key.
#[inline]
pub(crate) fn get() -> Key {
    with(Current::key)
}

/// Makes `key` current and returns the one before.
#[inline]
pub(crate) fn replace(key: Key) -> Key {
    with(|current| current.replace(key))
}

impl Current {
    pub(crate) const fn new() -> Self {
        Self {
            trace: Cell::new(0),
            span: Cell::new(0),
            meta: Cell::new(Meta(0)),
            created_under: Cell::new(0),
            span_count: Cell::new(0),
            is_logged: Cell::new(false),
        }
    }

    #[inline]
    pub(crate) fn key(&self) -> Key {
        Key { trace: self.trace.get(), span: self.span.get(), meta: self.meta.get() }
    }

    /// Whether a record of the current trace can follow in this thread's log without naming it.
    #[inline]
    pub(crate) fn is_logged(&self) -> bool {
        self.is_logged.get()
    }

    /// Only for the log.
    #[inline]
    pub(crate) fn set_logged(&self, is_logged: bool) {
        self.is_logged.set(is_logged);
    }

    #[inline]
    pub(crate) fn set(&self, key: Key) {
        self.is_logged.set(false);
        self.trace.set(key.trace);
        self.span.set(key.span);
        self.meta.set(key.meta);
    }

    #[inline]
    pub(crate) fn replace(&self, key: Key) -> Key {
        let before = self.key();
        self.set(key);
        before
    }
}

/// What a context that comes from outside begins with: the pipeline of the code now running, which inside a test is the
/// test's own, with IDs and times that count.
pub(crate) fn meta_for_new_work() -> Meta {
    Meta(get().meta.0 & (Meta::PIPELINE_MASK | Meta::DETERMINISTIC))
}

/// Changes what the current request carries. Work that so far needed no slot gets one; the scope that made the context
/// current (a guard, a wrapper, a root span) owns it from its end on, see [`settle`]. `None` when nothing is current.
pub(crate) fn with_request<R>(f: impl FnOnce(&mut Request) -> R) -> Option<R> {
    let key = get();
    if key.is_empty() {
        return None;
    }
    if !key.meta.has_slot() {
        let meta = slots::insert(key.meta, Request::default());
        with(|current| current.meta.set(meta));
    }
    slots::with(get().meta, f)
}

/// Called when a scope has ended and what was current before it is again: with the key that was current inside and the
/// key that the scope had set. A slot that was made inside has no other owner, and is passed on. Under the span of another
/// scope, which goes on longer than it should, the slot may be that scope's.
pub(crate) fn settle(inside: Key, own: Key) {
    let is_made_inside = inside.meta.has_slot() && inside.meta.slot_bits() != own.meta.slot_bits();
    if !is_made_inside || inside.trace != own.trace || inside.span != own.span {
        return;
    }
    pass_on(inside);
}

/// Called when a scope that goes on has taken over the slot that was made inside of it: an outer scope has it too, so that what
/// comes after it in there knows what was bound.
pub(crate) fn share_slot(inside: Key) {
    if slots::retain(inside.meta) {
        pass_on(inside);
    }
}

/// An outer scope of the same trace that has no slot goes on with that of `inside`, otherwise it is released.
fn pass_on(inside: Key) {
    let now = get();
    if now.trace == inside.trace && now.span != 0 && !now.meta.has_slot() {
        let meta = now.meta.with_slot(inside.meta.slot(), inside.meta.generation());
        with(|current| current.meta.set(meta));
    } else {
        slots::release(inside.meta);
    }
}

/// The key of work for the telemetry itself: of no pipeline, so that nothing of it is recorded.
pub(crate) const SUPPRESSED: Key = Key { meta: Meta(0).with_pipeline(Meta::NO_PIPELINE), ..Key::EMPTY };

/// From now on this thread records nothing: it works for the telemetry itself.
pub(crate) fn suppress() {
    replace(SUPPRESSED);
}
