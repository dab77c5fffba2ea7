//! What a future or stream carries: the context it was created under, then the span that it opened.

use crate::clock;
use crate::collect::record::marks;
use crate::collect::{ids, log};
use crate::context::current;
use crate::context::key::Key;
use crate::context::owned::OwnedKey;
use crate::span::open::{self, Open};
use crate::span::{Callsite, registry};

/// 64 bytes that a wrapped future grows by.
#[derive(Debug)]
pub(crate) struct Scope {
    /// Until it is opened, the context it was created under; then its own.
    key: OwnedKey,
    /// The fingerprint of the context it was created under, once it is open.
    created_under: u64,
    parent: u64,
    start: u64,
    callsite: u32,
    state: State,
    marks: u8,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Not polled yet.
    New,
    /// Not polled yet, with a parent that was given.
    Placed,
    /// It has a span that is recorded.
    Recorded,
    /// It carries a context, without a record of its own.
    Carried,
    /// There is nothing to carry.
    Nothing,
    /// It has ended.
    Ended,
}

/// The context of a scope is current until it is [left](Self::leave). Dropped without that, it is left by a panic.
#[must_use]
struct Inside<'a> {
    scope: &'a mut Scope,
    before: Key,
    created_under: u64,
}

impl Scope {
    /// Of an annotated function: takes the current context now; the span begins at first poll.
    #[inline]
    pub(crate) fn of_call(callsite: &'static Callsite) -> Self {
        let key = OwnedKey::retain(current::get());
        Self { callsite: registry::number(callsite).unwrap_or(0), ..Self::new(key, State::New) }
    }

    /// Of a function whose parent was given.
    pub(crate) fn of_call_under(callsite: &'static Callsite, parent: Key) -> Self {
        let key = OwnedKey::retain(parent);
        Self { callsite: registry::number(callsite).unwrap_or(0), ..Self::new(key, State::Placed) }
    }

    /// Of a span that has begun.
    pub(crate) fn of_span(open: &Open, key: OwnedKey) -> Self {
        let state = if open.recorded { State::Recorded } else { State::Carried };
        Self {
            created_under: current::get().fingerprint(),
            parent: open.parent,
            start: open.start,
            callsite: open.callsite,
            marks: open.marks | marks::SHARED,
            ..Self::new(key, state)
        }
    }

    /// Of a context that is only carried.
    pub(crate) fn of_context(key: OwnedKey) -> Self {
        Self { created_under: current::get().fingerprint(), ..Self::new(key, State::Carried) }
    }

    fn new(key: OwnedKey, state: State) -> Self {
        Self { key, created_under: 0, parent: 0, start: 0, callsite: 0, state, marks: 0 }
    }

