//! Writes attributes into the words of a log. The size is known before the first word is written.

use super::record::{KeyRef, Tag, words_of};
use super::sync::{AtomicU64, Ordering};
use crate::span::Value;

/// Words of the longest record that goes into a log: about 1 KiB. Longer values go aside.
pub(crate) const LONGEST_RECORD: usize = 160;

/// A cursor over reserved words. Writing past their end does nothing: sizes are computed by the same rules.
pub(crate) struct Writer<'a> {
    words: &'a [AtomicU64],
}

impl<'a> Writer<'a> {
    #[inline]
    pub(crate) fn new(words: &'a [AtomicU64]) -> Self {
        Self { words }
    }

    #[inline]
    pub(crate) fn word(&mut self, value: u64) {
        if let Some((word, rest)) = self.words.split_first() {
            word.store(value, Ordering::Relaxed);
            self.words = rest;
        }
    }

    /// The length, then the bytes.
    pub(crate) fn text(&mut self, text: &str) {
        self.word(text.len() as u64);
        self.bytes(text.as_bytes());
    }

    fn bytes(&mut self, bytes: &[u8]) {
        let (eights, tail) = bytes.as_chunks();
        eights.iter().for_each(|eight| self.word(u64::from_le_bytes(*eight)));
        if !tail.is_empty() {
            self.word(last_word(bytes, tail.len()));
        }
    }

    pub(crate) fn attribute(&mut self, key: KeyRef<'_>, value: Value<'_>) {
        let text = if let KeyRef::Text(text) = key { Some(text) } else { None };
        self.rare(u64::from(key.code()) << 16, text, value);
    }

    /// The usual values with a key by index: two words, or a word and text. `None` for others, and when there is no room;
    /// some words may be written then.
    #[inline(always)]
    pub(crate) fn usual(&mut self, index: u16, value: Value<'_>) -> Option<()> {
        let code = u64::from(index) << 16;
        let (tag, word) = match value {
            Value::Empty => return Some(()),
            Value::Bool(value) => return self.usual_bool(code, value),
            Value::I64(value) => (Tag::I64, value as u64),
            Value::U64(value) => (Tag::U64, value),
            Value::F64(value) => (Tag::F64, value.to_bits()),
            Value::Str(text) => {
                self.words = usual_text(self.words, code, text)?;
                return Some(());
            }
            _ => return None,
        };
        let ([first, second], rest) = self.words.split_first_chunk()?;
        first.store(tag as u64 | code, Ordering::Relaxed);
        second.store(word, Ordering::Relaxed);
        self.words = rest;
        Some(())
    }

    #[inline(always)]
    fn usual_bool(&mut self, code: u64, value: bool) -> Option<()> {
        let (word, rest) = self.words.split_first()?;
        word.store(Tag::Bool as u64 | code | u64::from(value) << 32, Ordering::Relaxed);
        self.words = rest;
        Some(())
    }

    /// The words not written yet.
    pub(crate) fn rest(&self) -> &'a [AtomicU64] {
        self.words
    }

    /// Any value.
    #[inline(never)]
    fn rare(&mut self, key: u64, key_text: Option<&str>, value: Value<'_>) {
        let (tag, length) = match value {
            Value::Empty => return,
            Value::Bool(value) => (Tag::Bool, usize::from(value)),
            Value::I64(_) => (Tag::I64, 0),
            Value::U64(_) => (Tag::U64, 0),
            Value::F64(_) => (Tag::F64, 0),
            Value::I128(_) => (Tag::I128, 0),
            Value::U128(_) => (Tag::U128, 0),
            Value::Str(text) => (Tag::Str, text.len()),
            Value::Array(array) => {
                (Tag::Array, (0..array.len()).map(|index| element_words(array.get(index))).sum())
            }
        };
        self.word(tag as u64 | key | (length as u64) << 32);
        if let Some(text) = key_text {
            self.text(text);
        }
        match value {
            Value::Empty | Value::Bool(_) => {}
            Value::I64(value) => self.word(value as u64),
            Value::U64(value) => self.word(value),
            Value::F64(value) => self.word(value.to_bits()),
            Value::I128(value) => self.wide(*value as u128),
            Value::U128(value) => self.wide(*value),
            Value::Str(text) => self.bytes(text.as_bytes()),
            Value::Array(array) => (0..array.len()).for_each(|index| self.rare(0, None, array.get(index))),
        }
    }

    fn wide(&mut self, value: u128) {
        self.word(value as u64);
        self.word((value >> 64) as u64);
    }
}

