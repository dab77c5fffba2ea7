//! Values of headers that have to be there once.

use crate::propagation::Extract;
use crate::propagation::ows::trim;

/// More than a value of any of the formats may have; a longer one is malformed.
const LONGEST: usize = 1024;

/// What came under a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Value<T> {
    /// Nothing.
    Missing,
    /// What is none, or more than one: nobody knows then which one is meant.
    Malformed,
    /// One that could be read.
    Read(T),
}

/// Reads the value of `key`.
pub(super) fn read<T>(carrier: &dyn Extract, key: &str, parse: impl Fn(&[u8]) -> Option<T>) -> Value<T> {
    let mut found = Value::Missing;
    carrier.each(key, &mut |value| {
        found = match &found {
            Value::Missing => Value::of(value, &parse),
            _ => Value::Malformed,
        };
    });
    found
}

/// The same of a key whose first value counts, if there are several.
pub(super) fn first<T>(carrier: &dyn Extract, key: &str, parse: impl Fn(&[u8]) -> Option<T>) -> Value<T> {
    let mut found = Value::Missing;
    carrier.each(key, &mut |value| {
        if matches!(found, Value::Missing) {
            found = Value::of(value, &parse);
        }
    });
    found
}

impl<T> Value<T> {
    fn of(value: &[u8], parse: impl Fn(&[u8]) -> Option<T>) -> Self {
        let value = trim(value);
        let read = if value.len() <= LONGEST { parse(value) } else { None };
        read.map_or(Self::Malformed, Self::Read)
    }

    /// The value, where it could be read.
    pub(super) fn ok(self) -> Option<T> {
        match self {
            Self::Read(value) => Some(value),
            Self::Missing | Self::Malformed => None,
        }
    }

    /// The value, or `missing` where there is none; nothing where it is malformed.
    pub(super) fn or(self, missing: T) -> Option<T> {
        match self {
            Self::Read(value) => Some(value),
            Self::Missing => Some(missing),
            Self::Malformed => None,
        }
    }
}
