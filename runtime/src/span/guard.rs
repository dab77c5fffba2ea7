//! The span of a sync function: from here to the end of the scope.

use std::marker::PhantomData;

use crate::collect;
use crate::collect::record::marks;
use crate::context::current::{self, Current};
use crate::context::key::{Key, Meta};
use crate::span::open::{self, Open, Parent};
use crate::span::{Callsite, registry};

/// The span of a sync function: it ends when the guard is dropped.
#[derive(Debug)]
#[must_use = "the span ends when this guard is dropped"]
pub struct Guard {
    /// What was current before.
    before: Key,
    /// The span; its `callsite` is 0 when there is none.
    open: Open,
    panicking: bool,
    /// Belongs to the thread it was made on.
    not_send: PhantomData<*const ()>,
}

/// Starts a span under the current one.
#[inline]
pub fn enter(callsite: &'static Callsite) -> Guard {
    if collect::is_off() {
        return Guard::NONE;
    }
    current::with(|current| {
        let before = current.key();
        if open::is_plain_child(&before) {
            return match registry::number(callsite) {
                Some(number) => Guard::open_child(current, before, Open::child(&before, number)),
                None => Guard::NONE,
            };
        }
        if open::is_unrecorded_child(&before) {
            return Guard::NONE;
        }
        enter_under(callsite, before)
    })
}

/// Starts a span under `parent`.
pub fn enter_with(callsite: &'static Callsite, parent: Parent<'_>) -> Guard {
    enter_under(callsite, open::parent_key(parent))
}

#[inline(never)]
fn enter_under(callsite: &'static Callsite, parent: Key) -> Guard {
    match open::start(callsite, &parent) {
        None => Guard::NONE,
        Some(open) => current::with(|current| {
            let mut guard = Guard::of(open);
            guard.before = current.replace(open.key);
            guard
        }),
    }
}

impl Guard {
    const NONE: Self = Self { before: Key::EMPTY, open: Open::NONE, panicking: false, not_send: PhantomData };

    #[inline]
    fn of(open: Open) -> Self {
        Self { before: Key::EMPTY, open, panicking: std::thread::panicking(), not_send: PhantomData }
    }

    #[inline]
    fn open_child(current: &Current, before: Key, open: Open) -> Self {
        current.span.set(open.key.span);
        current.meta.set(open.key.meta);
        let mut guard = Self::of(open);
        guard.before = before;
        guard
    }

    /// Whether the span is recorded: whether it is worth computing values for it.
    #[inline]
    pub fn is_recording(&self) -> bool {
        self.open.recorded
    }

    #[inline]
    fn end(&self) {
        let panicked = std::thread::panicking() && !self.panicking;
        let mut marks = if panicked { marks::PANICKED } else { 0 };
        current::with(|current| {
            let inside = current.meta.get();
            marks |= marks::shared(inside);
            if (inside.0 ^ self.open.key.meta.0) & !Meta::SHARED == 0 && !self.open.is_local_root() {
                // Restores what a guard that was leaked inside may have changed, too.
                current.set(self.before);
            } else {
                self.leave(current);
            }
        });
        self.open.end(marks);
    }

    /// The rare ends: of roots, and of spans under which something was bound to the request.
    #[cold]
    #[inline(never)]
    fn leave(&self, current: &Current) {
        let inside = current.key();
        let mut before = self.before;
        if inside.trace == before.trace && inside.meta.has_slot() && !before.meta.has_slot() {
            // The outer scope of the same trace goes on with what was bound, and owns it.
            before.meta = before.meta.with_slot(inside.meta.slot(), inside.meta.generation());
        } else {
            current::settle(inside, self.open.key);
        }
        current.set(before);
    }
}

impl Drop for Guard {
    #[inline]
    fn drop(&mut self) {
        if self.open.callsite != 0 {
            self.end();
        }
    }
}
