//! The captured spans.

use std::collections::{BTreeSet, HashMap};

use crate::id::{SpanId, TraceId};
use crate::testing::{SpanNode, SpanRecord, Tree};

/// Everything that was captured: usually one trace, and more where the code started more than one.
///
/// ```
/// use throughline::span::{Attributes, Callsite, Dropped, Outcome, SpanView};
/// use throughline::testing::{SpanRecord, Trace};
/// use throughline::Flags;
///
/// static CHECKOUT: Callsite = Callsite::new("checkout", "shop", "shop.rs", 1, &[]);
/// let view = SpanView {
///     callsite: &CHECKOUT,
///     name: "checkout",
///     trace_id: "4bf92f3577b34da6a3ce929d0e0e4736".parse().unwrap(),
///     span_id: "00f067aa0ba902b7".parse().unwrap(),
///     parent: None,
///     parent_is_remote: false,
///     flags: Flags::SAMPLED,
///     trace_state: None,
///     start: 0,
///     duration: 1_000,
///     outcome: Outcome::Ok,
///     message: None,
///     attributes: Attributes::default(),
///     events: &[],
///     links: &[],
///     dropped: Dropped::default(),
/// };
/// let trace = Trace::new(vec![SpanRecord::from(&view)]);
/// assert_eq!(trace.span("checkout").outcome(), Outcome::Ok);
/// assert_eq!(trace.tree(), "checkout");
/// ```
#[derive(Clone, Debug, Default)]
pub struct Trace {
    /// By start, then by name and ID.
    spans: Vec<SpanRecord>,
    /// Where in `spans` the span with this ID is.
    index: HashMap<(TraceId, SpanId), usize>,
    /// The children of a span, by place in `spans`.
    children: HashMap<(TraceId, SpanId), Vec<usize>>,
}

impl Trace {
    /// The trace with these spans, in any order. Of two spans with one ID, both are kept, and relatives are those of
    /// the one that started later.
    pub fn new(mut spans: Vec<SpanRecord>) -> Self {
        spans.sort_by(|one, two| by_start(one).cmp(&by_start(two)));
        let place = |(place, span): (usize, &SpanRecord)| ((span.trace_id(), span.span_id()), place);
        let index = spans.iter().enumerate().map(place).collect();
        let mut children: HashMap<_, Vec<_>> = HashMap::new();
        for (place, span) in spans.iter().enumerate() {
            if let Some(parent) = span.parent_id() {
                children.entry((span.trace_id(), parent)).or_default().push(place);
            }
        }
        Self { spans, index, children }
    }

    /// How many spans there are.
    pub fn len(&self) -> usize {
        self.spans.len()
    }

    /// Whether nothing was captured.
    pub fn is_empty(&self) -> bool {
        self.spans.is_empty()
    }

    /// All spans, by start.
    pub fn spans(&self) -> impl Iterator<Item = SpanNode<'_>> {
        self.spans.iter().map(|record| SpanNode::new(self, record))
    }

    /// The one span with this name.
    ///
    /// # Panics
    ///
    /// When there is none or more than one; the message has the tree.
    #[track_caller]
    pub fn span(&self, name: &str) -> SpanNode<'_> {
        let mut found = self.spans_named(name);
        match (found.next(), found.count()) {
            (Some(span), 0) => span,
            (None, _) => panic!("no span is named `{name}`; captured:\n{}", self.tree()),
            (Some(_), others) => {
                panic!("{} spans are named `{name}`, not one; captured:\n{}", others + 1, self.tree())
            }
        }
    }

    /// The span with this name that started first, if there is one.
    pub fn find(&self, name: &str) -> Option<SpanNode<'_>> {
        self.spans_named(name).next()
    }

    /// All spans with this name, by start.
    pub fn spans_named(&self, name: &str) -> impl Iterator<Item = SpanNode<'_>> {
        self.spans().filter(move |span| span.name() == name)
    }

    /// The span with this ID, if it was captured.
    pub fn by_id(&self, trace_id: TraceId, span_id: SpanId) -> Option<SpanNode<'_>> {
        self.index.get(&(trace_id, span_id)).map(|&place| SpanNode::new(self, &self.spans[place]))
    }

    /// The spans whose parent was not captured or does not exist, by start.
    pub fn roots(&self) -> impl Iterator<Item = SpanNode<'_>> {
        self.spans().filter(|span| span.parent().is_none())
    }

    /// The one root.
    ///
    /// # Panics
    ///
    /// When there is none or more than one; the message has the tree.
    #[track_caller]
    pub fn root(&self) -> SpanNode<'_> {
        let mut roots = self.roots();
        match (roots.next(), roots.count()) {
            (Some(root), 0) => root,
            (None, _) => panic!("nothing was captured"),
            (Some(_), others) => {
                panic!("{} spans have no parent here, not one; captured:\n{}", others + 1, self.tree())
            }
        }
    }

    /// Spans that say their parent is in this process, though it was not captured: it has not ended, was not sampled
    /// or was lost.
    pub fn orphans(&self) -> impl Iterator<Item = SpanNode<'_>> {
        self.spans().filter(SpanNode::is_orphan)
    }

    /// The traces the spans are in.
    pub fn trace_ids(&self) -> BTreeSet<TraceId> {
        self.spans.iter().map(SpanRecord::trace_id).collect()
    }

    /// The spans as indented text, see [`Tree`].
    pub fn tree(&self) -> Tree<'_> {
        Tree::new(self)
    }

    pub(super) fn children_of(&self, span: &SpanRecord) -> impl Iterator<Item = SpanNode<'_>> {
        let places = self.children.get(&(span.trace_id(), span.span_id()));
        places.into_iter().flatten().map(|&place| SpanNode::new(self, &self.spans[place]))
    }
}

impl FromIterator<SpanRecord> for Trace {
    fn from_iter<I: IntoIterator<Item = SpanRecord>>(spans: I) -> Self {
        Self::new(spans.into_iter().collect())
    }
}

fn by_start(span: &SpanRecord) -> (u64, &str, TraceId, SpanId) {
    (span.start(), span.name(), span.trace_id(), span.span_id())
}
