//! Fields that are on every later log line of a request.
#![cfg_attr(not(feature = "logs"), allow(dead_code, reason = "log lines bind and read them"))]

use std::borrow::Cow;

use crate::span::Value;

/// A value that outlives the call that bound it.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum BoundValue {
    /// A truth value.
    Bool(bool),
    /// An integer.
    Int(i64),
    /// A floating-point number.
    Double(f64),
    /// Text; numbers too wide for [`Int`](Self::Int) are text.
    Str(Box<str>),
    /// Several values.
    Array(Vec<BoundValue>),
}

impl BoundValue {
    /// The value, or `None` for [`Value::Empty`].
    pub(crate) fn new(value: Value<'_>) -> Option<Self> {
        Some(match value {
            Value::Empty => return None,
            Value::Bool(value) => Self::Bool(value),
            Value::I64(value) => Self::Int(value),
            Value::U64(value) => Self::integer(value),
            Value::I128(value) => Self::integer(*value),
            Value::U128(value) => Self::integer(*value),
            Value::F64(value) => Self::Double(value),
            Value::Str(value) => Self::Str(value.into()),
            Value::Array(array) => {
                Self::Array((0..array.len()).filter_map(|index| Self::new(array.get(index))).collect())
            }
        })
    }

    fn integer<N: Copy + TryInto<i64> + ToString>(number: N) -> Self {
        number.try_into().map_or_else(|_| Self::Str(number.to_string().into()), Self::Int)
    }
}

/// Bound fields in the order in which they were bound first; a later value replaces an earlier one.
#[derive(Clone, Debug, Default)]
pub(crate) struct Bound(Vec<(Cow<'static, str>, BoundValue)>);

impl Bound {
    pub(crate) fn set(&mut self, key: Cow<'static, str>, value: BoundValue) {
        match self.0.iter_mut().find(|(known, _)| *known == key) {
            Some((_, slot)) => *slot = value,
            None => self.0.push((key, value)),
        }
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &BoundValue)> {
        self.0.iter().map(|(key, value)| (key.as_ref(), value))
    }
}