/// Writes a text, and returns the words behind it. Not inlined: it stands once for every attribute of a program.
#[inline(never)]
fn usual_text<'a>(words: &'a [AtomicU64], code: u64, text: &str) -> Option<&'a [AtomicU64]> {
    let bytes = text.as_bytes();
    let (head, words) = words.split_first()?;
    let (places, rest) = words.split_at_checked(words_of(bytes.len()))?;
    head.store(Tag::Str as u64 | code | (bytes.len() as u64) << 32, Ordering::Relaxed);
    // Most texts without a loop, which would be unrolled, with more branches than stores.
    match (places, bytes.first_chunk()) {
        ([only], None) => only.store(short_word(bytes), Ordering::Relaxed),
        ([first, second], Some(head)) => {
            first.store(u64::from_le_bytes(*head), Ordering::Relaxed);
            second.store(last_word(bytes, bytes.len() - 8), Ordering::Relaxed);
        }
        _ => return Some(fill(places, bytes, rest)),
    }
    Some(rest)
}

/// Writes `bytes` into as many words as they take. Returns `rest`, which its caller then need not keep.
#[inline(never)]
fn fill<'a>(places: &[AtomicU64], bytes: &[u8], rest: &'a [AtomicU64]) -> &'a [AtomicU64] {
    let (eights, tail) = bytes.as_chunks();
    for (place, eight) in places.iter().zip(eights) {
        place.store(u64::from_le_bytes(*eight), Ordering::Relaxed);
    }
    if let (false, Some(place)) = (tail.is_empty(), places.last()) {
        place.store(last_word(bytes, tail.len()), Ordering::Relaxed);
    }
    rest
}

/// The last `count` bytes, 1 to 8, as a word.
#[inline]
fn last_word(bytes: &[u8], count: usize) -> u64 {
    match bytes.last_chunk() {
        // The last eight bytes overlap those written already: these are shifted out.
        Some(last) => u64::from_le_bytes(*last) >> (8 * (8 - count)),
        None => short_word(bytes),
    }
}

/// Fewer than 8 bytes as a word: from both ends, which may overlap.
#[inline]
fn short_word(bytes: &[u8]) -> u64 {
    let ends = |first: u64, last: u64, size: usize| first | last << (8 * (bytes.len() - size));
    if let (Some(first), Some(last)) = (bytes.first_chunk(), bytes.last_chunk()) {
        ends(u32::from_le_bytes(*first).into(), u32::from_le_bytes(*last).into(), 4)
    } else if let (Some(first), Some(last)) = (bytes.first_chunk(), bytes.last_chunk()) {
        ends(u16::from_le_bytes(*first).into(), u16::from_le_bytes(*last).into(), 2)
    } else {
        bytes.first().copied().map_or(0, u64::from)
    }
}

/// The words that an attribute takes.
#[inline]
pub(crate) fn attribute_words(key: KeyRef<'_>, value: Value<'_>) -> usize {
    match (value, key) {
        (Value::Empty, _) => 0,
        (value, KeyRef::Text(text)) => element_words(value) + text_words(text),
        (value, _) => element_words(value),
    }
}

/// The words that a text with its length takes.
pub(crate) fn text_words(text: &str) -> usize {
    1 + words_of(text.len())
}

#[inline]
fn element_words(value: Value<'_>) -> usize {
    match value {
        Value::Empty => 0,
        Value::Bool(_) => 1,
        Value::I64(_) | Value::U64(_) | Value::F64(_) => 2,
        Value::I128(_) | Value::U128(_) => 3,
        Value::Str(text) => 1 + words_of(text.len()),
        Value::Array(array) => {
            1 + (0..array.len()).map(|index| element_words(array.get(index))).sum::<usize>()
        }
    }
}
