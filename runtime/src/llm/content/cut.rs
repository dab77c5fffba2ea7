//! Where a text may be cut.

/// At most `longest` bytes of `text`, cut where nothing that will be redacted can stand on both sides: a part of a secret
/// would not be known for one. Nothing at all, where there is no such place.
pub(crate) fn before_a_secret(text: &str, longest: usize) -> &str {
    let end = longest.min(text.len());
    let bytes = text.as_bytes();
    let is_letter = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_alphabetic);
    let is_between = |&at: &usize| match bytes.get(at) {
        // Numbers have spaces in them, and no letters; all else that is redacted has no spaces.
        Some(b' ') => at > 0 && is_letter(at - 1) && is_letter(at + 1),
        Some(byte) => b",;!?\n\t\"{}[]<>|".contains(byte) || *byte >= FIRST_OF_OTHER_SCRIPTS,
        None => false,
    };
    let at = (0..end).rev().find(is_between).unwrap_or(0);
    &text[..at]
}

/// The first byte of a character behind those of Latin scripts.
const FIRST_OF_OTHER_SCRIPTS: u8 = 0xca;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_between_words_of_letters() {
        assert_eq!(before_a_secret("call 4111 1111 1111 1111 now please", 20), "");
        assert_eq!(before_a_secret("please call jane@example.com now", 25), "please");
        assert_eq!(before_a_secret("4111 1111 1111 1111, 4111 1111 1111 1111", 30), "4111 1111 1111 1111");
        assert_eq!(before_a_secret("茶は熱いです", 11), "茶は熱");
        assert_eq!(before_a_secret(&"ä".repeat(5000), 9001), "");
        assert_eq!(before_a_secret("a b", 0), "");
        assert_eq!(before_a_secret("a b", 9), "a");
    }
}
