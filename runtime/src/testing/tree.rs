//! Captured spans as text.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use crate::span::{Kind, Outcome};
use crate::testing::{LinkRecord, OwnedValue, SpanNode, Trace};

/// Captured spans as indented text, one line a span: its name, its kind unless internal, its outcome unless ok, and on
/// demand attributes, events and links.
///
/// Siblings are in the order of their text and not of time, so that the text is the same whichever thread was faster;
/// [`by_time`](Self::by_time) asks for the order in which they started. IDs and durations are left out.
///
/// ```text
/// POST /ask [server]
///   chat gpt-4o [client] error: rate limited
///   search {gen_ai.retrieval.top_k: 3}
/// ```
///
/// It compares with text, whose common indentation and empty lines at the ends do not matter.
#[derive(Clone)]
pub struct Tree<'a> {
    trace: &'a Trace,
    attributes: Shown<'a>,
    events: bool,
    links: bool,
    by_time: bool,
}

#[derive(Clone)]
enum Shown<'a> {
    None,
    Some(Vec<Cow<'a, str>>),
    All,
}

impl Shown<'_> {
    fn includes(&self, key: &str) -> bool {
        match self {
            Self::None => false,
            Self::Some(keys) => keys.iter().any(|known| known == key),
            Self::All => true,
        }
    }
}

impl<'a> Tree<'a> {
    pub(super) const fn new(trace: &'a Trace) -> Self {
        Self { trace, attributes: Shown::None, events: false, links: false, by_time: false }
    }

    /// The same with all attributes.
    pub fn with_attributes(mut self) -> Self {
        self.attributes = Shown::All;
        self
    }

    /// The same with the attributes that have one of these keys.
    pub fn with<K: Into<Cow<'a, str>>>(mut self, keys: impl IntoIterator<Item = K>) -> Self {
        self.attributes = Shown::Some(keys.into_iter().map(Into::into).collect());
        self
    }

    /// The same with events, one a line, marked `*`.
    pub const fn with_events(mut self) -> Self {
        self.events = true;
        self
    }

    /// The same with links, one a line, marked `->`.
    pub const fn with_links(mut self) -> Self {
        self.links = true;
        self
    }

    /// The same with siblings in the order in which they started.
    pub const fn by_time(mut self) -> Self {
        self.by_time = true;
        self
    }

    fn text(&self) -> String {
        let roots = self.trace.roots().map(|root| self.branch(&root, 0)).collect();
        self.ordered(roots).join("\n")
    }

    fn ordered(&self, mut branches: Vec<String>) -> Vec<String> {
        if !self.by_time {
            branches.sort();
        }
        branches
    }

    /// A span and what is below it.
    fn branch(&self, span: &SpanNode<'_>, depth: usize) -> String {
        let indent = "  ".repeat(depth);
        let mut lines = vec![format!("{indent}{}", self.line(span))];
        if self.events {
            let line = |event: &crate::testing::EventRecord| {
                format!("{indent}  * {}{}", event.name(), listed(event.attributes(), |_| true))
            };
            lines.extend(span.events().iter().map(line));
        }
        if self.links {
            lines.extend(span.links().iter().map(|link| format!("{indent}  -> {}", self.target(link))));
        }
        let children = span.children();
        lines.extend(self.ordered(children.iter().map(|child| self.branch(child, depth + 1)).collect()));
        lines.join("\n")
    }

    fn line(&self, span: &SpanNode<'_>) -> String {
        let mut line = span.name().to_owned();
        line += kind(span.kind());
        line += outcome(span.outcome());
        if let Some(message) = span.message() {
            line += ": ";
            line += message;
        }
        line += &listed(span.attributes(), |key| self.attributes.includes(key));
        line += match span.parent() {
            None if span.is_orphan() => " (orphan: its parent was not captured)",
            None if span.parent_is_remote() => " (remote parent)",
            _ => "",
        };
        line
    }

    fn target(&self, link: &LinkRecord) -> String {
        match self.trace.by_id(link.trace_id, link.span_id) {
            Some(span) => span.name().to_owned(),
            None => format!("{} in {}", link.span_id, link.trace_id),
        }
    }
}

const fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Internal => "",
        Kind::Server => " [server]",
        Kind::Client => " [client]",
        Kind::Producer => " [producer]",
        Kind::Consumer => " [consumer]",
    }
}

const fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Ok => "",
        Outcome::Error => " error",
        Outcome::Panicked => " panicked",
        Outcome::Cancelled => " cancelled",
    }
}

/// ` {key: value, ..}`, or nothing.
fn listed(attributes: &BTreeMap<String, OwnedValue>, shown: impl Fn(&str) -> bool) -> String {
    let chosen: Vec<_> = attributes
        .iter()
        .filter(|(key, _)| shown(key))
        .map(|(key, value)| format!("{key}: {value}"))
        .collect();
    if chosen.is_empty() { String::new() } else { format!(" {{{}}}", chosen.join(", ")) }
}

/// The text without its common indentation, trailing spaces, and empty lines at its ends.
pub(super) fn dedent(text: &str) -> String {
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    let indent = |line: &&str| line.len() - line.trim_start().len();
    let common = lines.iter().filter(|line| !line.is_empty()).map(indent).min().unwrap_or_default();
    let cut: Vec<&str> = lines.iter().map(|line| line.get(common..).unwrap_or_default()).collect();
    cut.join("\n").trim_matches('\n').to_owned()
}

impl fmt::Display for Tree<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text())
    }
}

/// The text on lines of its own, as a failed `assert_eq!` should show it.
impl fmt::Debug for Tree<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\n{}\n", self.text())
    }
}

impl PartialEq<str> for Tree<'_> {
    fn eq(&self, other: &str) -> bool {
        dedent(&self.text()) == dedent(other)
    }
}

impl PartialEq<&str> for Tree<'_> {
    fn eq(&self, other: &&str) -> bool {
        *self == **other
    }
}
