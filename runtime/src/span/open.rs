//! A span that has begun: its keys and how it ends. Guards, futures and handles are made of it.

use crate::clock;
use crate::collect::record::marks;
use crate::collect::{self, ids, log};
use crate::context::current::{self, Current};
use crate::context::key::{Key, Meta};
use crate::context::{RequestId, slots};
use crate::semconv;
use crate::span::{Callsite, Operation, current as current_span, hooks, registry};

/// What a span is the child of.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Parent<'a> {
    /// The span that is current; none makes it the root of a new trace.
    Current,
    /// Nothing: it is the root of a new trace, of the same request.
    Root,
    /// The span of this context.
    Of(&'a crate::Context),
}

/// A span that has begun.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Open {
    /// Its own key.
    pub(crate) key: Key,
    pub(crate) parent: u64,
    pub(crate) start: u64,
    pub(crate) callsite: u32,
    pub(crate) marks: u16,
    /// It is recorded; otherwise it only carries its key.
    pub(crate) recorded: bool,
}

impl Open {
    /// No span.
    pub(crate) const NONE: Self =
        Self { key: Key::EMPTY, parent: 0, start: 0, callsite: 0, marks: 0, recorded: false };

    /// Whether its parent is absent or remote.
    #[inline]
    pub(crate) const fn is_local_root(&self) -> bool {
        self.parent == 0 || self.marks & marks::REMOTE_PARENT != 0
    }

    /// A span under the span of `parent`, which is of this process and recorded: the usual case. `None` when it takes
    /// more than a few instructions, because something happens for the first time on this thread.
    #[inline]
    pub(crate) fn quick_child(current: &Current, parent: &Key, callsite: u32) -> Option<Self> {
        let span = ids::quick_span(current)?;
        let key = Key { span, ..*parent };
        Some(Self {
            key,
            parent: parent.span,
            start: clock::quick_tick(),
            callsite,
            marks: 0,
            recorded: true,
        })
    }

    /// Whether somebody is told when it ends.
    #[inline]
    const fn is_awaited(&self) -> bool {
        self.parent == 0 || self.marks & (marks::REMOTE_PARENT | marks::WATCHED) != 0
    }

    /// Ends it: if it is recorded, its record goes into the log.
    #[inline]
    pub(crate) fn end(&self, marks: u16) {
        if self.recorded {
            let end = tick(self.key.meta);
            if self.is_awaited() {
                self.tell_end(end);
            }
            log::span(&self.key, self.ended(end, marks));
        }
    }

    fn tell_end(&self, end: u64) {
        if self.is_local_root() {
            hooks::local_root_ends(&self.key, self.callsite, end);
        } else if let Some(callsite) = registry::get(self.callsite) {
            hooks::watched_ends(&self.key, callsite.operation, end);
        }
        if let Some(mirror) = hooks::mirror() {
            (mirror.ends)(&self.key);
        }
    }

    #[inline]
    fn ended(&self, end: u64, marks: u16) -> log::SpanEnd {
        log::SpanEnd {
            callsite: self.callsite,
            marks: self.marks | marks,
            span: self.key.span,
            parent: self.parent,
            start: self.start,
            end,
        }
    }
}

/// The tick now, of the clock that counts for a trace.
pub(crate) fn tick(meta: Meta) -> u64 {
    if meta.has(Meta::DETERMINISTIC) { ids::count(meta) } else { clock::tick() }
}

/// Whether a span under `key` needs no thought: its trace is recorded, by this process, in real time. Only a key with
/// a trace and a span has the flag `sampled`.
#[inline]
pub(crate) const fn is_plain_child(meta: Meta) -> bool {
    meta.0 & (Meta::SAMPLED | Meta::REMOTE | Meta::DETERMINISTIC) == Meta::SAMPLED
}

/// Whether a span under a key with this `meta` is not recorded, for its trace is not: it began here, unsampled.
#[inline]
pub(crate) const fn is_unrecorded_child(meta: Meta) -> bool {
    meta.has(Meta::UNSAMPLED)
}

/// Starts a span under `parent`; `None` when tracing is off, the callsite is, or the trace is not recorded: then the
/// parent's span stands for this one.
#[inline]
pub(crate) fn start(callsite: &'static Callsite, parent: &Key) -> Option<Open> {
    start_in_state(registry::state(callsite), parent)
}

/// Starts a span of the callsite with this state.
#[inline]
pub(crate) fn start_in_state(state: u32, parent: &Key) -> Option<Open> {
    if registry::is_quick(state) { start_numbered(state, parent) } else { start_watched(state, parent) }
}

