//! One pass over a text that finds all patterns.

use std::borrow::Cow;
use std::ops::Range;

use super::{Pattern, mail, number, secret};

/// `text` with its matches replaced; borrowed when there are none.
pub(super) fn replace<'a>(text: &'a str, patterns: &[Pattern]) -> Cow<'a, str> {
    let mut replaced = String::new();
    let mut done = 0;
    let mut at = 0;
    while let Some((found, pattern)) = next(text, done, at, patterns) {
        replaced.push_str(&text[done..found.start]);
        replaced.push_str(pattern.replacement());
        done = found.end;
        at = found.end;
    }
    if done == 0 {
        return Cow::Borrowed(text);
    }
    replaced.push_str(&text[done..]);
    Cow::Owned(replaced)
}

/// The first match that is seen at `at` or behind it. It begins at `done` at the earliest.
fn next(text: &str, done: usize, at: usize, patterns: &[Pattern]) -> Option<(Range<usize>, Pattern)> {
    let bytes = text.as_bytes();
    let mut at = at;
    while let Some(byte) = bytes.get(at) {
        let begins = at == 0 || !bytes[at - 1].is_ascii_alphanumeric();
        let found = match byte {
            b'@' => mail::around(text, done, at).map(|found| (found, Pattern::Mail)),
            b'0'..=b'9' | b'+' | b'(' if begins => number::at(bytes, at, patterns),
            &byte if begins && secret::can_begin_with(byte) => secret::at(text, at),
            _ => None,
        };
        match found {
            Some((found, pattern)) if patterns.contains(&pattern) => return Some((found, pattern)),
            _ => at += 1,
        }
    }
    None
}
