//! What is current by the rules, and what is known of a span.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

use throughline::span::Outcome;
use throughline::{SpanId, TraceId};

#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) enum At {
    #[default]
    Nothing,
    /// A span of this program, by its number.
    Here(usize),
    /// A span of another process, which records it or does not.
    Remote(SpanId, bool),
}

/// What is current: the pipeline (0: none), the trace and the request by number, and the span.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Now {
    pub(crate) pipeline: usize,
    pub(crate) trace: Option<usize>,
    pub(crate) at: At,
    pub(crate) request: Option<usize>,
    /// What began as the trace of that number, for a new root goes on with the request of the span around it.
    pub(crate) of: Option<usize>,
    /// The trace began here, unsampled.
    pub(crate) unrecorded: bool,
}

/// What tells contexts apart for the rule of wrappers.
pub(crate) type Print = (At, Option<usize>);

impl Now {
    pub(crate) fn is_empty(&self) -> bool {
        self.trace.is_none() && self.request.is_none()
    }

    pub(crate) fn print(&self) -> Print {
        (self.at, if matches!(self.at, At::Here(_)) { None } else { self.request })
    }
}

thread_local! {
    pub(crate) static NOW: RefCell<Now> = RefCell::default();
    pub(crate) static UNDER: Cell<Print> = Cell::default();
}

pub(crate) fn now() -> Now {
    NOW.with_borrow(|now| *now)
}

/// Makes something current for as long as it lives.
pub(crate) struct Inside(Now, Print);

impl Inside {
    pub(crate) fn of(inside: Now) -> Self {
        Self(NOW.replace(inside), UNDER.get())
    }
}

impl Drop for Inside {
    fn drop(&mut self) {
        NOW.set(self.0);
        UNDER.set(self.1);
    }
}

#[derive(Debug)]
pub(crate) struct Node {
    pub(crate) now: Now,
    pub(crate) parent: At,
    pub(crate) ids: Option<(TraceId, SpanId)>,
    pub(crate) attributes: BTreeMap<String, String>,
    pub(crate) keys: u16,
    pub(crate) outcome: Option<Outcome>,
}
