//! The waterfall of a trace on a terminal.
//!
//! [`TerminalSink`] collects finished spans and prints each trace once its local root has ended, as a tree with
//! durations, time spent in the span itself, and bars to scale; model calls say what they cost. [`Waterfall`] is the
//! text itself: the same spans and [`Style`] give the same text.

mod bar;
mod counts;
mod entry;
mod fold;
mod forest;
mod header;
mod label;
mod layout;
mod line;
mod model;
mod pace;
mod page;
mod pending;
mod printed;
mod rows;
mod sink;
mod style;
mod text;
mod times;
mod totals;
mod units;
mod waterfall;

pub use entry::{Entry, Finished};
pub use sink::TerminalSink;
pub use style::Style;
pub use waterfall::Waterfall;
