//! Keys that are written as paths: `order.id`, `order.r#type`.

/// How long [`key`] is.
pub const fn key_length(written: &str) -> usize {
    let bytes = written.as_bytes();
    let (mut at, mut length) = (0, 0);
    while at < bytes.len() {
        at += mark_at(bytes, at);
        at += 1;
        length += 1;
    }
    length
}

/// The key without the `r#` of its words.
pub const fn key<const LENGTH: usize>(written: &str) -> [u8; LENGTH] {
    let bytes = written.as_bytes();
    let mut key = [0; LENGTH];
    let (mut at, mut length) = (0, 0);
    while at < bytes.len() {
        at += mark_at(bytes, at);
        key[length] = bytes[at];
        at += 1;
        length += 1;
    }
    key
}

/// What [`key`] made, as text.
pub const fn key_text(key: &[u8]) -> &str {
    match std::str::from_utf8(key) {
        Ok(text) => text,
        Err(_) => panic!("a key without its marks is text"),
    }
}

/// The length of a `r#` in front of the word that begins at `at`, or of none.
const fn mark_at(bytes: &[u8], at: usize) -> usize {
    let begins_word = at == 0 || bytes[at - 1] == b'.';
    let is_marked = at + 2 < bytes.len() && bytes[at] == b'r' && bytes[at + 1] == b'#';
    if begins_word && is_marked { 2 } else { 0 }
}
