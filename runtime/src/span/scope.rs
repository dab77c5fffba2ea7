//! What a future or stream carries: the context it was created under, then the span that it opened.

use crate::clock;
use crate::collect::record::marks;
use crate::collect::{ids, log};
use crate::context::current::{self, Current};
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
    /// The same, the usual way: under a span of this process, in real time, read from a counter.
    Child,
    /// It carries a context, without a record of its own.
    Carried,
    /// There is nothing to carry.
    Nothing,
    /// It has ended.
    Ended,
}

/// The context of a scope is current until this is dropped.
#[must_use]
struct Inside<'a> {
    scope: &'a mut Scope,
    before: Before,
}

/// What was current before a scope was entered.
#[derive(Clone, Copy)]
struct Before {
    key: Key,
    created_under: u64,
}

impl Scope {
    /// Of an annotated function: takes the current context now; the span begins at first poll.
    #[inline]
    pub(crate) fn of_call(callsite: &'static Callsite) -> Self {
        // The callsite first: nothing is owned yet that a panic while it registers would have to give back.
        let callsite = registry::number(callsite).unwrap_or(0);
        Self { callsite, ..Self::new(OwnedKey::of_current(), State::New) }
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

    /// Makes its context current where no more than the span changes; otherwise does nothing.
    #[inline(always)]
    fn quick_enter(&mut self, current: &Current, before: &Before) -> bool {
        let is_open = match self.state {
            State::New => self.quick_open(current, &before.key),
            State::Child => self.quick_reopen(&before.key),
            _ => false,
        };
        if is_open {
            current.span.set(self.key.key().span);
            current.created_under.set(self.created_under);
        }
        is_open
    }

    /// Opens the span of a future that is polled under the context it was created under, as one that is awaited at once:
    /// the usual case. Otherwise does nothing.
    #[inline]
    fn quick_open(&mut self, current: &Current, before: &Key) -> bool {
        let parent = self.key.key();
        let is_same = before.span == parent.span && before.meta == parent.meta;
        if !is_same || !open::is_plain_child(parent.meta) || self.callsite == 0 {
            return false;
        }
        let Some(span) = ids::quick_span(current) else { return false };
        self.created_under = parent.fingerprint();
        self.parent = parent.span;
        self.start = clock::quick_tick();
        self.state = State::Child;
        self.key.change_span(span);
        true
    }

    /// Whether no more than the span changes when it is entered again: what is current is of the same trace.
    #[inline]
    fn quick_reopen(&mut self, before: &Key) -> bool {
        let own = self.key.key();
        let is_same = before.trace == own.trace && before.meta == own.meta;
        if is_same {
            self.marks |= marks::SHARED;
        }
        is_same
    }

    /// Makes its context current; opens its span if that has not happened. `false` when there is nothing to carry.
    #[inline(never)]
    fn enter(&mut self) -> bool {
        match self.state {
            State::New | State::Placed => self.open(),
            State::Recorded | State::Child => self.marks |= marks::SHARED,
            _ => {}
        }
        let is_carrying = self.is_carrying();
        if is_carrying {
            current::with(|current| {
                current.set(self.key.key());
                current.created_under.set(self.created_under);
            });
        }
        is_carrying
    }

    /// Whether there is something that is current inside.
    #[inline]
    fn is_carrying(&self) -> bool {
        matches!(self.state, State::Recorded | State::Child | State::Carried)
    }

    /// Calls `f` inside of the scope, and tells it whether there is a span that is recorded.
    #[inline]
    pub(crate) fn inside<R>(&mut self, f: impl FnOnce(bool) -> R) -> R {
        // A closure of this function is one of its own for each `f`, and so is inlined.
        let (before, is_inside) = current::with(|current| {
            let before = Before::of(current);
            (before, self.quick_enter(current, &before))
        });
        if is_inside || self.enter() { self.run(before, f) } else { f(false) }
    }

    #[inline]
    fn run<R>(&mut self, before: Before, f: impl FnOnce(bool) -> R) -> R {
        // Left by a panic, unless `f` returns.
        let marks = self.marks;
        self.marks = marks | marks::PANICKED;
        let inside = Inside { scope: self, before };
        let result = f(inside.scope.is_recorded());
        inside.scope.marks = marks;
        result
    }

    /// Ends the scope of a future that is dropped: `drop_it` drops what the future holds, inside of the scope.
    #[inline]
    pub(crate) fn abandon(&mut self, drop_it: impl FnOnce()) {
        if self.is_carrying() {
            self.abandon_open(drop_it);
        }
    }

    #[cold]
    #[inline(never)]
    fn abandon_open(&mut self, drop_it: impl FnOnce()) {
        let before = current::with(Before::of);
        if self.enter() {
            self.run(before, |_| drop_it());
        }
        let panicked = self.marks & marks::PANICKED != 0;
        self.end_any(if panicked { 0 } else { marks::CANCELLED });
        self.state = State::Ended;
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
        matches!(self.state, State::Recorded | State::Child)
    }

    /// Ends its span.
    #[inline]
    pub(crate) fn end(&mut self, marks: u8) {
        if self.state != State::Child || !self.quick_end(marks) {
            self.end_any(marks);
        }
        self.state = State::Ended;
    }

    /// Ends a span of the usual kind, if its record fits into the log; otherwise does nothing.
    #[inline]
    fn quick_end(&self, marks: u8) -> bool {
        let key = self.key.key();
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

    #[inline(never)]
    fn end_any(&self, marks: u8) {
        if self.is_recorded() {
            self.open_span().end(marks);
        }
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

impl Before {
    #[inline]
    fn of(current: &Current) -> Self {
        Self { key: current.key(), created_under: current.created_under.get() }
    }
}

impl Drop for Inside<'_> {
    /// What was current before is made so again, whatever was leaked inside.
    #[inline]
    fn drop(&mut self) {
        let Before { key, created_under } = self.before;
        current::with(|current| {
            current.created_under.set(created_under);
            if current.meta.get() == self.scope.key.key().meta {
                current.set(key);
            } else {
                self.scope.leave_changed(key);
            }
        });
    }
}

impl Scope {
    /// The context was handed out, or got a slot, while it was current.
    #[cold]
    #[inline(never)]
    fn leave_changed(&mut self, before: Key) {
        let inside = current::replace(before);
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
