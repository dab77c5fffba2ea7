//! Work that has entered the process, from its begin to its end.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::context::RequestId;
#[cfg(feature = "http")]
use crate::context::current;
use crate::propagation::entry_span::{self, Relation};
use crate::propagation::{Config, Incoming};
use crate::span::scope::Scope;
use crate::span::{Callsite, Outcome, Span};

/// Work that entered the process: its span, and the context that is current while it runs. The context has a request
/// ID also where tracing is off.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) span: Span,
    scope: Scope,
    #[cfg_attr(not(feature = "http"), expect(dead_code, reason = "only layers for HTTP ask for it"))]
    request_id: RequestId,
    has_panicked: bool,
}

impl Entry {
    /// Opens the span of work that brought `incoming`.
    pub(crate) fn open(
        callsite: &'static Callsite,
        config: &Config,
        incoming: Incoming,
        relation: Relation,
    ) -> Self {
        let (span, request_id) = entry_span::open(callsite, config, incoming, relation);
        let scope = Scope::of_context(span.context().into_owned());
        Self { span, scope, request_id, has_panicked: false }
    }

    /// Opens the span of work that is part of a request in this process already: a child of what is current. `None` where
    /// it is switched off: what is said of it would be said of the one around it.
    #[cfg(feature = "http")]
    pub(crate) fn within(callsite: &'static Callsite, request_id: RequestId) -> Option<Self> {
        let span = Span::new(callsite);
        if !span.is_recording() && current::get().is_recording() {
            return None;
        }
        let scope = Scope::of_context(span.context().into_owned());
        Some(Self { span, scope, request_id, has_panicked: false })
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
