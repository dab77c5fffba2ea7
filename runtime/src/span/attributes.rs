//! Attributes of a finished span: packed bytes, read by iterators.
//!
//! One attribute is the key's length (4 bytes), the key, a tag and the value: 1 byte for a bool, 8 for a number, length
//! and bytes for text, length in bytes and elements (tag and value each) for an array. All little-endian.

use std::collections::HashMap;
use std::fmt;

use crate::span::{ArrayView, Attributes, Value, ValueView};

const BOOL: u8 = 0;
const INT: u8 = 1;
const DOUBLE: u8 = 2;
const STR: u8 = 3;
const ARRAY: u8 = 4;

/// Attributes that own their bytes.
///
/// ```
/// use throughline::span::{AttributesBuf, Value, ValueView};
///
/// let mut attributes = AttributesBuf::new();
/// attributes.push("order.items", Value::I64(3));
/// assert!(attributes.view().eq([("order.items", ValueView::Int(3))]));
/// ```
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct AttributesBuf {
    bytes: Vec<u8>,
}

impl AttributesBuf {
    /// No attributes.
    pub const fn new() -> Self {
        Self { bytes: Vec::new() }
    }

    /// Adds an attribute. [`Value::Empty`] adds nothing; integers outside of `i64` become their decimal text.
    pub fn push(&mut self, key: &str, value: Value<'_>) {
        if !matches!(value, Value::Empty) {
            self.push_key(key);
            self.push_value(value);
        }
    }

    /// Adds all of `attributes`.
    pub fn extend(&mut self, attributes: Attributes<'_>) {
        self.bytes.extend_from_slice(attributes.bytes);
    }

    /// The attributes.
    pub fn view(&self) -> Attributes<'_> {
        Attributes { bytes: &self.bytes }
    }

    /// Removes all, and keeps the memory.
    pub fn clear(&mut self) {
        self.bytes.clear();
    }

    /// Removes values that are not the last of their key. How many there are now.
    pub(crate) fn keep_last_of_each_key(&mut self) -> u32 {
        let last: HashMap<&str, usize> =
            self.view().enumerate().map(|(index, (key, _))| (key, index)).collect();
        let mut kept = Self { bytes: Vec::with_capacity(self.bytes.len()) };
        for (index, (key, value)) in self.view().enumerate() {
            if last.get(key) == Some(&index) {
                kept.push_key(key);
                kept.push_view(value, usize::MAX);
            }
        }
        let count = last.len() as u32;
        *self = kept;
        count
    }

    pub(crate) fn byte_len(&self) -> usize {
        self.bytes.len()
    }

    pub(crate) fn capacity(&self) -> usize {
        self.bytes.capacity()
    }

    #[inline]
    pub(crate) fn push_key(&mut self, key: &str) {
        self.push_text(key);
    }

    #[inline]
    pub(crate) fn push_bool(&mut self, value: bool) {
        self.bytes.extend_from_slice(&[BOOL, u8::from(value)]);
    }

    #[inline]
    pub(crate) fn push_int(&mut self, value: i64) {
        self.push_number(INT, value.to_le_bytes());
    }

    #[inline]
    pub(crate) fn push_double(&mut self, value: f64) {
        self.push_number(DOUBLE, value.to_le_bytes());
    }

    #[inline]
    pub(crate) fn push_str(&mut self, value: &str) {
        self.bytes.push(STR);
        self.push_text(value);
    }

    /// Adds an array whose elements `fill` pushes.
    pub(crate) fn push_array(&mut self, fill: impl FnOnce(&mut Self)) {
        self.bytes.push(ARRAY);
        let at = self.bytes.len();
        self.bytes.extend_from_slice(&[0; 4]);
        fill(self);
        let len = (self.bytes.len() - at - 4) as u32;
        self.bytes[at..at + 4].copy_from_slice(&len.to_le_bytes());
    }

    pub(crate) fn push_value(&mut self, value: Value<'_>) {
        match value {
            Value::Empty => {}
            Value::Bool(value) => self.push_bool(value),
            Value::I64(value) => self.push_int(value),
            Value::U64(value) => self.push_integer(value),
            Value::I128(value) => self.push_integer(*value),
            Value::U128(value) => self.push_integer(*value),
            Value::F64(value) => self.push_double(value),
            Value::Str(value) => self.push_str(value),
            Value::Array(array) => {
                self.push_array(|buf| (0..array.len()).for_each(|index| buf.push_value(array.get(index))));
            }
        }
    }

    /// Adds a value read elsewhere; text is cut to `longest` bytes.
    pub(crate) fn push_view(&mut self, value: ValueView<'_>, longest: usize) {
        match value {
            ValueView::Bool(value) => self.push_bool(value),
            ValueView::Int(value) => self.push_int(value),
            ValueView::Double(value) => self.push_double(value),
            ValueView::Str(text) => self.push_str(&text[..text.floor_char_boundary(longest)]),
            ValueView::Array(array) => {
                self.push_array(|into| array.for_each(|element| into.push_view(element, longest)));
            }
        }
    }

    pub(crate) fn push_integer<N: Copy + TryInto<i64> + ToString>(&mut self, number: N) {
        match number.try_into() {
            Ok(number) => self.push_int(number),
            Err(_) => self.push_str(&number.to_string()),
        }
    }

    fn push_number(&mut self, tag: u8, bytes: [u8; 8]) {
        let mut tagged = [tag; 9];
        tagged[1..].copy_from_slice(&bytes);
        self.bytes.extend_from_slice(&tagged);
    }

    fn push_text(&mut self, text: &str) {
        self.bytes.extend_from_slice(&(text.len() as u32).to_le_bytes());
        self.bytes.extend_from_slice(text.as_bytes());
    }
}

