//! Writes attributes into the words of a log. The size is known before the first word is written.

use super::record::{KeyRef, Tag, words_of};
use super::sync::{AtomicU64, Ordering};
use crate::span::Value;

/// Words of the longest record that goes into a log: about 1 KiB. Longer values go aside.
pub(crate) const LONGEST_RECORD: usize = 160;

/// A cursor over reserved words. Writing past their end does nothing: sizes are computed by the same rules.
pub(crate) struct Writer<'a> {
    words: std::slice::Iter<'a, AtomicU64>,
}

impl<'a> Writer<'a> {
    #[inline]
    pub(crate) fn new(words: &'a [AtomicU64]) -> Self {
        Self { words: words.iter() }
    }

    #[inline]
    pub(crate) fn word(&mut self, value: u64) {
        if let Some(word) = self.words.next() {
            word.store(value, Ordering::Relaxed);
        }
    }

    /// The length, then the bytes.
    pub(crate) fn text(&mut self, text: &str) {
        self.word(text.len() as u64);
        self.bytes(text.as_bytes());
    }

    #[inline]
    fn bytes(&mut self, bytes: &[u8]) {
        let mut eights = bytes.chunks_exact(8);
        for eight in &mut eights {
            self.word(eight.try_into().map_or(0, u64::from_le_bytes));
        }
        let rest = eights.remainder();
        if !rest.is_empty() {
            self.word(rest.iter().rev().fold(0, |word, byte| word << 8 | u64::from(*byte)));
        }
    }

    #[inline]
    pub(crate) fn attribute(&mut self, key: KeyRef<'_>, value: Value<'_>) {
        let key_code = u64::from(key.code()) << 16;
        let key_text = if let KeyRef::Text(text) = key { Some(text) } else { None };
        self.value(key_code, key_text, value);
    }

    #[inline]
    fn value(&mut self, key: u64, key_text: Option<&str>, value: Value<'_>) {
        let mut head = |tag: Tag, length: usize| {
            self.word(tag as u64 | key | (length as u64) << 32);
            if let Some(text) = key_text {
                self.text(text);
            }
        };
        match value {
            Value::Empty => {}
            Value::Bool(value) => head(Tag::Bool, usize::from(value)),
            Value::I64(value) => {
                head(Tag::I64, 0);
                self.word(value as u64);
            }
            Value::U64(value) => {
                head(Tag::U64, 0);
                self.word(value);
            }
            Value::F64(value) => {
                head(Tag::F64, 0);
                self.word(value.to_bits());
            }
            Value::Str(text) => {
                head(Tag::Str, text.len());
                self.bytes(text.as_bytes());
            }
            Value::I128(value) => {
                head(Tag::I128, 0);
                self.wide(value as u128);
            }
            Value::U128(value) => {
                head(Tag::U128, 0);
                self.wide(value);
            }
            Value::Array(array) => {
                head(Tag::Array, (0..array.len()).map(|index| element_words(array.get(index))).sum());
                (0..array.len()).for_each(|index| self.value(0, None, array.get(index)));
            }
        }
    }

    fn wide(&mut self, value: u128) {
        self.word(value as u64);
        self.word((value >> 64) as u64);
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
