//! What a future or stream carries: the context it was created under, then the span that it opened.

use crate::collect::record::marks;
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
    /// It has a span that is recorded.
    Recorded,
    /// It carries a context, without a record of its own.
    Carried,
    /// There is nothing to carry.
    Nothing,
    /// It has ended.
    Ended,
}

/// The context of a scope is current until this is dropped.
pub(crate) struct Inside<'a> {
    scope: &'a mut Scope,
    before: Key,
    created_under: u64,
    panicking: bool,
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
        Self { callsite: registry::number(callsite).unwrap_or(0), ..Self::new(key, State::New) }
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
    pub(crate) fn enter(&mut self) -> Option<Inside<'_>> {
        match self.state {
            State::New => self.open(),
            State::Recorded => self.marks |= marks::SHARED,
            _ => {}
        }
        if !matches!(self.state, State::Recorded | State::Carried) {
            return None;
        }
        current::with(|current| {
            let before = current.replace(self.key.key());
            let created_under = current.created_under.replace(self.created_under);
            Some(Inside { scope: self, before, created_under, panicking: std::thread::panicking() })
        })
    }

    /// The same for a scope whose future is being dropped: what was never polled has nothing to enter.
    pub(crate) fn enter_again(&mut self) -> Option<Inside<'_>> {
        if self.state == State::New { None } else { self.enter() }
    }

    /// Takes as parent the context it was created under, or, when that is the one under which the nearest enclosing
    /// wrapper was created (or none), the wrapper's.
    #[inline]
    fn open(&mut self) {
        let captured = self.key.key();
        let (now, enclosing) = current::with(|current| (current.key(), current.created_under.get()));
        let follows_wrapper = captured.is_empty() || captured.fingerprint() == enclosing;
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
        if self.state == State::Recorded {
            let open = Open {
                key: self.key.key(),
                parent: self.parent,
                start: self.start,
                callsite: self.callsite,
                marks: self.marks,
                recorded: true,
            };
            open.end(marks);
        }
        self.state = State::Ended;
    }

    /// Ends its span, which is dropped unfinished, unless it panicked.
    pub(crate) fn abandon(&mut self) {
        let panicked = self.marks & marks::PANICKED != 0;
        self.end(if panicked { 0 } else { marks::CANCELLED });
    }
}

impl Inside<'_> {
    /// Whether the scope has a span that is recorded.
    #[inline]
    pub(crate) fn is_recorded(&self) -> bool {
        self.scope.is_recorded()
    }
}

impl Drop for Inside<'_> {
    #[inline]
    fn drop(&mut self) {
        let inside = current::with(|current| {
            current.created_under.set(self.created_under);
            current.replace(self.before)
        });
        let own = self.scope.key.key();
        if inside.meta != own.meta {
            self.scope.changed_inside(inside);
        }
        if !self.panicking && std::thread::panicking() {
            self.scope.marks |= marks::PANICKED;
        }
    }
}

impl Scope {
    /// The context was handed out, or got a slot, while it was current.
    #[cold]
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
