//! The first column of a row: where it is in the tree, how it ended, its name.

use anstyle::Style as Paint;

use crate::export::terminal::Entry;
use crate::export::terminal::header::mark;
use crate::export::terminal::line::{DIM, Line, ODD, PLAIN, VERY_BAD};
use crate::export::terminal::rows::Row;
use crate::export::terminal::style::Style;
use crate::export::terminal::text::{fit, width};
use crate::export::terminal::units;
use crate::span::Outcome;
use crate::unprintable::clean;

/// The first column of a row.
#[derive(Debug)]
pub(super) struct Label<'a> {
    /// For each level, whether its line goes on below.
    guides: Vec<bool>,
    name: String,
    /// ` ×12`, ` #2`, ` 404`: never cut.
    suffix: String,
    /// ` (max 40 ms)`, `, 500 ms later`, `, 5 found`: left out where the name would be cut.
    aside: String,
    mark: String,
    paint: Paint,
    style: &'a Style,
}

impl<'a> Label<'a> {
    pub(super) fn new(entries: &[Entry], row: &Row, guides: Vec<bool>, style: &'a Style) -> Self {
        let entry = &entries[row.places[0]];
        let (paint, mark) = match entry.outcome {
            Outcome::Ok => (PLAIN, String::new()),
            outcome => (mark(outcome, style.unicode).0, format!("{} ", mark(outcome, style.unicode).1)),
        };
        let (suffix, aside) = suffix(entry, row, style);
        let name = match &entry.service {
            Some(service) if entry.is_local_root => clean(&format!("{service}: {}", entry.name)),
            _ => clean(&entry.name),
        };
        Self { guides, name, suffix, aside, mark, paint, style }
    }

    /// The columns it takes uncut.
    pub(super) fn width(&self) -> usize {
        let texts = [&self.mark, &self.name, &self.suffix, &self.aside];
        2 * self.guides.len() + texts.into_iter().map(|text| width(text)).sum::<usize>()
    }

    /// Adds it to `line`, cut to `columns`.
    pub(super) fn write(&self, line: &mut Line, columns: usize) {
        line.push(DIM, &self.lines(columns, true)).push(self.paint, &self.mark);
        let suffix = fit(&self.suffix, columns.saturating_sub(line.columns()), "");
        let room = columns.saturating_sub(line.columns() + width(&suffix));
        line.push(self.paint, &fit(&self.name, room, self.style.ellipsis())).push(DIM, &suffix);
        if line.columns() + width(&self.aside) <= columns {
            line.push(DIM, &self.aside);
        }
    }

    /// The start of a line below the row that belongs to it, above its children if it has any.
    pub(super) fn continuation(&self, columns: usize, has_children: bool) -> Line {
        let mut line = Line::new(self.style.color);
        line.push(DIM, &self.lines(columns, false));
        line.push(DIM, if has_children { self.pick("│ ", "| ") } else { "  " });
        line
    }

    /// The lines of the tree, at most half of the columns; on the row itself with the branch to it.
    fn lines(&self, columns: usize, with_branch: bool) -> String {
        let mut text = String::new();
        let shown = self.guides.len().min(columns / 4);
        let cut = self.guides.len() - shown;
        for (level, &goes_on) in self.guides.iter().enumerate().skip(cut) {
            let is_branch = with_branch && level + 1 == self.guides.len();
            text += match (is_branch, goes_on) {
                (true, true) => self.pick("├ ", "|-"),
                (true, false) => self.pick("└ ", "`-"),
                (false, true) => self.pick("│ ", "| "),
                (false, false) => "  ",
            };
        }
        text
    }

    const fn pick(&self, unicode: &'static str, ascii: &'static str) -> &'static str {
        if self.style.unicode { unicode } else { ascii }
    }
}

/// What stands after the name, and what may be left out of that.
fn suffix(entry: &Entry, row: &Row, style: &Style) -> (String, String) {
    let time = |nanoseconds| units::duration(nanoseconds, style.unicode);
    if row.places.len() > 1 {
        let times = if style.unicode { "×" } else { "x" };
        let count = units::count(row.places.len() as u64);
        return (format!(" {times}{count}"), format!(" (max {})", time(row.longest)));
    }
    // With a message, the word stands in front of that.
    let outcome = match entry.outcome {
        Outcome::Cancelled if entry.message.is_none() => " cancelled",
        Outcome::Panicked if entry.message.is_none() => " panicked",
        _ => "",
    };
    if !outcome.is_empty() {
        return (outcome.to_owned(), String::new());
    }
    let number = entry.attempt.map(|number| format!(" #{number}"));
    let number = number.or_else(|| entry.status.map(|status| format!(" {status}")));
    let waited = entry.waited.map(|waited| format!(", {} later", time(waited)));
    let found = entry.found.map(|found| format!(", {found} found"));
    (number.unwrap_or_default(), waited.or(found).unwrap_or_default())
}

/// The words below a row that did not end well, and their colour.
pub(super) fn complaint(entry: &Entry) -> Option<(Paint, String)> {
    let message = entry.message.as_deref()?;
    match entry.outcome {
        Outcome::Ok => None,
        Outcome::Error => Some((VERY_BAD, message.to_owned())),
        Outcome::Panicked => Some((VERY_BAD, format!("panicked: {message}"))),
        Outcome::Cancelled => Some((ODD, format!("cancelled: {message}"))),
    }
}
