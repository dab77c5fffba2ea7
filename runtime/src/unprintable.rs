//! What a terminal must not be sent as it is: texts may come from outside.

/// Whether the character could move the cursor, colour what follows, begin a line of its own or reorder what is shown:
/// control characters (C0, C1, DEL), line and paragraph separators, and marks of direction.
pub(crate) fn is_unprintable(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}
