//! Text with and without colours.

use std::io::Write;

use anstyle::{AnsiColor, Style};
use tracing_core::Level;

use crate::unprintable::is_unprintable;

/// Writes text in styles, or plain.
#[derive(Clone, Copy, Debug)]
pub(super) struct Paint {
    pub(super) color: bool,
}

pub(super) const DIM: Style = Style::new().dimmed();
pub(super) const BOLD: Style = Style::new().bold();
pub(super) const RED: Style = AnsiColor::Red.on_default();
pub(super) const YELLOW: Style = AnsiColor::Yellow.on_default();
pub(super) const GREEN: Style = AnsiColor::Green.on_default();

impl Paint {
    /// Appends `text`, which has no control characters of its own: see [`printable`].
    pub(super) fn write(self, out: &mut Vec<u8>, style: Style, text: &str) {
        // Writing to a buffer does not fail.
        let _ = if self.color { write!(out, "{style}{text}{style:#}") } else { write!(out, "{text}") };
    }
}

/// The style of a level.
pub(super) fn of_level(level: Level) -> Style {
    match level {
        Level::ERROR => RED,
        Level::WARN => YELLOW,
        Level::INFO => GREEN,
        Level::DEBUG => AnsiColor::Blue.on_default(),
        _ => AnsiColor::Magenta.on_default(),
    }
}

/// `text` with what is unprintable made visible, so that what is logged can neither paint the terminal nor pass for a line
/// of its own, nor stand elsewhere in its line than it does: further lines of a text are indented.
pub(super) fn printable(text: &str) -> String {
    let mut printable = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\n' => printable.push_str("\n    "),
            '\t' => printable.push(character),
            _ if is_unprintable(character) => printable.extend(character.escape_default()),
            _ => printable.push(character),
        }
    }
    printable
}

#[cfg(test)]
mod tests {
    use super::printable;

    #[test]
    fn what_is_logged_cannot_paint_the_terminal() {
        assert_eq!(printable("\u{1b}[31mred\u{9b}1m\u{7f}"), r"\u{1b}[31mred\u{9b}1m\u{7f}");
    }

    #[test]
    fn what_is_logged_cannot_pass_for_a_line() {
        assert_eq!(printable("one\r\ntwo\tthree"), "one\\r\n    two\tthree");
        assert_eq!(printable("one\u{2028}two\u{2029}"), r"one\u{2028}two\u{2029}");
    }

    #[test]
    fn what_is_logged_stays_in_its_place() {
        assert_eq!(printable("\u{202e}KO\u{2066}\u{200f}\u{feff}"), r"\u{202e}KO\u{2066}\u{200f}\u{feff}");
    }
}
