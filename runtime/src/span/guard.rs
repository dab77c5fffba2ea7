//! The span of a sync function: from here to the end of the scope.

use std::marker::PhantomData;

use crate::Flags;
use crate::clock;
use crate::collect::record::marks;
use crate::collect::{self, ids, log};
use crate::context::current::{self, Current};
use crate::context::key::{Key, Meta};
use crate::context::scopes;
use crate::local::{self, Local};
use crate::span::open::{self, Open, Parent};
use crate::span::{Callsite, hooks, orphans, registry};

/// The span of a sync function: it ends when the guard is dropped.
#[derive(Debug)]
#[must_use = "the span ends when this guard is dropped"]
pub struct Guard {
    state: State,
    /// Belongs to the thread it was made on.
    not_send: PhantomData<*const ()>,
}

#[derive(Debug)]
enum State {
    Nothing,
    /// A span under the one that was current, which is of this process and recorded: only the span changed.
    Child(Child),
    /// The root of a new trace where nothing was current but perhaps a pipeline.
    Root(Child, Meta),
    /// A local root of a request, a span with a given parent, or one that began while its thread unwound: this was
    /// current before.
    Rare(Open, Key, Began),
}

/// Whether the thread was unwinding when the span began: if not, and it is at its end, the span panicked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Began {
    Running,
    Unwinding,
}

/// The usual span, with no more than its end needs.
#[derive(Debug)]
struct Child {
    key: Key,
    parent: u64,
    start: u64,
    callsite: u32,
}

impl Child {
    #[inline]
    fn quick(current: &Current, callsite: &Callsite) -> Option<Self> {
        let callsite = registry::quick_number(callsite)?;
        let span = ids::quick_span(current)?;
        let parent = current.span.replace(span);
        let key = Key { trace: current.trace.get(), span, meta: current.meta.get() };
        Some(Self { key, parent, start: clock::quick_tick(), callsite })
    }

    /// A root under `before`, which names no trace and no request. One that is not sampled is current from here on, and
    /// `None` all the same.
    #[inline]
    fn quick_root(current: &Current, before: Meta, callsite: &Callsite) -> Option<Self> {
        let callsite = registry::quick_number(callsite)?;
        let pipeline = if before.pipeline() == 0 { collect::installed() } else { before.pipeline() };
        let head = ids::quick_head(pipeline)?;
        let span = ids::quick_span(current)?;
        let start = clock::quick_tick();
        let trace = ids::trace(start);
        if !head.records(trace) {
            let meta = before.with_pipeline(pipeline).with_flags(Flags::RANDOM).with(Meta::UNSAMPLED);
            current.set(Key { trace, span, meta });
            return None;
        }
        let meta = before.with_pipeline(pipeline).with_flags(Flags::SAMPLED.with(Flags::RANDOM));
        let key = Key { trace, span, meta };
        current.set(key);
        Some(Self { key, parent: 0, start, callsite })
    }

    /// Ends a root if it is current and nobody waits for that; otherwise does nothing.
    #[inline]
    fn quick_end_root(&self, local: &Local, before: Meta) -> bool {
        let current = &local.current;
        if current.span.get() != self.key.span
            || current.meta.get() != self.key.meta
            || hooks::is_root_awaited()
        {
            return false;
        }
        let ended = self.ended(0);
        let written = log::quick_span(local, &ended) || log::quick_first(local, &self.key, &ended);
        if written {
            current.set(Key { meta: before, ..Key::EMPTY });
        }
        written
    }

    /// Ends the span if it is current and its record fits into the log; otherwise does nothing.
    #[inline]
    fn quick_end(&self, local: &Local) -> bool {
        let current = &local.current;
        // What was bound to the request meanwhile stays for the rest of the trace.
        let ended = self.ended(marks::shared(current.meta.get()));
        let written = current.span.get() == self.key.span && log::quick_span(local, &ended);
        if written {
            current.span.set(self.parent);
        }
        written
    }

    /// Ends the span if it is current; otherwise does nothing.
    #[inline]
    fn end_current(&self, current: &Current) -> bool {
        let is_current = current.span.get() == self.key.span;
        if is_current {
            let key = current.key();
            log::span(&key, self.ended(marks::shared(key.meta)));
            current.span.set(self.parent);
        }
        is_current
    }

    #[inline]
    fn ended(&self, marks: u16) -> log::SpanEnd {
        let Self { key, parent, start, callsite } = *self;
        log::SpanEnd { callsite, marks, span: key.span, parent, start, end: clock::quick_tick() }
    }

    fn open(&self) -> Open {
        let Self { key, parent, start, callsite } = *self;
        Open { key, parent, start, callsite, marks: 0, recorded: true }
    }
}

impl Default for Guard {
    fn default() -> Self {
        Self::new()
    }
}

/// A guard is made empty and filled in place: returned by value it would be copied.
impl Guard {
    /// A guard without a span.
    #[inline(always)]
    pub const fn new() -> Self {
        Self { state: State::Nothing, not_send: PhantomData }
    }

