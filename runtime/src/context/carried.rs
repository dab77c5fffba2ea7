//! The public form of a context.

use std::marker::PhantomData;

use crate::context::key::{Key, Meta};
use crate::context::owned::OwnedKey;
use crate::context::request_id::RequestId;
use crate::context::{Flags, current, scopes, slots};
use crate::id::{SpanId, TraceId};

/// The context that work carries: trace, span, flags, trace state, request ID, baggage, bound log fields.
///
/// Cheap to clone; all clones share request ID, baggage and bound fields. `Send` and `Sync`.
///
/// ```
/// use throughline::Context;
///
/// let context = Context::current();
/// std::thread::spawn(move || {
///     let _attached = context.attach();
///     // what is started here belongs to the same trace and request
/// });
/// ```
#[derive(Clone, Debug, Default)]
pub struct Context(OwnedKey);

/// Makes a context current until it is dropped; see [`Context::attach`].
#[derive(Debug)]
#[must_use = "the context is current only as long as this guard lives"]
pub struct Attached {
    before: Key,
    /// As it was then: futures leave it as it was where they were made.
    created_under: u64,
    context: OwnedKey,
    /// Belongs to the thread it was made on.
    not_send: PhantomData<*const ()>,
}

impl Context {
    /// The context of the code now running on this thread.
    pub fn current() -> Self {
        current::with(|current| {
            let meta = current.meta.get();
            if current.span.get() != 0 {
                current.meta.set(meta.with(Meta::SHARED));
            }
            Self(OwnedKey::retain(Key { meta: meta.without(Meta::SHARED), ..current.key() }))
        })
    }

    /// A context in which nothing is recorded and nothing is sent along: for work that telemetry itself causes, such as
    /// an exporter's.
    ///
    /// ```
    /// let trace = throughline::testing::capture(|| {
    ///     let _suppressed = throughline::Context::suppressed().attach();
    ///     throughline::span!("export").end();
    /// });
    /// assert!(trace.is_empty());
    /// ```
    pub fn suppressed() -> Self {
        Self(OwnedKey::adopt(current::SUPPRESSED))
    }

    /// Whether nothing is recorded in it, for it is [`suppressed`](Self::suppressed).
    ///
    /// ```
    /// use throughline::Context;
    ///
    /// let _attached = Context::suppressed().attach();
    /// assert!(Context::current().is_suppressed());
    /// ```
    pub fn is_suppressed(&self) -> bool {
        self.key().meta.pipeline() == Meta::NO_PIPELINE
    }

    /// Whether there is neither a trace nor a request ID, baggage or bound field.
    pub fn is_empty(&self) -> bool {
        self.key().is_empty()
    }

    /// The trace.
    pub fn trace_id(&self) -> Option<TraceId> {
        self.key().trace_id()
    }

    /// The span.
    pub fn span_id(&self) -> Option<SpanId> {
        self.key().span_id()
    }

    /// The flags of the trace.
    pub fn flags(&self) -> Flags {
        self.key().meta.flags()
    }

    /// Whether the span is in another process.
    pub fn is_remote(&self) -> bool {
        self.key().meta.has(Meta::REMOTE)
    }

    /// The request ID: the one that came with the request, else the one that follows from a trace that began here.
    pub fn request_id(&self) -> Option<RequestId> {
        request_id(self.key())
    }

    /// A value of the baggage.
    pub fn baggage(&self, name: &str) -> Option<String> {
        slots::with(self.key().meta, |request| request.baggage.get(name).map(str::to_owned)).flatten()
    }

    /// Makes this context current on this thread until the guard is dropped. Hold the guard in a scope, not across
    /// `.await`: futures are given a context by [`in_context`](crate::FutureExt::in_context).
    pub fn attach(&self) -> Attached {
        let context = self.0.clone();
        let created_under = current::with(|current| current.created_under.get());
        let before = current::replace(context.key());
        scopes::entered(&context.key());
        Attached { before, created_under, context, not_send: PhantomData }
    }

    /// The number of the pipeline that records its spans, for the crates of this project: a test has one of its own, in which
    /// IDs are those of other tests too.
    #[doc(hidden)]
    pub fn pipeline(&self) -> u32 {
        self.key().meta.pipeline()
    }

    pub(crate) fn from_owned(key: OwnedKey) -> Self {
        Self(key)
    }

    #[inline]
    pub(crate) fn key(&self) -> Key {
        self.0.key()
    }

    pub(crate) fn into_owned(self) -> OwnedKey {
        self.0
    }
}

impl Drop for Attached {
    fn drop(&mut self) {
        scopes::leaving(&self.context.key());
        let inside = current::replace(self.before);
        current::with(|current| current.created_under.set(self.created_under));
        current::settle(inside, self.context.key());
    }
}

/// The request ID of `key`.
pub(crate) fn request_id(key: Key) -> Option<RequestId> {
    slots::with(key.meta, |request| request.request_id.clone())
        .flatten()
        .or_else(|| key.trace_id().map(RequestId::of_trace))
}
