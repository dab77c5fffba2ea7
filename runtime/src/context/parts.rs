//! A context taken apart: what propagators write and read.

use crate::context::baggage::Baggage;
use crate::context::current::meta_for_new_work;
use crate::context::key::{Key, Meta};
use crate::context::owned::OwnedKey;
use crate::context::{Context, Flags, Request, RequestId, slots, trace_state};
use crate::id::{SpanId, TraceId};

/// A context taken apart: what propagators write into a carrier and read out of it.
///
/// ```
/// use throughline::{Context, ContextParts, Flags};
///
/// let context = Context::from(ContextParts {
///     trace_id: Some("4bf92f3577b34da6a3ce929d0e0e4736".parse().unwrap()),
///     span_id: Some("00f067aa0ba902b7".parse().unwrap()),
///     flags: Flags::SAMPLED,
///     request_id: Some("req-abc".parse().unwrap()),
///     ..ContextParts::default()
/// });
/// assert_eq!(context.request_id().unwrap(), "req-abc");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ContextParts {
    /// The trace. Without a span it is ignored.
    pub trace_id: Option<TraceId>,
    /// The span of the other process that the work is a child of. Without a trace it is ignored.
    pub span_id: Option<SpanId>,
    /// The flags of the trace.
    pub flags: Flags,
    /// The vendors' entries, as in the header `tracestate`, already checked. Members at the end of a list that is longer
    /// than the recommendation admits, which is 16,447 bytes, are left out of a context.
    pub trace_state: Option<std::sync::Arc<str>>,
    /// The request ID.
    pub request_id: Option<RequestId>,
    /// The baggage.
    pub baggage: Baggage,
}

impl From<ContextParts> for Context {
    /// A context of another process: spans started under it are local roots with a remote parent.
    fn from(parts: ContextParts) -> Self {
        let mut key = Key { meta: meta_for_new_work(), ..Key::EMPTY };
        let mut state = None;
        if let (Some(trace_id), Some(span_id)) = (parts.trace_id, parts.span_id) {
            key.trace = trace_id.to_u128();
            key.span = span_id.to_u64();
            key.meta = key.meta.with_flags(parts.flags).with(Meta::REMOTE);
            state = parts.trace_state.and_then(trace_state::bounded);
        }
        if parts.request_id.is_some() || state.is_some() || !parts.baggage.is_empty() {
            let request = Request {
                request_id: parts.request_id,
                trace_state: state,
                baggage: parts.baggage,
                ..Request::default()
            };
            key.meta = slots::insert(key.meta, request);
        }
        Context::from_owned(OwnedKey::adopt(key))
    }
}

impl Context {
    /// The context taken apart, to be written into a carrier.
    pub fn to_parts(&self) -> ContextParts {
        parts(self.key())
    }

    /// The context with some parts changed, of the same request: its bound log fields stay. Under another trace or span
    /// than before, that is one of another process; the request keeps its ID. The flags of a span of this process stay.
    ///
    /// ```
    /// use throughline::{Context, ContextParts};
    ///
    /// let context = Context::from(ContextParts { request_id: "req-abc".parse().ok(), ..Default::default() });
    /// let changed = context.with_parts(|parts| parts.baggage.set("tenant", "acme", ""));
    /// assert_eq!(changed.baggage("tenant").unwrap(), "acme");
    /// assert_eq!(changed.request_id().unwrap(), "req-abc");
    /// assert_eq!(context.baggage("tenant"), None);
    /// ```
    #[must_use = "the context itself stays as it is"]
    pub fn with_parts(&self, change: impl FnOnce(&mut ContextParts)) -> Self {
        let mut key = self.key();
        let before = parts(key);
        let mut after = before.clone();
        change(&mut after);
        if after == before {
            return self.clone();
        }
        let mut request = slots::request(key.meta);
        key.meta = key.meta.without_slot();
        if (after.trace_id, after.span_id) != (before.trace_id, before.span_id) {
            let placed = Self::from(ContextParts {
                trace_id: after.trace_id,
                span_id: after.span_id,
                flags: after.flags,
                ..ContextParts::default()
            });
            let own = key.meta.0 & Meta::DETERMINISTIC;
            let meta = placed.key().meta.with_pipeline(key.meta.pipeline()).with(own);
            key = Key { meta, ..placed.key() };
        } else if key.meta.has(Meta::REMOTE) {
            key.meta = key.meta.with_flags(after.flags);
        }
        request.trace_state = after.trace_state.and_then(trace_state::bounded);
        let follows = key.trace_id().map(RequestId::of_trace);
        request.request_id = after.request_id.filter(|id| follows.as_ref() != Some(id));
        request.baggage = after.baggage;
        key.meta = slots::insert(key.meta, request);
        Self::from_owned(OwnedKey::adopt(key))
    }
}

/// The context of `key` taken apart.
pub(crate) fn parts(key: Key) -> ContextParts {
    let mut parts = ContextParts {
        trace_id: key.trace_id(),
        span_id: key.span_id(),
        flags: key.meta.flags(),
        ..ContextParts::default()
    };
    slots::with(key.meta, |request| {
        parts.trace_state.clone_from(&request.trace_state);
        parts.request_id.clone_from(&request.request_id);
        parts.baggage.clone_from(&request.baggage);
    });
    if parts.request_id.is_none() {
        parts.request_id = parts.trace_id.map(RequestId::of_trace);
    }
    parts
}