/// Starts a span of a callsite that is watched, and tells it. A local root has its own way to tell its end. `None` where the
/// callsite is switched off.
#[cold]
#[inline(never)]
fn start_watched(state: u32, parent: &Key) -> Option<Open> {
    let number = registry::watched_number(state)?;
    let mut open = start_numbered(number, parent)?;
    if let Some(callsite) = registry::get(number).filter(|_| open.recorded) {
        open.key.meta = inside_of(callsite.operation, open.key.meta);
        let mirror = hooks::mirror();
        if !open.is_local_root() && (callsite.operation.is_watched() || mirror.is_some()) {
            open.marks |= marks::WATCHED;
            hooks::watched_begins(&open.key, callsite.operation, open.start);
        }
        if let Some(mirror) = mirror.filter(|_| !callsite.is_of_tracing) {
            (mirror.begins)(&open, callsite);
        }
    }
    Some(open)
}

/// What work inside of this operation carries. Work for a model call is so until something else begins, such as a tool.
fn inside_of(operation: Operation, meta: Meta) -> Meta {
    match operation {
        Operation::Function => meta,
        _ if operation.is_model_call() => meta.with(Meta::MODEL_CALL),
        _ => meta.without(Meta::MODEL_CALL),
    }
}

/// Starts a span of the callsite with this number.
#[inline]
fn start_numbered(callsite: u32, parent: &Key) -> Option<Open> {
    if is_plain_child(parent.meta)
        && let Some(open) = current::with(|current| Open::quick_child(current, parent, callsite))
    {
        return Some(open);
    }
    if collect::is_off() || is_unrecorded_child(parent.meta) { None } else { start_rare(callsite, parent) }
}

/// Starts any span.
#[cold]
#[inline(never)]
fn start_rare(callsite: u32, parent: &Key) -> Option<Open> {
    let pipeline = match parent.meta.pipeline() {
        0 => collect::installed(),
        pipeline => pipeline,
    };
    if pipeline == 0 {
        return None;
    }
    let head = ids::head(pipeline)?;
    let deterministic = parent.meta.has(Meta::DETERMINISTIC);
    let start = tick(parent.meta);
    let mut key = *parent;
    key.meta = key.meta.with_pipeline(pipeline).without(Meta::REMOTE | Meta::SHARED | Meta::UNSAMPLED);
    key.span = if deterministic { ids::count(key.meta) } else { ids::span() };
    let is_local_root = parent.span == 0 || parent.meta.has(Meta::REMOTE);
    if key.trace == 0 {
        key.trace = if deterministic { u128::from(ids::count(key.meta)) } else { ids::trace(start) };
        key.meta = key.meta.with_flags(crate::Flags::RANDOM);
    }
    let is_decided = parent.meta.has(Meta::REMOTE) && !parent.meta.flags().is_deferred();
    if is_local_root && !(head.parent_based && is_decided) {
        let flags = key.meta.flags().without(crate::Flags::DEFERRED);
        let sampled = crate::Flags::SAMPLED;
        let flags = if head.records(key.trace) { flags.with(sampled) } else { flags.without(sampled) };
        key.meta = key.meta.with_flags(flags);
    }
    let marks = if parent.meta.has(Meta::REMOTE) { marks::REMOTE_PARENT } else { 0 };
    let recorded = key.meta.has(Meta::SAMPLED);
    if !recorded {
        key.meta = key.meta.with(Meta::UNSAMPLED);
    }
    let open = Open { key, parent: parent.span, start, callsite, marks, recorded };
    if recorded && is_local_root && key.meta.has_slot() {
        record_request_id(&key);
    }
    Some(open)
}

/// The ID that came with a request is an attribute of its local root. One that follows from the trace is added by the
/// worker.
fn record_request_id(key: &Key) {
    let supplied: Option<RequestId> = slots::with(key.meta, |request| request.request_id.clone()).flatten();
    if let Some(id) = supplied {
        id.with_str(|text| current_span::set_on(key, semconv::REQUEST_ID, crate::span::Value::Str(text)));
    }
}

/// The key that a span with this parent starts under.
pub(crate) fn parent_key(parent: Parent<'_>) -> Key {
    match parent {
        Parent::Current => current::get(),
        Parent::Root => root_key(current::get()),
        Parent::Of(context) => context.key(),
    }
}

/// The same request without its trace.
pub(crate) fn root_key(key: Key) -> Key {
    let of_trace = Meta::SAMPLED | Meta::UNSAMPLED | Meta::REMOTE | Meta::TRACE_STATE;
    let marks = of_trace | Meta::SHARED | Meta::MODEL_CALL;
    Key { trace: 0, span: 0, meta: key.meta.with_flags(crate::Flags::default()).without(marks) }
}
