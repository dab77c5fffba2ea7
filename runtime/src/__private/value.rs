//! Values of attributes.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::span::{ToValue, Value};

/// A typed value. A turbofish of its own, so that an error names the value's type and the place where it was written.
#[inline(always)]
pub fn typed<T: ToValue + ?Sized>(value: &T) -> Value<'_> {
    value.to_value()
}

/// What a value says of itself.
#[derive(Debug)]
pub struct Text(String);

impl Text {
    pub(crate) const fn new(text: String) -> Self {
        Self(text)
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What a value of the user says of itself. If it panics over that, it has said nothing: who only watches must not bring a
/// program down that would not have asked.
pub(crate) fn said(speak: impl FnOnce() -> String) -> String {
    catch_unwind(AssertUnwindSafe(speak)).unwrap_or_default()
}

/// By `Display`.
#[inline]
pub fn display<T: fmt::Display + ?Sized>(value: &T) -> Text {
    Text(said(|| value.to_string()))
}

/// By `Debug`.
#[inline]
pub fn debug<T: fmt::Debug + ?Sized>(value: &T) -> Text {
    Text(said(|| format!("{value:?}")))
}

/// A value that is no longer borrowed.
#[derive(Debug)]
pub enum Kept {
    Empty,
    Bool(bool),
    I64(i64),
    U64(u64),
    I128(i128),
    U128(u128),
    F64(f64),
    Str(String),
    Array(Vec<Kept>),
}

/// The same value, for longer.
pub fn kept(value: Value<'_>) -> Kept {
    match value {
        Value::Empty => Kept::Empty,
        Value::Bool(value) => Kept::Bool(value),
        Value::I64(value) => Kept::I64(value),
        Value::U64(value) => Kept::U64(value),
        Value::I128(value) => Kept::I128(*value),
        Value::U128(value) => Kept::U128(*value),
        Value::F64(value) => Kept::F64(value),
        Value::Str(value) => Kept::Str(value.to_owned()),
        Value::Array(values) => Kept::Array((0..values.len()).map(|index| kept(values.get(index))).collect()),
    }
}

impl ToValue for Kept {
    fn to_value(&self) -> Value<'_> {
        match self {
            Self::Empty => Value::Empty,
            Self::Bool(value) => Value::Bool(*value),
            Self::I64(value) => Value::I64(*value),
            Self::U64(value) => Value::U64(*value),
            Self::I128(value) => Value::I128(value),
            Self::U128(value) => Value::U128(value),
            Self::F64(value) => Value::F64(*value),
            Self::Str(value) => Value::Str(value),
            Self::Array(values) => Value::Array(values),
        }
    }
}

/// The text as value.
#[inline]
pub fn text(text: &Text) -> Value<'_> {
    Value::Str(&text.0)
}