impl<'a> Attributes<'a> {
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// The value of `key`: the last one, if it was written more than once.
    pub fn get(self, key: &str) -> Option<ValueView<'a>> {
        self.filter(|(known, _)| *known == key).last().map(|(_, value)| value)
    }
}

impl<'a> Iterator for Attributes<'a> {
    type Item = (&'a str, ValueView<'a>);

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        Some((take_text(&mut self.bytes)?, take_value(&mut self.bytes)?))
    }
}

impl<'a> Iterator for ArrayView<'a> {
    type Item = ValueView<'a>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        take_value(&mut self.bytes)
    }
}

/// A value whose text is not looked at: it was text when it was written, and who copies it need not check again.
#[derive(Clone, Copy)]
#[cfg_attr(not(feature = "otlp"), allow(dead_code, reason = "OTLP is encoded from it"))]
pub(crate) enum RawValue<'a> {
    /// Text.
    Str(&'a [u8]),
    /// Any other value.
    Other(ValueView<'a>),
}

impl<'a> Attributes<'a> {
    /// The next key and value as bytes.
    #[inline]
    #[cfg_attr(not(feature = "otlp"), allow(dead_code, reason = "OTLP is encoded from it"))]
    pub(crate) fn next_raw(&mut self) -> Option<(&'a [u8], RawValue<'a>)> {
        let key = take_block(&mut self.bytes)?;
        if self.bytes.first() == Some(&STR) {
            self.bytes = &self.bytes[1..];
            return Some((key, RawValue::Str(take_block(&mut self.bytes)?)));
        }
        Some((key, RawValue::Other(take_value(&mut self.bytes)?)))
    }
}

#[inline]
fn take<'a>(bytes: &mut &'a [u8], len: usize) -> Option<&'a [u8]> {
    let (head, tail) = bytes.split_at_checked(len)?;
    *bytes = tail;
    Some(head)
}

#[inline]
fn take_array<const N: usize>(bytes: &mut &[u8]) -> Option<[u8; N]> {
    take(bytes, N)?.try_into().ok()
}

#[inline]
fn take_block<'a>(bytes: &mut &'a [u8]) -> Option<&'a [u8]> {
    let len = u32::from_le_bytes(take_array(bytes)?);
    take(bytes, len as usize)
}

fn take_text<'a>(bytes: &mut &'a [u8]) -> Option<&'a str> {
    std::str::from_utf8(take_block(bytes)?).ok()
}

#[inline]
fn take_value<'a>(bytes: &mut &'a [u8]) -> Option<ValueView<'a>> {
    let [tag] = take_array(bytes)?;
    Some(match tag {
        BOOL => ValueView::Bool(take_array(bytes)? != [0]),
        INT => ValueView::Int(i64::from_le_bytes(take_array(bytes)?)),
        DOUBLE => ValueView::Double(f64::from_le_bytes(take_array(bytes)?)),
        STR => ValueView::Str(take_text(bytes)?),
        _ => ValueView::Array(ArrayView { bytes: take_block(bytes)? }),
    })
}

impl fmt::Debug for AttributesBuf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.view()).finish()
    }
}
