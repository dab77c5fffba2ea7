//! Mail addresses.

use std::ops::Range;

/// The address around the `@` at `at`; it begins at `from` at the earliest.
pub(super) fn around(text: &str, from: usize, at: usize) -> Option<Range<usize>> {
    let local = text[from..at].chars().rev().take_while(|&char| is_word(char) || "._%+-'".contains(char));
    let start = at - local.map(char::len_utf8).sum::<usize>();
    let domain = text[at + 1..].chars().take_while(|&char| is_word(char) || ".-".contains(char));
    let end = at + 1 + domain.map(char::len_utf8).sum::<usize>();
    // The end of a sentence is none of a domain.
    let domain = text[at + 1..end].trim_end_matches(['.', '-']);
    let (name, top) = domain.rsplit_once('.')?;
    let is_domain =
        !name.is_empty() && top.chars().count() >= 2 && !top.starts_with(|char: char| char.is_ascii_digit());
    (start < at && is_domain).then(|| start..at + 1 + domain.len())
}

/// Letters of Latin scripts and digits: others do not separate words by spaces.
fn is_word(char: char) -> bool {
    char.is_ascii_alphanumeric() || ('\u{c0}'..='\u{24f}').contains(&char)
}