    /// Makes its context current; opens its span if that has not happened. `None` when there is nothing to carry.
    #[inline]
    fn enter(&mut self) -> Option<Inside<'_>> {
        if self.state == State::Recorded {
            self.marks |= marks::SHARED;
        } else if self.state == State::Placed || (self.state == State::New && !self.quick_open()) {
            self.open();
        }
        if !matches!(self.state, State::Recorded | State::Carried) {
            return None;
        }
        current::with(|current| {
            let before = current.replace(self.key.key());
            let created_under = current.created_under.replace(self.created_under);
            Some(Inside { scope: self, before, created_under })
        })
    }

    /// Opens the span of a future that is polled under the context it was created under, as one that is awaited at once:
    /// the usual case. Otherwise does nothing.
    #[inline]
    fn quick_open(&mut self) -> bool {
        current::with(|current| {
            let parent = self.key.key();
            let is_same = current.span.get() == parent.span && current.meta.get() == parent.meta;
            if !is_same || !open::is_plain_child(parent.meta) || self.callsite == 0 {
                return false;
            }
            let Some(span) = ids::quick_span(current) else { return false };
            self.created_under = parent.fingerprint();
            self.parent = parent.span;
            self.start = clock::quick_tick();
            self.state = State::Recorded;
            self.key.change(Key { span, ..parent });
            true
        })
    }

    /// Calls `f` inside of the scope, and tells it whether there is a span that is recorded.
    #[inline]
    pub(crate) fn inside<R>(&mut self, f: impl FnOnce(bool) -> R) -> R {
        let Some(inside) = self.enter() else { return f(false) };
        let result = f(inside.scope.is_recorded());
        inside.leave();
        result
    }

    /// Ends the scope of a future that is dropped: `drop_it` drops what the future holds, inside of the scope.
    pub(crate) fn abandon(&mut self, drop_it: impl FnOnce()) {
        if matches!(self.state, State::Recorded | State::Carried) {
            self.inside(|_| drop_it());
        }
        let panicked = self.marks & marks::PANICKED != 0;
        self.end(if panicked { 0 } else { marks::CANCELLED });
    }

    /// Takes as parent the context it was created under, or, when that is the one under which the nearest enclosing
    /// wrapper was created (or none), the wrapper's.
    #[cold]
    #[inline(never)]
    fn open(&mut self) {
        let captured = self.key.key();
        let (now, enclosing) = current::with(|current| (current.key(), current.created_under.get()));
        let is_placed = self.state == State::Placed;
        let follows_wrapper = !is_placed && (captured.is_empty() || captured.fingerprint() == enclosing);
        let has_pipeline = now.meta.pipeline() != 0 || captured.meta.pipeline() == 0;
        let parent = if follows_wrapper && (has_pipeline || !now.is_empty()) { now } else { captured };
        self.created_under = captured.fingerprint();
        if parent.meta.slot_bits() != captured.meta.slot_bits() {
            self.key = OwnedKey::retain(parent);
        }
        let started = if self.callsite == 0 { None } else { open::start_numbered(self.callsite, &parent) };
        match started {
            Some(open) => {
                self.key.change(open.key);
                self.parent = open.parent;
                self.start = open.start;
                self.marks = open.marks;
                self.state = if open.recorded { State::Recorded } else { State::Carried };
            }
            None => {
                self.key.change(parent);
                let nothing = parent.is_empty() && parent.meta.pipeline() == 0;
                self.state = if nothing { State::Nothing } else { State::Carried };
            }
        }
    }

    /// Whether it has a span that is recorded.
    #[inline]
    pub(crate) fn is_recorded(&self) -> bool {
        self.state == State::Recorded
    }

    /// Ends its span.
    #[inline]
    pub(crate) fn end(&mut self, marks: u8) {
        if self.state == State::Recorded && !self.quick_end(marks) {
            self.open_span().end(marks);
        }
        self.state = State::Ended;
    }

    /// Ends a span that is no local root, if its record fits into the log; otherwise does nothing.
    #[inline]
    fn quick_end(&self, marks: u8) -> bool {
        let key = self.key.key();
        let is_plain =
            open::is_plain_child(key.meta) && self.parent != 0 && self.marks & marks::REMOTE_PARENT == 0;
        if !is_plain || !clock::is_known_quick() {
            return false;
        }
        let ended = log::SpanEnd {
            callsite: self.callsite,
            marks: self.marks | marks,
            span: key.span,
            parent: self.parent,
            start: self.start,
            end: clock::quick_tick(),
        };
        log::quick_span(&key, &ended)
    }

    fn open_span(&self) -> Open {
        Open {
            key: self.key.key(),
            parent: self.parent,
            start: self.start,
            callsite: self.callsite,
            marks: self.marks,
            recorded: true,
        }
    }
}

impl Inside<'_> {
    /// What was current before is made so again, whatever was leaked inside.
    #[inline]
    fn leave(self) {
        let mut this = std::mem::ManuallyDrop::new(self);
        this.restore();
    }

    #[inline]
    fn restore(&mut self) {
        let inside = current::with(|current| {
            current.created_under.set(self.created_under);
            current.replace(self.before)
        });
        if inside.meta != self.scope.key.key().meta {
            self.scope.changed_inside(inside);
        }
    }
}

impl Drop for Inside<'_> {
    #[cold]
    fn drop(&mut self) {
        self.restore();
        self.scope.marks |= marks::PANICKED;
    }
}

impl Scope {
    /// The context was handed out, or got a slot, while it was current.
    #[cold]
    #[inline(never)]
    fn changed_inside(&mut self, inside: Key) {
        self.marks |= marks::shared(inside.meta);
        let own = self.key.key();
        let is_same_trace = inside.trace == own.trace && inside.meta.pipeline() == own.meta.pipeline();
        if is_same_trace && inside.meta.has_slot() && !own.meta.has_slot() {
            let meta = own.meta.with_slot(inside.meta.slot(), inside.meta.generation());
            self.key.change(Key { meta, ..own });
        } else {
            current::settle(inside, own);
        }
    }
}
