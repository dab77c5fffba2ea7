//! What a future or stream carries: the context it was created under, then the span that it opened.

mod quick;

use crate::collect::record::marks;
use crate::context::current;
use crate::context::key::{Key, Meta};
use crate::context::owned::OwnedKey;
use crate::context::scopes;
use crate::local;
use crate::span::open::{self, Open};
use crate::span::{Callsite, orphans, registry};

/// 64 bytes that a wrapped future grows by.
#[derive(Debug)]
pub(crate) struct Scope {
    /// Until it is opened, the context it was created under; then its own.
    key: OwnedKey,
    parent: u64,
    /// The fingerprint of the context it was created under, once it is open; of a child, whose parent tells that, what the
    /// next wrapper around it was created under, as long as it is entered.
    created_under: u64,
    start: u64,
    /// Until it is open, the callsite's state; then the callsite's number.
    callsite: u32,
    state: State,
    marks: u16,
}

/// In the order of what there is to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum State {
    /// Not polled yet.
    New,
    /// Not polled yet, with a parent that was given.
    Placed,
    /// There is nothing to carry.
    Nothing,
    /// It has ended.
    Ended,
    /// It carries a context, without a record of its own.
    Carried,
    /// It has a span that is recorded.
    Recorded,
    /// The same, the usual way: so far it was only entered where the span was current under which it was created. Then no
    /// more than the span changes.
    Child,
}

/// What was current before a scope was entered.
#[derive(Clone, Copy)]
struct Before {
    key: Key,
    created_under: u64,
}

/// Ends the scope of what was dropped unfinished.
struct Abandoned<'a> {
    scope: &'a mut Scope,
}

/// Leaves the scope when what runs inside of it panics; otherwise it is forgotten.
struct Unwinding<'a> {
    scope: &'a mut Scope,
    before: &'a Before,
}

impl Scope {
    /// Of an annotated function: takes the current context now; the span begins at first poll.
    #[inline]
    pub(crate) fn of_call(callsite: &'static Callsite) -> Self {
        // The callsite first: nothing is owned yet that a panic while it registers would have to give back.
        let callsite = registry::state(callsite);
        Self { callsite, ..Self::new(OwnedKey::of_current(), State::New) }
    }