    /// Starts a span under the current one. To be called once.
    #[inline(always)]
    pub fn enter(&mut self, callsite: &'static Callsite) {
        if !collect::is_off() {
            local::with(|local| {
                if !open::is_unrecorded_child(local.current.meta.get()) {
                    self.enter_on(callsite, local);
                }
            });
        }
    }

    /// Starts a span under `parent`. To be called once.
    pub fn enter_with(&mut self, callsite: &'static Callsite, parent: Parent<'_>) {
        self.enter_under(callsite, &open::parent_key(parent));
    }

    #[inline(never)]
    fn enter_on(&mut self, callsite: &'static Callsite, local: &Local) {
        if std::thread::panicking() {
            self.enter_unwinding(callsite)
        } else {
            self.enter_quick(callsite, local)
        }
    }

    #[cold]
    #[inline(never)]
    fn enter_unwinding(&mut self, callsite: &'static Callsite) {
        self.enter_under_current(callsite);
    }

    /// Calls nothing: what happens for the first time, and every rarer case, is the tail call at the end.
    #[inline(never)]
    fn enter_quick(&mut self, callsite: &'static Callsite, local: &Local) {
        let is_plain = open::is_plain_child(local.current.meta.get());
        let child = if is_plain { Child::quick(&local.current, callsite) } else { None };
        match child {
            Some(child) => self.state = State::Child(child),
            None => self.enter_rare(callsite, local),
        }
    }

    #[inline(never)]
    fn enter_rare(&mut self, callsite: &'static Callsite, Local { current, .. }: &Local) {
        let before = current.meta.get();
        let is_plain = before.without(Meta::PIPELINE_MASK) == Meta::default() && current.trace.get() == 0;
        let root = if is_plain { Child::quick_root(current, before, callsite) } else { None };
        match root {
            Some(root) => self.state = State::Root(root, before),
            None if is_plain && current.trace.get() != 0 => self.enter_unsampled(current, before),
            None => self.enter_under_current(callsite),
        }
    }

    #[cold]
    #[inline(never)]
    fn enter_under_current(&mut self, callsite: &'static Callsite) {
        let parent = current::get();
        self.enter_under(callsite, &parent);
        if let State::Rare(open, ..) = &self.state {
            orphans::span_began(open, &parent);
        }
    }

    /// Its trace was not sampled. That is asked once: another trace ID would be another chance.
    #[inline(never)]
    fn enter_unsampled(&mut self, current: &Current, before: Meta) {
        let open = Open { key: current.key(), ..Open::NONE };
        self.state = State::Rare(open, Key { meta: before, ..Key::EMPTY }, Began::Running);
    }

    fn enter_under(&mut self, callsite: &'static Callsite, parent: &Key) {
        if let Some(open) = open::start(callsite, parent) {
            let began = if std::thread::panicking() { Began::Unwinding } else { Began::Running };
            self.state = State::Rare(open, current::replace(open.key), began);
            scopes::entered(&open.key);
        }
    }

    /// Whether the span is recorded: whether it is worth computing values for it.
    #[inline]
    pub fn is_recording(&self) -> bool {
        match &self.state {
            State::Nothing => false,
            State::Child(_) | State::Root(..) => true,
            State::Rare(open, ..) => open.recorded,
        }
    }

    #[inline(never)]
    fn end(&mut self, local: &Local) {
        if std::thread::panicking() { self.end_rare() } else { self.end_quick(local) }
    }

    /// Calls nothing, like `enter_quick`.
    #[inline(never)]
    fn end_quick(&mut self, local: &Local) {
        let done = match &self.state {
            State::Child(child) => child.quick_end(local),
            _ => false,
        };
        if !done {
            self.end_other(local);
        }
    }

    /// The end of a root, or of the first span of its trace on this thread.
    #[inline(never)]
    fn end_other(&mut self, local: &Local) {
        let done = match &self.state {
            State::Root(root, before) => root.quick_end_root(local, *before),
            State::Child(child) => child.end_current(&local.current),
            _ => false,
        };
        if !done {
            self.end_rare();
        }
    }

    /// Every end. What was current before is made so again, whatever was leaked inside.
    #[cold]
    #[inline(never)]
    fn end_rare(&mut self) {
        let (open, before, began) = match &self.state {
            State::Nothing => return,
            State::Child(child) => (child.open(), Key { span: child.parent, ..child.key }, Began::Running),
            State::Root(root, before) => (root.open(), Key { meta: *before, ..Key::EMPTY }, Began::Running),
            State::Rare(open, before, began) => (*open, *before, *began),
        };
        scopes::leaving(&open.key);
        let inside = current::replace(before);
        let panicked = std::thread::panicking() && began == Began::Running;
        open.end(marks::shared(inside.meta) | if panicked { marks::PANICKED } else { 0 });
        current::settle(inside, open.key);
    }
}

impl Drop for Guard {
    #[inline(always)]
    fn drop(&mut self) {
        if !matches!(self.state, State::Nothing) {
            local::with(|local| self.end(local));
        }
    }
}
