//! How the waterfall is drawn.

use std::io::IsTerminal;

use terminal_size::{Height, Width, terminal_size_of};

/// The widest that lines are made, however wide the terminal: the eye has to get from a name to its bar.
const WIDEST: usize = 140;
/// The width when nothing tells.
const USUAL: usize = 100;

/// How the waterfall is drawn. Plain unless told, so that a test sees text.
///
/// ```
/// use throughline::export::terminal::Style;
///
/// let style = Style::plain(80).with_color();
/// assert!(style.color && style.unicode);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Style {
    /// The number of columns.
    pub width: usize,
    /// Whether colours and bold are written, as ANSI escape sequences.
    pub color: bool,
    /// Whether bars and lines are drawn with box characters and blocks, not with ASCII.
    pub unicode: bool,
}

impl Style {
    /// Without colours, with Unicode's boxes and blocks.
    pub const fn plain(width: usize) -> Self {
        Self { width, color: false, unicode: true }
    }

    /// The same with colours.
    pub const fn with_color(mut self) -> Self {
        self.color = true;
        self
    }

    /// The same in ASCII.
    pub const fn ascii(mut self) -> Self {
        self.unicode = false;
        self
    }

    /// What fits stderr and the environment.
    ///
    /// Colour: off with [`NO_COLOR`](https://no-color.org) or `TERM=dumb`, else on with
    /// [`CLICOLOR_FORCE`](https://bixense.com/clicolors/), else on when stderr is a terminal and `CLICOLOR` is not `0`.
    /// Width: `COLUMNS`, else the terminal's, else 100 columns; at most 140. ASCII: when the locale (`LC_ALL`, `LC_CTYPE`,
    /// `LANG`) names another encoding than UTF-8, or with `TERM=dumb`.
    pub fn of_stderr() -> Self {
        let stderr = std::io::stderr();
        Self::of(stderr.is_terminal(), terminal_size_of(&stderr))
    }

    /// The same for stdout, where a program that shows waterfalls as its result writes them.
    pub fn of_stdout() -> Self {
        let stdout = std::io::stdout();
        Self::of(stdout.is_terminal(), terminal_size_of(&stdout))
    }

    fn of(is_terminal: bool, size: Option<(Width, Height)>) -> Self {
        let columns = size.map(|(Width(columns), _)| usize::from(columns));
        Self::detect(|name| std::env::var(name).ok(), is_terminal, columns)
    }

    fn detect(env: impl Fn(&str) -> Option<String>, is_terminal: bool, columns: Option<usize>) -> Self {
        let env = |name: &str| env(name).filter(|value| !value.is_empty());
        let is_dumb = env("TERM").as_deref() == Some("dumb");
        let forced = env("CLICOLOR_FORCE").is_some_and(|value| value != "0");
        let wanted = is_terminal && env("CLICOLOR").as_deref() != Some("0");
        let said = env("COLUMNS").and_then(|value| value.trim().parse().ok());
        let width = said.or(columns).filter(|&columns| columns > 0).unwrap_or(USUAL);
        Self {
            width: width.min(WIDEST),
            color: env("NO_COLOR").is_none() && !is_dumb && (forced || wanted),
            unicode: !is_dumb && is_utf8(["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(env)),
        }
    }

    pub(super) const fn ellipsis(&self) -> &'static str {
        if self.unicode { "…" } else { ".." }
    }

    pub(super) const fn separator(&self) -> &'static str {
        if self.unicode { " · " } else { " | " }
    }
}

/// Containers often have no locale at all, with a terminal that shows UTF-8 at the other end.
fn is_utf8(locale: Option<String>) -> bool {
    locale.is_none_or(|locale| {
        let locale = locale.to_ascii_lowercase();
        locale.contains("utf-8") || locale.contains("utf8")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn detect(env: &[(&str, &str)], is_terminal: bool, columns: Option<usize>) -> Style {
        let find =
            |name: &str| env.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
        Style::detect(find, is_terminal, columns)
    }

    #[test]
    fn a_terminal_gets_colour_and_a_file_does_not() {
        assert!(detect(&[], true, Some(80)).color);
        assert!(!detect(&[], false, None).color);
    }

    #[test]
    fn no_color_wins_over_everything_and_a_forced_colour_over_a_file() {
        assert!(!detect(&[("NO_COLOR", "1")], true, None).color);
        assert!(!detect(&[("NO_COLOR", "1"), ("CLICOLOR_FORCE", "1")], true, None).color);
        assert!(detect(&[("NO_COLOR", "")], true, None).color);
        assert!(detect(&[("CLICOLOR_FORCE", "1")], false, None).color);
        assert!(!detect(&[("CLICOLOR_FORCE", "0")], false, None).color);
        assert!(!detect(&[("CLICOLOR", "0")], true, None).color);
        assert!(!detect(&[("TERM", "dumb"), ("CLICOLOR_FORCE", "1")], true, None).color);
    }

    #[test]
    fn the_width_is_what_columns_says_then_the_terminals() {
        assert_eq!(detect(&[("COLUMNS", "72")], true, Some(120)).width, 72);
        assert_eq!(detect(&[("COLUMNS", "many")], true, Some(120)).width, 120);
        assert_eq!(detect(&[], false, None).width, 100);
        assert_eq!(detect(&[], true, Some(0)).width, 100);
        assert_eq!(detect(&[], true, Some(400)).width, 140);
    }

    #[test]
    fn a_locale_without_utf_8_gets_ascii() {
        assert!(detect(&[], true, None).unicode);
        assert!(detect(&[("LANG", "de_DE.UTF-8")], true, None).unicode);
        assert!(detect(&[("LC_ALL", "C.utf8"), ("LANG", "C")], true, None).unicode);
        assert!(!detect(&[("LANG", "C")], true, None).unicode);
        assert!(!detect(&[("LC_ALL", "C"), ("LANG", "de_DE.UTF-8")], true, None).unicode);
        assert!(!detect(&[("TERM", "dumb")], true, None).unicode);
    }
}
