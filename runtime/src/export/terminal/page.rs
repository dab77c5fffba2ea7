//! The rows of a waterfall as text.

use anstyle::Style as Paint;

use crate::export::terminal::Entry;
use crate::export::terminal::bar::{Scale, bar};
use crate::export::terminal::label::{Label, complaint};
use crate::export::terminal::layout::Layout;
use crate::export::terminal::line::{BAD, BOLD, DIM, Line, MODEL, ODD, PLAIN, STEP, WORK, flow};
use crate::export::terminal::model::ModelCall;
use crate::export::terminal::rows::Row;
use crate::export::terminal::style::Style;
use crate::export::terminal::text::wrap;
use crate::export::terminal::units;
use crate::span::Outcome;

/// The lines an error gets.
const ERROR_LINES: usize = 4;

/// The rows of a waterfall, written one by one.
#[derive(Debug)]
pub(super) struct Page<'a> {
    pub(super) text: &'a mut String,
    pub(super) style: &'a Style,
    pub(super) layout: Layout,
    pub(super) scale: Scale,
    /// The most time that a row spent itself: where to look first.
    pub(super) hottest: u64,
}

impl Page<'_> {
    /// The line that names the columns, with the ends of the scale above the bars.
    pub(super) fn columns(&mut self) {
        let mut line = Line::new(self.style.color);
        line.right_to(self.layout.total, DIM, "total");
        if let Some(end) = self.layout.self_time {
            line.right_to(end, DIM, "self");
        }
        if let Some((from, columns)) = self.layout.bar {
            let whole = units::duration(self.scale.to.saturating_sub(self.scale.from), self.style.unicode);
            line.pad_to(from).push(DIM, "0").right_to(from + columns, DIM, &whole);
        }
        line.finish(self.text);
    }

    pub(super) fn row(&mut self, entries: &[Entry], row: &Row, label: &Label<'_>, has_children: bool) {
        let entry = &entries[row.places[0]];
        self.numbers(entry, row, label);
        self.call(entries, row, label, has_children);
        self.complaint(entry, label, has_children);
    }

    fn numbers(&mut self, entry: &Entry, row: &Row, label: &Label<'_>) {
        let mut line = Line::new(self.style.color);
        label.write(&mut line, self.layout.name);
        let time = |nanoseconds| units::duration(nanoseconds, self.style.unicode);
        line.right_to(self.layout.total, PLAIN, &time(row.total));
        if let Some(end) = self.layout.self_time {
            let paint = if row.self_time == self.hottest { BOLD } else { DIM };
            line.right_to(end, paint, &time(row.self_time));
        }
        if let Some((from, columns)) = self.layout.bar {
            let bar = bar(columns, self.scale, &row.whole, &row.own, self.style.unicode);
            line.pad_to(from).push(paint(entry), &bar);
        }
        line.finish(self.text);
    }

    /// What a model call took, below its row.
    fn call(&mut self, entries: &[Entry], row: &Row, label: &Label<'_>, has_children: bool) {
        let Some(call) = merged(entries, row) else { return };
        let name = &entries[row.places[0]].name;
        let pieces = call.pieces(name, row.places.len() > 1, self.style);
        if pieces.is_empty() {
            return;
        }
        let pieces: Vec<_> = pieces.into_iter().map(|piece| (PLAIN, piece)).collect();
        let indent = label.continuation(self.layout.name, has_children);
        flow(self.text, indent.clone(), &indent, &pieces, self.style.separator(), self.style.width);
    }

    /// Why it did not end well, below its row.
    fn complaint(&mut self, entry: &Entry, label: &Label<'_>, has_children: bool) {
        let Some((paint, words)) = complaint(entry) else { return };
        let indent = label.continuation(self.layout.name, has_children);
        let columns = self.style.width.saturating_sub(indent.columns());
        for part in wrap(&words, columns, ERROR_LINES, self.style.ellipsis()) {
            let mut line = indent.clone();
            line.push(paint, &part);
            line.finish(self.text);
        }
    }
}

fn merged(entries: &[Entry], row: &Row) -> Option<ModelCall> {
    let mut calls = row.places.iter().filter_map(|&place| entries[place].call.as_deref());
    let mut sum = calls.next()?.clone();
    calls.for_each(|call| sum.merge(call));
    Some(sum)
}

const fn paint(entry: &Entry) -> Paint {
    match entry.outcome {
        Outcome::Error | Outcome::Panicked => BAD,
        Outcome::Cancelled => ODD,
        Outcome::Ok if entry.call.is_some() => MODEL,
        Outcome::Ok if entry.is_step => STEP,
        Outcome::Ok => WORK,
    }
}