    /// Of a function whose parent was given.
    pub(crate) fn of_call_under(callsite: &'static Callsite, parent: Key) -> Self {
        let key = OwnedKey::retain(parent);
        Self { callsite: registry::state(callsite), ..Self::new(key, State::Placed) }
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

    /// The scope for whoever takes it over; one that has ended stays.
    pub(crate) fn take(&mut self) -> Self {
        std::mem::replace(self, Self::new(OwnedKey::default(), State::Ended))
    }

    #[inline]
    fn new(key: OwnedKey, state: State) -> Self {
        // What a child will have, so that there is less to do when it opens (and nothing to clear).
        let parent = key.key().span;
        Self { key, created_under: parent, parent, start: 0, callsite: 0, state, marks: 0 }
    }

    /// Calls `f` inside of the scope, and tells it whether there is a span that is recorded.
    #[inline]
    pub(crate) fn inside<R>(&mut self, f: impl FnOnce(bool) -> R) -> R {
        self.inside_until(|_| false, f)
    }

    /// The same; when what `f` returns is the end, the span ends.
    #[inline(always)]
    pub(crate) fn inside_until<R>(
        &mut self,
        is_end: impl FnOnce(&R) -> bool,
        f: impl FnOnce(bool) -> R,
    ) -> R {
        let rarely;
        let is_child = local::with(|local| self.quick_enter(&local.current));
        let before = if is_child {
            &Before::NOTHING
        } else {
            rarely = self.enter();
            &rarely
        };
        let is_recorded = is_child || self.is_recorded();
        let unwinding = Unwinding { scope: &mut *self, before };
        let result = f(is_recorded);
        std::mem::forget(unwinding);
        // Asked first, so that nothing asks again what a poll that returns knows.
        if is_end(&result) {
            if local::with(|local| self.quick_leave(&local.current)) {
                self.quick_end();
            } else {
                self.leave(before);
                self.end();
            }
        } else if local::with(|local| self.quick_leave(&local.current)) {
            local::with(|local| self.follow(&local.current));
        } else {
            self.leave(before);
        }
        result
    }

    /// Makes its context current, if there is something to carry; opens its span if that has not happened.
    #[inline(never)]
    fn enter(&mut self) -> Before {
        match self.state {
            State::New | State::Placed => self.open(),
            State::Child => {
                self.state = State::Recorded;
                self.created_under = self.parent;
                self.marks |= marks::SHARED;
            }
            State::Recorded => self.marks |= marks::SHARED,
            _ => {}
        }
        current::with(|current| {
            let before = Before { key: current.key(), created_under: current.created_under.get() };
            if self.is_carrying() {
                current.set(self.key.key());
                current.created_under.set(self.created_under);
                scopes::entered(&self.key.key());
            }
            before
        })
    }

    /// Makes what was current before so again, whatever was leaked inside.
    #[inline(never)]
    fn leave(&mut self, before: &Before) {
        if !self.is_carrying() {
            return;
        }
        let own = self.key.key();
        scopes::leaving(&own);
        let before = if self.state == State::Child {
            // Its parent's context may have been handed out since its own was taken.
            let parent = Key { span: self.parent, meta: own.meta.with(Meta::SHARED), ..own };
            Before { key: parent, created_under: self.created_under }
        } else {
            *before
        };
        let inside = current::replace(before.key);
        current::with(|current| current.created_under.set(before.created_under));
        if inside.meta != own.meta {
            self.leave_changed(inside);
        }
    }

    #[cold]
    #[inline(never)]
    fn leave_unwinding(&mut self, before: &Before) {
        self.marks |= marks::PANICKED;
        self.leave(before);
    }

    /// The context was handed out, or got a slot, while it was current.
    #[cold]
    #[inline(never)]
    fn leave_changed(&mut self, inside: Key) {
        self.marks |= marks::shared(inside.meta);
        let own = self.key.key();
        let is_same_trace = inside.trace == own.trace && inside.meta.pipeline() == own.meta.pipeline();
        let is_own = inside.span == own.span;
        let is_adopting =
            is_own && self.state != State::Child && inside.meta.has_slot() && !own.meta.has_slot();
        if is_same_trace && is_adopting {
            let meta = own.meta.with_slot(inside.meta.slot(), inside.meta.generation());
            self.key.change(Key { meta, ..own });
            current::share_slot(inside);
        } else {
            current::settle(inside, own);
        }
    }

    /// Whether there is something that is current inside.
    #[inline]
    fn is_carrying(&self) -> bool {
        self.state >= State::Carried
    }

    /// Ends the scope of a future that is dropped: `drop_it`, which is called in any case, drops what the future holds.
    #[inline]
    pub(crate) fn abandon(&mut self, drop_it: impl FnOnce()) {
        if self.is_carrying() { self.abandon_open(drop_it) } else { drop_it() }
    }

    #[cold]
    #[inline(never)]
    fn abandon_open(&mut self, drop_it: impl FnOnce()) {
        // Ended by a panic too.
        let abandoned = Abandoned { scope: self };
        abandoned.scope.inside(|_| drop_it());
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
        let mut parent = if follows_wrapper && (has_pipeline || !now.is_empty()) { now } else { captured };
        self.created_under = captured.fingerprint();
        if parent.meta.slot_bits() != captured.meta.slot_bits() {
            self.key = OwnedKey::retain(parent);
            // Without the slot, if that is gone.
            parent = self.key.key();
        }
        let started = open::start_in_state(self.callsite, &parent);
        match started {
            Some(open) => {
                if !is_placed {
                    orphans::span_began(&open, &parent);
                }
                self.key.change(open.key);
                self.parent = open.parent;
                self.start = open.start;
                self.callsite = open.callsite;
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
        self.state >= State::Recorded
    }

    /// Ends its span.
    pub(crate) fn end(&mut self) {
        self.end_with(0);
    }

    #[inline(never)]
    fn end_with(&mut self, marks: u16) {
        if self.is_recorded() {
            // Inside of a child, its context is handed out by a mark on what is current, which stays.
            let is_child = self.state == State::Child;
            let handed_out = if is_child { marks::shared(current::get().meta) } else { 0 };
            self.open_span().end(marks | handed_out);
        }
        self.state = State::Ended;
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
    const NOTHING: Self = Self { key: Key::EMPTY, created_under: 0 };
}

impl Drop for Abandoned<'_> {
    fn drop(&mut self) {
        let panicked = self.scope.marks & marks::PANICKED != 0;
        self.scope.end_with(if panicked { 0 } else { marks::CANCELLED });
    }
}

impl Drop for Unwinding<'_> {
    #[inline(always)]
    fn drop(&mut self) {
        self.scope.leave_unwinding(self.before);
    }
}
