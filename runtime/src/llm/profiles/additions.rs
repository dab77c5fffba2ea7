//! What a profile adds to a span.

use super::facts::Facts;
use crate::span::{AttributesBuf, ToValue, Value};

/// What a profile adds to a span.
pub(super) struct Additions<'a> {
    /// What the span says itself.
    pub(super) facts: Facts<'a>,
    longest: usize,
    into: &'a mut AttributesBuf,
}

impl<'a> Additions<'a> {
    /// Attributes are added to `into`, texts cut to `longest` bytes.
    pub(super) fn new(facts: Facts<'a>, longest: usize, into: &'a mut AttributesBuf) -> Self {
        Self { facts, longest, into }
    }

    /// Adds an attribute, unless there is no value or the span has one of this key.
    pub(super) fn add(&mut self, key: &str, value: impl ToValue) {
        let value = match value.to_value() {
            Value::Empty => return,
            Value::Str(text) => Value::Str(&text[..text.floor_char_boundary(self.longest)]),
            other => other,
        };
        if self.facts.get(key).is_none() {
            self.into.push(key, value);
        }
    }
}
