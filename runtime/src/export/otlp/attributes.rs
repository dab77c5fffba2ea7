//! Attributes as `KeyValue`s, each key once.

use super::keys::Keys;
use super::wire::{self, Type, tag};
use crate::span::{ArrayView, Attributes, RawValue, ValueView};

/// The fields of `KeyValue`.
mod key_value {
    use super::{Type, tag};

    pub(super) const KEY: u8 = tag(1, Type::Delimited);
    pub(super) const VALUE: u8 = tag(2, Type::Delimited);
}

/// The fields of `AnyValue`, one of which is set.
mod any_value {
    use super::{Type, tag};

    pub(super) const STRING: u8 = tag(1, Type::Delimited);
    pub(super) const BOOL: u8 = tag(2, Type::Varint);
    pub(super) const INT: u8 = tag(3, Type::Varint);
    pub(super) const DOUBLE: u8 = tag(4, Type::Fixed64);
    pub(super) const ARRAY: u8 = tag(5, Type::Delimited);
}

/// The field of `ArrayValue`.
const ARRAY_VALUES: u8 = tag(1, Type::Delimited);

/// Writes all attributes of a message, which has none yet, as its field `field`.
#[inline]
pub(super) fn write_all(out: &mut Vec<u8>, field: u8, mut attributes: Attributes<'_>, keys: &mut Keys) {
    keys.begin(out.len());
    while let Some((key, value)) = attributes.next_raw() {
        keys.add(out, key);
        match value {
            RawValue::Str(text) => write_text(out, field, key, text),
            RawValue::Other(value) => write_other(out, field, key, value),
        }
    }
}

/// Writes one more attribute; an earlier one of the same key goes.
#[inline]
pub(super) fn write_one(out: &mut Vec<u8>, field: u8, key: &str, value: ValueView<'_>, keys: &mut Keys) {
    keys.add(out, key.as_bytes());
    write_other(out, field, key.as_bytes(), value);
}

#[inline]
fn write_text(out: &mut Vec<u8>, field: u8, key: &[u8], text: &[u8]) {
    let len = delimited_len(text.len());
    write_key(out, field, key, len);
    write_lengths(out, [key_value::VALUE, any_value::STRING], [len, text.len()]);
    out.extend_from_slice(text);
}

#[inline]
fn write_other(out: &mut Vec<u8>, field: u8, key: &[u8], value: ValueView<'_>) {
    let len = value_len(value);
    write_key(out, field, key, len);
    write_value(out, key_value::VALUE, value, len);
}

/// Begins a `KeyValue`, up to the end of its key.
#[inline]
fn write_key(out: &mut Vec<u8>, field: u8, key: &[u8], value_len: usize) {
    let len = delimited_len(key.len()) + delimited_len(value_len);
    out.reserve(len + 24);
    write_lengths(out, [tag(field, Type::Delimited), key_value::KEY], [len, key.len()]);
    out.extend_from_slice(key);
}

/// Two tags with a length each. Most lengths take one byte: four bytes are then written at once.
#[inline]
fn write_lengths(out: &mut Vec<u8>, tags: [u8; 2], lens: [usize; 2]) {
    if lens[0] < 128 && lens[1] < 128 {
        return out.extend_from_slice(&[tags[0], lens[0] as u8, tags[1], lens[1] as u8]);
    }
    for (tag, len) in tags.into_iter().zip(lens) {
        out.push(tag);
        wire::varint(out, len as u64);
    }
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

/// A field that is an `AnyValue` of `len` bytes. What is in it is also written when false, 0 or empty: absence would
/// mean "no value".
#[inline]
fn write_value(out: &mut Vec<u8>, field: u8, value: ValueView<'_>, len: usize) {
    match value {
        ValueView::Bool(value) => out.extend_from_slice(&[field, 2, any_value::BOOL, u8::from(value)]),
        ValueView::Int(value) => write_int(out, field, value, len),
        ValueView::Double(value) => {
            let mut bytes = [0; 11];
            bytes[..3].copy_from_slice(&[field, 9, any_value::DOUBLE]);
            bytes[3..].copy_from_slice(&value.to_le_bytes());
            out.extend_from_slice(&bytes);
        }
        ValueView::Str(text) => {
            write_lengths(out, [field, any_value::STRING], [len, text.len()]);
            out.extend_from_slice(text.as_bytes());
        }
        ValueView::Array(values) => write_array(out, field, values, len),
    }
}

/// An array of fixed size is copied, and cut to what counts: faster than byte by byte.
#[inline]
fn write_int(out: &mut Vec<u8>, field: u8, value: i64, len: usize) {
    let mut bytes = [0; 16];
    bytes[..3].copy_from_slice(&[field, len as u8, any_value::INT]);
    let mut rest = value as u64;
    for byte in &mut bytes[3..len + 1] {
        *byte = rest as u8 | 0x80;
        rest >>= 7;
    }
    bytes[len + 1] = rest as u8;
    let end = out.len() + len + 2;
    out.extend_from_slice(&bytes);
    out.truncate(end);
}

fn write_array(out: &mut Vec<u8>, field: u8, values: ArrayView<'_>, len: usize) {
    write_lengths(out, [field, any_value::ARRAY], [len, array_len(values)]);
    for value in values {
        write_value(out, ARRAY_VALUES, value, value_len(value));
    }
}
