//! The empty field of `tracing` as a value.

use tracing_core::field::Empty;

use crate::span::{ToValue, Value};

/// Declares an attribute that gets its value later, as in `#[instrument]`: `fields(user.id = tracing::field::Empty)`.
impl ToValue for Empty {
    #[inline]
    fn to_value(&self) -> Value<'_> {
        Value::Empty
    }
}
