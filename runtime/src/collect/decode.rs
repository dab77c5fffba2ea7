//! Reads what `encode` wrote.

use super::record::{KEY_MESSAGE, KEY_NAME, KEY_OUTCOME, KEY_TEXT, Tag};
use super::sync::{AtomicU64, Ordering};
use crate::span::AttributesBuf;

/// A cursor over the words of one record. Past the end it reads zeros.
#[derive(Clone)]
pub(super) struct Words<'a>(&'a [AtomicU64]);

/// The key of an attribute, read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Key {
    Index(u16),
    Text(String),
    Name,
    Message,
    Outcome,
}

impl<'a> Words<'a> {
    pub(super) fn new(words: &'a [AtomicU64]) -> Self {
        Self(words)
    }

    /// Keeps only the next `len` words.
    pub(super) fn limit(&mut self, len: usize) {
        self.0 = self.0.get(..len).unwrap_or(self.0);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    #[inline]
    pub(super) fn word(&mut self) -> u64 {
        let Some((first, rest)) = self.0.split_first() else { return 0 };
        self.0 = rest;
        first.load(Ordering::Relaxed)
    }

    /// Two words, the high one first.
    pub(super) fn wide(&mut self) -> u128 {
        u128::from(self.word()) << 64 | u128::from(self.word())
    }

    pub(super) fn text(&mut self) -> Option<String> {
        let len = self.word() as usize;
        self.string(len)
    }

    fn string(&mut self, len: usize) -> Option<String> {
        let mut bytes = Vec::with_capacity(len.min(self.0.len() * 8));
        self.bytes(len, |piece| bytes.extend_from_slice(piece));
        String::from_utf8(bytes).ok()
    }

    fn bytes(&mut self, len: usize, mut take: impl FnMut(&[u8])) {
        let mut left = len;
        while left > 0 && !self.is_empty() {
            let word = self.word().to_le_bytes();
            take(&word[..left.min(8)]);
            left -= left.min(8);
        }
    }

    /// The first word of the next attribute, and its key.
    pub(super) fn key(&mut self) -> (u64, Key) {
        let head = self.word();
        let key = match (head >> 16) as u16 {
            KEY_TEXT => Key::Text(self.text().unwrap_or_default()),
            KEY_NAME => Key::Name,
            KEY_MESSAGE => Key::Message,
            KEY_OUTCOME => Key::Outcome,
            index => Key::Index(index),
        };
        (head, key)
    }

    /// The text that follows `head`, when it says that text does.
    pub(super) fn text_value(&mut self, head: u64) -> Option<String> {
        (Tag::of(head) == Some(Tag::Str)).then(|| self.string((head >> 32) as usize)).flatten()
    }

    /// Pushes the value that follows `head`; text is cut to `longest` bytes.
    #[inline]
    pub(super) fn value(&mut self, head: u64, longest: usize, into: &mut AttributesBuf) {
        match Tag::of(head) {
            Some(Tag::Bool) => into.push_bool(head >> 32 != 0),
            Some(Tag::I64) => into.push_int(self.word() as i64),
            Some(Tag::F64) => into.push_double(f64::from_bits(self.word())),
            Some(Tag::U64) => into.push_integer(self.word()),
            Some(Tag::I128) => into.push_integer(self.wide_le() as i128),
            Some(Tag::U128) => into.push_integer(self.wide_le()),
            Some(Tag::Str) => self.str_value((head >> 32) as usize, longest, into),
            Some(Tag::Array) => {
                let mut elements = self.clone();
                elements.limit((head >> 32) as usize);
                self.0 = self.0.get((head >> 32) as usize..).unwrap_or_default();
                into.push_array(|into| {
                    while !elements.is_empty() {
                        let head = elements.word();
                        elements.value(head, longest, into);
                    }
                });
            }
            None => self.0 = &[],
        }
    }

    /// Short text, the usual case, needs no allocation.
    fn str_value(&mut self, len: usize, longest: usize, into: &mut AttributesBuf) {
        let mut short = [0; 64];
        if len <= short.len() {
            let mut at = 0;
            self.bytes(len, |piece| {
                short[at..at + piece.len()].copy_from_slice(piece);
                at += piece.len();
            });
            into.push_str(cut(std::str::from_utf8(&short[..at]).unwrap_or_default(), longest));
        } else {
            into.push_str(cut(&self.string(len).unwrap_or_default(), longest));
        }
    }

    /// Two words, the low one first.
    fn wide_le(&mut self) -> u128 {
        u128::from(self.word()) | u128::from(self.word()) << 64
    }
}

/// At most `longest` bytes of `text`, cut between characters.
pub(super) fn cut(text: &str, longest: usize) -> &str {
    if text.len() <= longest { text } else { &text[..text.floor_char_boundary(longest)] }
}
