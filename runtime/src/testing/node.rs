//! A captured span among its relatives.

use std::fmt;
use std::ops::Deref;

use crate::semconv;
use crate::testing::{OwnedValue, SpanRecord, Trace};

/// A captured span that knows its [`Trace`]: it has all that a [`SpanRecord`] has, its relatives, and assertions about
/// them.
#[derive(Clone, Copy)]
pub struct SpanNode<'a> {
    trace: &'a Trace,
    record: &'a SpanRecord,
}

impl<'a> SpanNode<'a> {
    pub(super) const fn new(trace: &'a Trace, record: &'a SpanRecord) -> Self {
        Self { trace, record }
    }

    /// The trace it was found in.
    pub const fn trace(&self) -> &'a Trace {
        self.trace
    }

    /// The record itself, which lives as long as the trace.
    pub const fn record(&self) -> &'a SpanRecord {
        self.record
    }

    /// Its parent, if that was captured; also where the two are joined by a carrier and not by a call.
    pub fn parent(&self) -> Option<Self> {
        let parent = self.trace.by_id(self.trace_id(), self.parent_id()?)?;
        (parent.span_id() != self.span_id()).then_some(parent)
    }

    /// Its parent, the parent of that, and so on.
    pub fn ancestors(&self) -> impl Iterator<Item = Self> + use<'a> {
        // A trace has no cycle, but a capture of broken IDs could, and must not hang a test.
        std::iter::successors(self.parent(), Self::parent).take(self.trace.len())
    }

    /// Its children, by start.
    pub fn children(&self) -> Vec<Self> {
        self.trace.children_of(self.record).filter(|child| child.span_id() != self.span_id()).collect()
    }

    /// The one child with this name.
    ///
    /// # Panics
    ///
    /// When there is none or more than one; the message has the tree.
    #[track_caller]
    pub fn child(&self, name: &str) -> Self {
        let named: Vec<Self> = self.children().into_iter().filter(|child| child.name() == name).collect();
        match named[..] {
            [child] => child,
            _ => panic!(
                "`{}` has {} children named `{name}`, not one; captured:\n{}",
                self.name(),
                named.len(),
                self.trace.tree()
            ),
        }
    }

    /// Whether it says that its parent is in this process, and that was not captured.
    pub fn is_orphan(&self) -> bool {
        !self.is_local_root() && self.parent().is_none()
    }

    /// The request it is part of: `request.id` of the nearest ancestor that has it, itself included.
    pub fn request_id(&self) -> Option<String> {
        let own = |span: &Self| match span.attribute(semconv::REQUEST_ID)? {
            OwnedValue::Str(id) => Some(id),
            _ => None,
        };
        own(self).or_else(|| self.ancestors().find_map(|span| own(&span)))
    }
}

impl Deref for SpanNode<'_> {
    type Target = SpanRecord;

    fn deref(&self) -> &SpanRecord {
        self.record
    }
}

impl fmt::Debug for SpanNode<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.record.fmt(f)
    }
}
