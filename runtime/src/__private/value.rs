//! Values of attributes.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::span::{ToValue, Value};

/// A typed value. A turbofish of its own, so that an error names the value's type and the place where it was written.
#[inline(always)]
pub fn typed<T: ToValue + ?Sized>(value: &T) -> Value<'_> {
    value.to_value()
}

/// The same of a key whose values are floating-point numbers: an integer becomes one. A wide one, or what is no number,
/// stays what it is.
#[inline(always)]
pub fn double<T: ToValue + ?Sized>(value: &T) -> Value<'_> {
    match value.to_value() {
        Value::I64(number) => Value::F64(number as f64),
        Value::U64(number) => Value::F64(number as f64),
        other => other,
    }
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

/// The text as value.
#[inline]
pub fn text(text: &Text) -> Value<'_> {
    Value::Str(&text.0)
}
