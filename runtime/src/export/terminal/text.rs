//! Text that is safe to print and fits.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::unprintable::clean;

/// How many columns `text` takes on a terminal.
pub(super) fn width(text: &str) -> usize {
    text.width()
}

/// `text` cut to `columns`, with `ellipsis` at its end where something is missing.
pub(super) fn fit(text: &str, columns: usize, ellipsis: &str) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    let room = columns.saturating_sub(width(ellipsis));
    let mut fitted = head(text, room).to_owned();
    fitted += head(ellipsis, columns);
    fitted
}

/// The longest start of `text` that takes at most `columns`.
fn head(text: &str, columns: usize) -> &str {
    let mut used = 0;
    let end = text.char_indices().find(|(_, character)| {
        used += character.width().unwrap_or(0);
        used > columns
    });
    &text[..end.map_or(text.len(), |(end, _)| end)]
}

/// `text` on lines of at most `columns`, broken between words where that is possible, after `most` lines cut.
pub(super) fn wrap(text: &str, columns: usize, most: usize, ellipsis: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for paragraph in text.lines().map(str::trim).filter(|paragraph| !paragraph.is_empty()) {
        wrap_paragraph(&clean(paragraph), columns.max(1), &mut lines);
        if lines.len() > most {
            break;
        }
    }
    if lines.len() > most {
        lines.truncate(most);
        if let Some(last) = lines.last_mut() {
            *last = fit(&format!("{last} {}", " ".repeat(columns)), columns, ellipsis);
        }
    }
    lines
}

fn wrap_paragraph(text: &str, columns: usize, lines: &mut Vec<String>) {
    let mut line = String::new();
    for mut word in text.split_whitespace() {
        if !line.is_empty() && width(&line) + 1 + width(word) > columns {
            lines.push(std::mem::take(&mut line));
        }
        while width(word) > columns {
            // At least one character, or a wide one in a single column would never end.
            let first = word.chars().next().map_or(0, char::len_utf8);
            let (start, rest) = word.split_at(head(word, columns).len().max(first));
            lines.push(start.to_owned());
            word = rest;
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    if !line.is_empty() {
        lines.push(line);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_characters_are_cut_by_columns_not_by_count() {
        assert_eq!(fit("検索する", 8, "…"), "検索する");
        assert_eq!(fit("検索する", 7, "…"), "検索す…");
        assert_eq!(fit("検索する", 6, "…"), "検索…");
        assert_eq!(fit("abc", 0, "…"), "");
    }

    #[test]
    fn long_text_breaks_between_words_and_long_words_anywhere() {
        assert_eq!(wrap("no such host here", 7, 9, "…"), ["no such", "host", "here"]);
        assert_eq!(wrap("abcdefgh ij", 3, 9, "…"), ["abc", "def", "gh", "ij"]);
        assert_eq!(wrap("one\n\n  two\x1b", 20, 9, "…"), ["one", r"two\u{1b}"]);
        assert_eq!(wrap("検索", 1, 9, "…"), ["検", "索"]);
    }

    #[test]
    fn what_is_cut_off_shows_that() {
        assert_eq!(wrap("aa bb cc dd", 5, 1, "…"), ["aa b…"]);
        assert_eq!(wrap("a\nb\nc", 5, 2, "…"), ["a", "b   …"]);
    }
}
