//! Attributes as `KeyValue`s, each key once.

use std::ops::Range;

use super::wire::{self, Type, tag};
use crate::span::{ArrayView, Attributes, ValueView};

/// The fields of `KeyValue`.
mod key_value {
    pub(super) const KEY: u8 = 1;
    pub(super) const VALUE: u8 = 2;
}

/// The fields of `AnyValue`, one of which is set.
mod any_value {
    pub(super) const STRING: u8 = 1;
    pub(super) const BOOL: u8 = 2;
    pub(super) const INT: u8 = 3;
    pub(super) const DOUBLE: u8 = 4;
    pub(super) const ARRAY: u8 = 5;
}

/// The field of `ArrayValue`.
const ARRAY_VALUES: u8 = 1;

/// Writes attributes, and sees to it that a key appears once: OTLP wants keys to be unique, and of two values of a key
/// the last counts. A fingerprint of each key finds candidates; the keys themselves are compared where they already
/// stand in the output, so nothing is borrowed from one span to the next.
#[derive(Debug, Default)]
pub(super) struct Writer {
    written: Vec<Written>,
    /// One bit for each key's fingerprint: a clear bit means that the key is new.
    seen: u64,
}

/// Where an attribute stands in the output.
#[derive(Clone, Debug)]
pub(super) struct Written {
    print: u64,
    key: Range<usize>,
    pub(super) all: Range<usize>,
}

impl Writer {
    /// Forgets the keys of the message before.
    #[inline]
    pub(super) fn begin(&mut self) {
        self.written.clear();
        self.seen = 0;
    }

    /// Writes all of `attributes` as field `field` of the message begun.
    #[inline]
    pub(super) fn attributes(&mut self, out: &mut Vec<u8>, field: u8, attributes: Attributes<'_>) {
        for (key, value) in attributes {
            self.attribute(out, field, key, value);
        }
    }

    /// Writes one attribute; an earlier one of the same key goes.
    #[inline]
    pub(super) fn attribute(&mut self, out: &mut Vec<u8>, field: u8, key: &str, value: ValueView<'_>) {
        let print = fingerprint(key.as_bytes());
        let bit = bit(print);
        if self.seen & bit != 0 {
            self.remove(out, print, key.as_bytes());
        }
        self.seen |= bit;
        let start = out.len();
        let key = write(out, field, key, value);
        self.written.push(Written { print, key, all: start..out.len() });
    }

    /// Whether a key of `others`, which stands in `text`, may have been written.
    #[inline]
    pub(super) fn may_share(&self, others: &Self) -> bool {
        self.seen & others.seen != 0
    }

    /// Those attributes of `others`, which stand in `text`, whose key was not written into `out`.
    pub(super) fn missing<'a>(
        &'a self,
        out: &'a [u8],
        others: &'a Self,
        text: &'a [u8],
    ) -> impl Iterator<Item = Range<usize>> + 'a {
        let missing = |other: &&Written| self.find(out, other.print, &text[other.key.clone()]).is_none();
        others.written.iter().filter(missing).map(|other| other.all.clone())
    }

    fn find(&self, out: &[u8], print: u64, key: &[u8]) -> Option<usize> {
        self.written.iter().position(|known| known.print == print && out[known.key.clone()] == *key)
    }

    #[cold]
    fn remove(&mut self, out: &mut Vec<u8>, print: u64, key: &[u8]) {
        let Some(index) = self.find(out, print, key) else { return };
        let Range { start, end } = self.written.remove(index).all;
        out.drain(start..end);
        for later in &mut self.written[index..] {
            for place in [&mut later.key, &mut later.all] {
                *place = place.start - (end - start)..place.end - (end - start);
            }
        }
    }
}

/// The length and the last eight bytes: keys of one family share their beginning.
#[inline]
fn fingerprint(key: &[u8]) -> u64 {
    let tail = match key.last_chunk::<8>() {
        Some(tail) => u64::from_le_bytes(*tail),
        None => key.iter().fold(0, |tail, byte| tail << 8 | u64::from(*byte)),
    };
    (tail ^ (key.len() as u64) << 56).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

#[inline]
fn bit(print: u64) -> u64 {
    1 << (print >> 58)
}

/// Writes one `KeyValue`, and says where its key stands.
#[inline]
fn write(out: &mut Vec<u8>, field: u8, key: &str, value: ValueView<'_>) -> Range<usize> {
    let value_len = value_len(value);
    let len = delimited_len(key.len()) + delimited_len(value_len);
    out.reserve(len + 6);
    out.push(tag(field, Type::Delimited));
    wire::varint(out, len as u64);
    wire::delimited(out, key_value::KEY, key.as_bytes());
    let place = out.len() - key.len()..out.len();
    nested_value(out, key_value::VALUE, value, value_len);
    place
}

/// The length of a field of `len` bytes with its tag and length.
#[inline]
fn delimited_len(len: usize) -> usize {
    1 + wire::varint_len(len as u64) + len
}

/// The length of an `AnyValue`. Arrays alone are walked twice for it.
#[inline]
fn value_len(value: ValueView<'_>) -> usize {
    match value {
        ValueView::Bool(_) => 2,
        ValueView::Int(value) => 1 + wire::varint_len(value as u64),
        ValueView::Double(_) => 9,
        ValueView::Str(text) => delimited_len(text.len()),
        ValueView::Array(values) => delimited_len(array_len(values)),
    }
}

fn array_len(values: ArrayView<'_>) -> usize {
    values.map(|value| delimited_len(value_len(value))).sum()
}

/// A field that is an `AnyValue`. Its own field is also written when false, 0 or empty: absence would mean "no value".
#[inline]
fn nested_value(out: &mut Vec<u8>, field: u8, value: ValueView<'_>, len: usize) {
    out.push(tag(field, Type::Delimited));
    wire::varint(out, len as u64);
    match value {
        ValueView::Bool(value) => wire::number(out, any_value::BOOL, u64::from(value)),
        ValueView::Int(value) => wire::number(out, any_value::INT, value as u64),
        ValueView::Double(value) => wire::double(out, any_value::DOUBLE, value),
        ValueView::Str(text) => wire::delimited(out, any_value::STRING, text.as_bytes()),
        ValueView::Array(values) => array(out, values),
    }
}

fn array(out: &mut Vec<u8>, values: ArrayView<'_>) {
    out.push(tag(any_value::ARRAY, Type::Delimited));
    wire::varint(out, array_len(values) as u64);
    for value in values {
        nested_value(out, ARRAY_VALUES, value, value_len(value));
    }
}
