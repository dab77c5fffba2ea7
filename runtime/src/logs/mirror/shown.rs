//! A span of `tracing` that stands for one of ours.

use std::mem;

use tracing::Span;
use tracing_core::subscriber::NoSubscriber;
use tracing_core::{Dispatch, dispatcher};
use tracing_subscriber::Registry;

use crate::context::key::Key;
use crate::logs::mirror::at_work::working;

/// A span of `tracing` that stands for the one of ours with this key.
#[derive(Debug)]
pub(super) struct Shown {
    pub(super) key: Key,
    pub(super) span: Span,
}

/// Who is told of what happens on this thread.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Watching {
    /// Nobody, or one that is at work here: spans that were made now would be of no subscriber.
    Nobody,
    /// The one with its spans at this address, if they are in a registry.
    Somebody(Option<usize>),
}

impl Watching {
    pub(super) fn here() -> Self {
        dispatcher::get_default(Self::of)
    }

    fn of(subscriber: &Dispatch) -> Self {
        if subscriber.is::<NoSubscriber>() {
            return Self::Nobody;
        }
        let registry = subscriber.downcast_ref::<Registry>();
        Self::Somebody(registry.map(|registry| std::ptr::from_ref(registry).addr()))
    }
}

impl Shown {
    /// Who is told of it.
    pub(super) fn watching(&self) -> Watching {
        self.span.with_subscriber(|(_, its)| Watching::of(its)).unwrap_or(Watching::Nobody)
    }
}

impl Drop for Shown {
    /// A registry that closes a span releases its parent in the registry that is current: that has to be its own.
    fn drop(&mut self) {
        let here = Watching::here();
        let is_elsewhere = here != Watching::Nobody && here != self.watching();
        let span = mem::replace(&mut self.span, Span::none());
        let its = span.with_subscriber(|(_, its)| its.clone()).filter(|_| is_elsewhere);
        let _ = working(self.key, || match its {
            Some(its) => dispatcher::with_default(&its, || drop(span)),
            None => drop(span),
        });
    }
}
