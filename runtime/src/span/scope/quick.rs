//! The quick way: a future that is polled where the span is current under which it was created, as one that is awaited at
//! once. Then no more than the span changes. Whatever is not so is left to the way that takes everything.

use super::{Scope, State};
use crate::clock;
use crate::collect::record::marks;
use crate::collect::{ids, log};
use crate::context::current::Current;
use crate::context::key::{Key, Meta};
use crate::context::owned::OwnedKey;
use crate::local;
use crate::span::{open, registry};

impl Scope {
    /// Makes its context current where no more than the span changes; otherwise does nothing.
    #[inline(always)]
    pub(super) fn quick_enter(&mut self, current: &Current) -> bool {
        match self.state {
            State::New => self.quick_open(current),
            State::Child => self.quick_reopen(current),
            _ => false,
        }
    }

    /// Opens the span of a future that is polled under the context it was created under, as one that is awaited at once:
    /// the usual case. Otherwise does nothing.
    #[inline(always)]
    fn quick_open(&mut self, current: &Current) -> bool {
        let parent = self.key.key();
        let is_same = current.span.get() == parent.span && current.meta.get() == parent.meta;
        if !is_same || !open::is_plain_child(parent.meta) || !registry::is_quick(self.callsite) {
            return false;
        }
        let Some(span) = ids::quick_span(current) else { return false };
        self.start = clock::quick_tick();
        self.state = State::Child;
        self.key.change_span(span);
        current.span.set(span);
        self.created_under = current.created_under.replace(parent.span);
        true
    }

    /// Enters a child again where its parent is current. Otherwise does nothing.
    #[inline(always)]
    fn quick_reopen(&mut self, current: &Current) -> bool {
        let is_same = current.span.get() == self.parent && self.follow(current);
        if is_same {
            self.marks |= marks::SHARED;
            current.span.set(self.key.key().span);
            self.created_under = current.created_under.replace(self.parent);
        }
        is_same
    }

    /// Keeps for later polls, perhaps elsewhere, what was bound to the request. `false` when a child has another request
    /// than what is current.
    #[inline(always)]
    pub(super) fn follow(&mut self, current: &Current) -> bool {
        let meta = current.meta.get();
        self.key.key().meta == meta || self.follow_to(meta)
    }

    #[cold]
    #[inline(never)]
    fn follow_to(&mut self, meta: Meta) -> bool {
        let own = self.key.key();
        let is_same_request = !own.meta.has_slot() || own.meta.slot_bits() == meta.slot_bits();
        if is_same_request {
            self.key = OwnedKey::retain(Key { meta, ..own });
        }
        is_same_request
    }

    /// Leaves a child that is current; otherwise does nothing. What was bound to the request meanwhile stays for the rest
    /// of the trace.
    #[inline(always)]
    pub(super) fn quick_leave(&self, current: &Current) -> bool {
        let is_current = self.state == State::Child && current.span.get() == self.key.key().span;
        if is_current {
            current.span.set(self.parent);
            current.created_under.set(self.created_under);
        }
        is_current
    }

    /// Ends a child that was just left: its parent is current.
    #[inline(always)]
    pub(super) fn quick_end(&mut self) {
        let is_written = local::with(|local| {
            let ended = log::SpanEnd {
                callsite: self.callsite,
                marks: self.marks | marks::shared(local.current.meta.get()),
                span: self.key.key().span,
                parent: self.parent,
                start: self.start,
                end: clock::quick_tick(),
            };
            log::quick_span(local, &ended)
        });
        if is_written { self.state = State::Ended } else { self.end() }
    }
}
