//! Assertions that context arrived.

use crate::testing::{SpanNode, Trace};

impl SpanNode<'_> {
    /// Both are in one trace.
    ///
    /// # Panics
    ///
    /// When they are not; the message has the tree.
    #[track_caller]
    pub fn assert_same_trace(&self, other: &SpanNode<'_>) {
        let (one, two) = (self.trace_id(), other.trace_id());
        self.check(one == two, || {
            format!("`{}` is in trace {one}, `{}` in trace {two}", self.name(), other.name())
        });
    }

    /// It is the parent of `child`.
    ///
    /// # Panics
    ///
    /// When it is not; the message names the actual parent and has the tree.
    #[track_caller]
    pub fn assert_parent_of(&self, child: &SpanNode<'_>) {
        let is_parent = self.trace_id() == child.trace_id() && child.parent_id() == Some(self.span_id());
        self.check(is_parent, || {
            format!("`{}` is not the parent of `{}`, {}", self.name(), child.name(), lineage(child))
        });
    }

    /// It is the parent of `other`, or the parent of its parent, and so on.
    ///
    /// # Panics
    ///
    /// When it is not; the message names the actual ancestors and has the tree.
    #[track_caller]
    pub fn assert_ancestor_of(&self, other: &SpanNode<'_>) {
        let is_self =
            |span: SpanNode<'_>| (span.trace_id(), span.span_id()) == (self.trace_id(), self.span_id());
        self.check(other.ancestors().any(is_self), || {
            format!("`{}` is not an ancestor of `{}`, {}", self.name(), other.name(), lineage(other))
        });
    }

    /// Both are part of one request: their local roots have the same `request.id`.
    ///
    /// # Panics
    ///
    /// When they are not, or one has no request ID; the message has the tree.
    #[track_caller]
    pub fn assert_same_request(&self, other: &SpanNode<'_>) {
        let (one, two) = (self.request_id(), other.request_id());
        self.check(one.is_some() && one == two, || {
            let (one, two) = (named(one.as_deref()), named(two.as_deref()));
            format!("`{}` is part of {one}, `{}` of {two}", self.name(), other.name())
        });
    }

    /// It has a link to `other`.
    ///
    /// # Panics
    ///
    /// When it has none; the message has the tree with its links.
    #[track_caller]
    pub fn assert_linked_to(&self, other: &SpanNode<'_>) {
        let target = (other.trace_id(), other.span_id());
        let linked = self.links().iter().any(|link| (link.trace_id, link.span_id) == target);
        self.check(linked, || format!("`{}` has no link to `{}`", self.name(), other.name()));
    }

    #[track_caller]
    fn check(&self, holds: bool, complaint: impl FnOnce() -> String) {
        assert!(holds, "{}; captured:\n{}", complaint(), self.trace().tree().with_links());
    }
}

impl Trace {
    /// All spans are one tree: one trace, one root, no orphan.
    ///
    /// # Panics
    ///
    /// When they are not; the message has the tree, with the orphans at its top.
    #[track_caller]
    pub fn assert_connected(&self) {
        let roots = self.roots().count();
        let orphans: Vec<_> = self.orphans().map(|span| format!("`{}`", span.name())).collect();
        assert!(
            orphans.is_empty(),
            "the parent of {} was not captured:\n{}",
            orphans.join(", "),
            self.tree()
        );
        assert!(roots == 1, "{roots} roots, not one; captured:\n{}", self.tree());
    }

    /// Its tree is `expected`, which may be indented as a whole and begin and end with empty lines, see
    /// [`Tree`](crate::testing::Tree).
    ///
    /// # Panics
    ///
    /// When it is not; the message has both.
    #[track_caller]
    pub fn assert_tree(&self, expected: &str) {
        let tree = self.tree();
        assert!(tree == *expected, "expected:\n{}\n\ncaptured:\n{tree}", super::tree::dedent(expected));
    }
}

fn lineage(span: &SpanNode<'_>) -> String {
    let ancestors: Vec<_> = span.ancestors().map(|ancestor| format!("`{}`", ancestor.name())).collect();
    match span.parent_id() {
        Some(parent) if ancestors.is_empty() => format!("whose parent {parent} was not captured"),
        None => "which is a root".to_owned(),
        Some(_) => format!("whose ancestors are {}", ancestors.join(" in ")),
    }
}

fn named(request_id: Option<&str>) -> String {
    request_id.map_or_else(|| "no request".to_owned(), |id| format!("request `{id}`"))
}
