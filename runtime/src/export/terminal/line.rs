//! A line of output that knows how wide it is.

use anstyle::{AnsiColor, Style as Paint};

use crate::export::terminal::text::width;

pub(super) const PLAIN: Paint = Paint::new();
pub(super) const BOLD: Paint = Paint::new().bold();
pub(super) const DIM: Paint = Paint::new().dimmed();
pub(super) const GOOD: Paint = AnsiColor::Green.on_default();
pub(super) const BAD: Paint = AnsiColor::Red.on_default();
pub(super) const VERY_BAD: Paint = AnsiColor::Red.on_default().bold();
pub(super) const ODD: Paint = AnsiColor::Yellow.on_default();
pub(super) const WORK: Paint = AnsiColor::Blue.on_default();
pub(super) const MODEL: Paint = AnsiColor::Magenta.on_default();
pub(super) const STEP: Paint = AnsiColor::Cyan.on_default();

/// A line under construction.
#[derive(Clone, Debug)]
pub(super) struct Line {
    text: String,
    columns: usize,
    color: bool,
}

impl Line {
    pub(super) const fn new(color: bool) -> Self {
        Self { text: String::new(), columns: 0, color }
    }

    /// Adds text, which is clean.
    pub(super) fn push(&mut self, paint: Paint, text: &str) -> &mut Self {
        if self.color && paint != PLAIN && !text.trim().is_empty() {
            self.text += &format!("{paint}{text}{paint:#}");
        } else {
            self.text += text;
        }
        self.columns += width(text);
        self
    }

    /// Adds `columns` spaces.
    pub(super) fn indent(mut self, columns: usize) -> Self {
        self.pad_to(self.columns + columns);
        self
    }

    /// Adds spaces up to `column`.
    pub(super) fn pad_to(&mut self, column: usize) -> &mut Self {
        let missing = column.saturating_sub(self.columns);
        self.push(PLAIN, &" ".repeat(missing))
    }

    /// Adds text that ends at `column`.
    pub(super) fn right_to(&mut self, column: usize, paint: Paint, text: &str) -> &mut Self {
        self.pad_to(column.saturating_sub(width(text))).push(paint, text)
    }

    pub(super) const fn columns(&self) -> usize {
        self.columns
    }

    /// Adds the line to `page`.
    pub(super) fn finish(self, page: &mut String) {
        page.push_str(self.text.trim_end());
        page.push('\n');
    }
}

/// Adds `pieces` to `page`: after `lead` as many as fit, then on lines that begin with `indent`. A piece that fits no line
/// is broken between words, never within one: it may be an ID.
pub(super) fn flow(
    page: &mut String,
    lead: Line,
    indent: &Line,
    pieces: &[(Paint, String)],
    separator: &str,
    columns: usize,
) {
    let mut line = lead;
    let mut is_start = true;
    for (paint, piece) in pieces {
        let is_long = indent.columns + width(piece) > columns;
        let words: Vec<&str> = if is_long { piece.split(' ').collect() } else { vec![piece] };
        for (index, word) in words.into_iter().enumerate() {
            let separator = if index == 0 { separator } else { " " };
            if !is_start && line.columns + width(separator) + width(word) > columns {
                std::mem::replace(&mut line, indent.clone()).finish(page);
                is_start = true;
            }
            if !is_start {
                line.push(DIM, separator);
            }
            line.push(*paint, word);
            is_start = false;
        }
    }
    line.finish(page);
}
