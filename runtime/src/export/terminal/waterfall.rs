//! The text of one trace.

use crate::export::terminal::Entry;
use crate::export::terminal::bar::Scale;
use crate::export::terminal::forest::Forest;
use crate::export::terminal::header::{Occasion, header};
use crate::export::terminal::label::Label;
use crate::export::terminal::layout::Layout;
use crate::export::terminal::line::{DIM, Line, PLAIN, flow};
use crate::export::terminal::page::Page;
use crate::export::terminal::rows::{Row, choose, guides, rows};
use crate::export::terminal::style::Style;
use crate::export::terminal::totals::totals;
use crate::export::terminal::units;

/// More rows than this are for a viewer.
const MOST_ROWS: usize = 200;

/// One trace, to be shown as a tree with bars to scale.
///
/// Below a line with name, duration, request ID and trace ID of the local root stands a row for each span: its name,
/// how long it took, how long none of its children was at work, and when that was; a bar is thick where the span
/// itself was at work and thin where it waited for its children. Four alike siblings or more are one row, with their
/// number, the longest, and their durations added up. Errors say what they say, model calls their tokens and cost. Of
/// more than 200 rows, those that failed and those that took longest are shown.
///
/// ```
/// use throughline::export::terminal::{Style, Waterfall};
///
/// assert_eq!(Waterfall::new(Vec::new()).render(&Style::plain(80)), "");
/// ```
#[derive(Clone, Debug)]
pub struct Waterfall {
    entries: Vec<Entry>,
    occasion: Occasion,
}

impl Waterfall {
    /// The waterfall of a trace's spans, in any order.
    pub fn new(entries: Vec<Entry>) -> Self {
        Self { entries, occasion: Occasion::Finished }
    }

    pub(super) const fn on(entries: Vec<Entry>, occasion: Occasion) -> Self {
        Self { entries, occasion }
    }

    /// When its first span started, nanoseconds since 1970.
    pub(super) fn start(&self) -> u64 {
        self.entries.iter().map(|entry| entry.start).min().unwrap_or(0)
    }

    /// Whether a span of it failed.
    pub(super) fn failed(&self) -> bool {
        self.entries.iter().any(Entry::failed)
    }

    /// The text, lines that end with a newline; empty when there are no spans.
    pub fn render(&self, style: &Style) -> String {
        let style = &Style { width: style.width.max(20), ..*style };
        let forest = Forest::new(&self.entries);
        let Some(root) = self.root(&forest) else { return String::new() };
        let mut text = String::new();
        header(&mut text, root, &self.entries, &self.occasion, style);
        let (rows, left_out) = choose(&self.entries, rows(&self.entries, &forest), MOST_ROWS);
        self.body(&mut text, &rows, style);
        self.footer(&mut text, &forest, left_out, style);
        text
    }

    /// The local root that started first; else the first span of all.
    fn root(&self, forest: &Forest) -> Option<&Entry> {
        let roots = || forest.roots.iter().map(|&place| &self.entries[place]);
        roots().find(|entry| entry.is_local_root).or_else(|| roots().next())
    }

    fn body(&self, text: &mut String, rows: &[Row], style: &Style) {
        let labels: Vec<Label<'_>> = rows
            .iter()
            .zip(guides(rows))
            .map(|(row, guides)| Label::new(&self.entries, row, guides, style))
            .collect();
        let layout = Layout::new(style.width, labels.iter().map(Label::width).max().unwrap_or(0));
        let from = self.start();
        let to = self.entries.iter().map(Entry::end).max().unwrap_or(0);
        let hottest = rows.iter().map(|row| row.self_time).max().unwrap_or(0);
        let mut page = Page { text, style, layout, scale: Scale { from, to }, hottest };
        page.columns();
        for ((index, row), label) in rows.iter().enumerate().zip(&labels) {
            let has_children = rows.get(index + 1).is_some_and(|next| next.depth > row.depth);
            page.row(&self.entries, row, label, has_children);
        }
    }

    fn footer(&self, text: &mut String, forest: &Forest, left_out: usize, style: &Style) {
        let indent = Line::new(style.color).indent(2);
        let mut pieces: Vec<_> =
            totals(&self.entries, forest, style).into_iter().map(|it| (PLAIN, it)).collect();
        if left_out > 0 {
            let spans = units::plural(left_out as u64, "span");
            pieces.push((DIM, format!("{spans} more, each faster than those shown")));
        }
        if !pieces.is_empty() {
            flow(text, indent.clone(), &indent, &pieces, style.separator(), style.width);
        }
    }
}
