//! Where work enters the process: a request, a message, a job.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::context::{Context, ContextParts, RequestId, parts_of};
use crate::propagation::{Config, Incoming, Received};
use crate::semconv;
use crate::span::scope::Scope;
use crate::span::{Callsite, Outcome, Parent, Span, orphans};

/// Work that entered the process: its span, and the context that is current while it runs. The context has a request
/// ID also where tracing is off, which the span's own has not.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) span: Span,
    scope: Scope,
    #[cfg_attr(not(feature = "http"), expect(dead_code, reason = "only layers for HTTP ask for it"))]
    request_id: RequestId,
    has_panicked: bool,
}

/// What the trace that came with the work is to it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Relation {
    /// The parent.
    #[default]
    Parent,
    /// A trace of its own begins, with a link.
    Link,
}

impl Entry {
    /// Opens the span of work that brought `incoming`.
    pub(crate) fn open(
        callsite: &'static Callsite,
        config: &Config,
        incoming: Incoming,
        relation: Relation,
    ) -> Self {
        orphans::request_begins();
        let Incoming { parts, request_id } = incoming;
        let (parts, linked) = begin(parts, config, relation);
        let supplied = parts.request_id.clone();
        let parent = Context::from(parts);
        let span = Span::with_parent(callsite, Parent::Of(&parent));
        if let Some(linked) = linked {
            span.link(&linked);
        }
        if let Received::Refused { original, .. } = &request_id {
            span.set(semconv::REQUEST_ID_REPLACED, original.as_str());
        }
        let mut key = parent.into_owned();
        key.change(span.key());
        let request_id = match supplied.or_else(|| key.key().trace_id().map(RequestId::of_trace)) {
            Some(id) => id,
            // While tracing is off there is no trace from which one could follow.
            None => {
                let id = config.request_ids.generator.generate();
                let request_id = Some(id.clone());
                key = Context::from(ContextParts { request_id, ..parts_of(key.key()) }).into_owned();
                id
            }
        };
        Self { span, scope: Scope::of_context(key), request_id, has_panicked: false }
    }

    /// The ID of the request.
    #[cfg(feature = "http")]
    pub(crate) fn request_id(&self) -> &RequestId {
        &self.request_id
    }

    /// Calls `f` with the context of the work current.
    pub(crate) fn in_scope<R>(&mut self, f: impl FnOnce() -> R) -> R {
        self.scope.inside(|_| f())
    }

    /// The same with an eye on panics: one is remembered, marks the span, and is the caller's to raise again. When the
    /// work is dropped later nothing else tells it from one that was cancelled, since runtimes catch the panic of a
    /// task before they drop it.
    pub(crate) fn work<R>(&mut self, f: impl FnOnce() -> R) -> std::thread::Result<R> {
        let result = catch_unwind(AssertUnwindSafe(|| self.in_scope(f)));
        if result.is_err() {
            self.has_panicked = true;
            self.span.set_outcome(Outcome::Panicked);
        }
        result
    }

    /// Marks the span of work that is dropped before it was done.
    pub(crate) fn abandon(&self) {
        if !self.has_panicked {
            self.span.set_outcome(Outcome::Cancelled);
        }
    }

    /// Whether a piece of the work panicked.
    #[cfg(feature = "http")]
    pub(crate) fn has_panicked(&self) -> bool {
        self.has_panicked
    }
}

/// What work begins under that brought `parts`, and what its span is linked to.
pub(crate) fn begin(
    mut parts: ContextParts,
    config: &Config,
    relation: Relation,
) -> (ContextParts, Option<Context>) {
    let linked = (relation == Relation::Link).then(|| cut_trace(&mut parts)).flatten();
    // The ID of a trace that begins here follows from the trace, unless another generator was asked for.
    if parts.trace_id.is_some() || !config.request_ids.generator.follows_trace() {
        parts.request_id.get_or_insert_with(|| config.request_ids.generator.generate());
    }
    (parts, linked)
}

/// Takes the trace out of `parts`; what is left is the request.
fn cut_trace(parts: &mut ContextParts) -> Option<Context> {
    let (trace_id, span_id) = (parts.trace_id.take()?, parts.span_id.take()?);
    parts.trace_state = None;
    let trace = ContextParts { flags: std::mem::take(&mut parts.flags), ..ContextParts::default() };
    Some(Context::from(ContextParts { trace_id: Some(trace_id), span_id: Some(span_id), ..trace }))
}
