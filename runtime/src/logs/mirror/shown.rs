//! A span of `tracing` that stands for one of ours.

use std::mem;

use tracing::Span;
use tracing_core::dispatcher;

use crate::context::key::Key;
use crate::logs::mirror::at_work::working;

/// A span of `tracing` that stands for the one of ours with this key.
#[derive(Clone, Debug)]
pub(super) struct Shown {
    pub(super) key: Key,
    pub(super) span: Span,
}

impl Shown {
    /// Calls `f` where the subscriber of the span is the current one.
    pub(super) fn among_its_own<R>(&self, f: impl FnOnce() -> R) -> R {
        match self.span.with_subscriber(|(_, its)| its.clone()) {
            Some(its) => dispatcher::with_default(&its, f),
            None => f(),
        }
    }
}

impl Drop for Shown {
    /// It may be the last: subscribers are told then, and a registry takes the parent's ID to the one that is current.
    fn drop(&mut self) {
        let span = mem::replace(&mut self.span, Span::none());
        let Some(its) = span.with_subscriber(|(_, its)| its.clone()) else { return };
        let _ = working(self.key, || dispatcher::with_default(&its, || drop(span)));
    }
}
