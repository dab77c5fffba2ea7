//! Where a text may be cut.

/// How far before the limit a place to cut is looked for: longer than what is redacted.
const BACK: usize = 4 << 10;

/// At most `longest` bytes of `text`, cut where nothing that will be redacted can stand on both sides: a part of a secret
/// would not be known for one.
pub(crate) fn before_a_secret(text: &str, longest: usize) -> &str {
    let end = text.floor_char_boundary(longest);
    let start = text.floor_char_boundary(end.saturating_sub(BACK));
    let bytes = text.as_bytes();
    // Numbers have spaces in them, and no letters; all else that is redacted has no spaces.
    let is_between_words = |&at: &usize| {
        let is_letter = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_alphabetic);
        bytes[at] == b' ' && at > 0 && is_letter(at - 1) && is_letter(at + 1)
    };
    let at = (start..end).rev().find(is_between_words).unwrap_or(start);
    &text[..at]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_between_words_of_letters() {
        assert_eq!(before_a_secret("call 4111 1111 1111 1111 now please", 20), "");
        assert_eq!(before_a_secret("please call jane@example.com now", 25), "please");
        assert_eq!(before_a_secret(&"ä".repeat(5000), 9001).len(), 9000 - BACK);
        assert_eq!(before_a_secret("a b", 0), "");
    }
}
