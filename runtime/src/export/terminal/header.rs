//! The lines above the rows.

use anstyle::Style as Paint;

use crate::export::terminal::Entry;
use crate::export::terminal::line::{BOLD, DIM, GOOD, Line, ODD, PLAIN, VERY_BAD, flow};
use crate::export::terminal::style::Style;
use crate::export::terminal::text::fit;
use crate::export::terminal::units;
use crate::span::Outcome;
use crate::unprintable::clean;

/// Why a trace is printed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum Occasion {
    /// Its local root ended.
    #[default]
    Finished,
    /// It ended after the rest of its trace was printed.
    Later {
        /// The root that was printed.
        root: Box<str>,
        /// The request of that root.
        request_id: Option<Box<str>>,
        /// When that root started, nanoseconds since 1970.
        start: u64,
    },
    /// Its local root has not ended.
    Unfinished(Why),
}

/// Why a trace is printed before its local root ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Why {
    /// The spans that wait would take too much memory.
    Memory,
    /// Nothing more will come.
    Exit,
}

/// Name, duration, number of errors, request ID and trace ID. IDs are never cut: they are there to be copied.
pub(super) fn header(page: &mut String, root: &Entry, entries: &[Entry], occasion: &Occasion, style: &Style) {
    let (paint, mark) = match occasion {
        Occasion::Finished => mark(root.outcome, style.unicode),
        Occasion::Later { .. } => (ODD, "+"),
        Occasion::Unfinished(_) => (ODD, "?"),
    };
    let mut lead = Line::new(style.color);
    lead.push(paint, mark).push(PLAIN, " ");
    let (title, about) = match occasion {
        Occasion::Finished => (&root.name, (BOLD, units::duration(root.duration, style.unicode))),
        Occasion::Later { root: printed, start, .. } => {
            let after = units::duration(root.start.saturating_sub(*start), style.unicode);
            (printed, (ODD, format!("later, from {after} on")))
        }
        Occasion::Unfinished(why) => (&root.name, (ODD, why.text().to_owned())),
    };
    let room = style.width.saturating_sub(12).max(8);
    let mut pieces = vec![(BOLD, fit(&clean(title), room, style.ellipsis())), about];
    let failed = entries.iter().filter(|entry| entry.failed()).count() as u64;
    pieces.extend((failed > 0).then(|| (VERY_BAD, units::plural(failed, "error"))));
    pieces.extend(request_id(entries, root, occasion).map(|id| (PLAIN, clean(id))));
    pieces.push((DIM, format!("trace {}", root.trace_id)));
    let indent = Line::new(style.color).indent(2);
    flow(page, lead, &indent, &pieces, style.separator(), style.width);
}

fn request_id<'a>(entries: &'a [Entry], root: &'a Entry, occasion: &'a Occasion) -> Option<&'a str> {
    let printed = match occasion {
        Occasion::Later { request_id, .. } => request_id.as_deref(),
        _ => None,
    };
    let any = || entries.iter().find_map(|entry| entry.request_id.as_deref());
    root.request_id.as_deref().or(printed).or_else(any)
}

impl Why {
    const fn text(self) -> &'static str {
        match self {
            Self::Memory => "not finished, shown early to save memory",
            Self::Exit => "not finished",
        }
    }
}

/// The sign of an outcome and its colour.
pub(super) const fn mark(outcome: Outcome, unicode: bool) -> (Paint, &'static str) {
    match (outcome, unicode) {
        (Outcome::Ok, true) => (GOOD, "●"),
        (Outcome::Ok, false) => (GOOD, "*"),
        (Outcome::Error | Outcome::Panicked, true) => (VERY_BAD, "✗"),
        (Outcome::Error | Outcome::Panicked, false) => (VERY_BAD, "x"),
        (Outcome::Cancelled, true) => (ODD, "⊘"),
        (Outcome::Cancelled, false) => (ODD, "~"),
    }
}
