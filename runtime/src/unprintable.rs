//! What a terminal must not be sent as it is: texts may come from outside.

/// `text` with everything escaped that is unprintable.
pub(crate) fn clean(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    for character in text.chars() {
        if is_unprintable(character) {
            clean.extend(character.escape_default());
        } else {
            clean.push(character);
        }
    }
    clean
}

/// Whether the character could move the cursor, colour what follows, begin a line of its own or reorder what is shown:
/// control characters (C0, C1, DEL), line and paragraph separators, and marks of direction.
pub(crate) fn is_unprintable(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::clean;

    #[test]
    fn a_text_cannot_bring_escape_sequences_or_change_its_direction() {
        assert_eq!(clean("a\x1b[31mb\r\n\t\x07"), r"a\u{1b}[31mb\r\n\t\u{7}");
        assert_eq!(clean("\u{9b}31m \u{202e}evil"), r"\u{9b}31m \u{202e}evil");
        assert_eq!(clean("検索 naïve 👩‍🔬"), "検索 naïve 👩‍🔬");
    }
}
