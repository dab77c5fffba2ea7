//! Reading the known fields out of any `Serialize` value.
//!
//! The value is asked to serialize itself into a [`Walk`](walk::Walk), which knows at each field whether it leads to
//! anything of interest and otherwise leaves it unread. No document is built, and nothing is allocated but for finish
//! reasons and tool calls.

#[cfg(test)]
mod content_tests;
mod fields;
#[cfg(test)]
mod hostile_tests;
mod key;
mod leaf;
mod names;
mod place;
mod reading;
mod table;
#[cfg(test)]
mod tests;
mod walk;

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};

use serde::Serialize;

use crate::llm::observed::Observed;
use place::Place;
use reading::{Item, Reading};
use walk::Walk;

/// A value refused to be serialized, or we refused a part of it. What was read before that counts.
#[derive(Debug)]
pub(in crate::llm) struct Unreadable;

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the value cannot be read")
    }
}

impl std::error::Error for Unreadable {}

impl serde::ser::Error for Unreadable {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }
}

/// Adds what `value`, a response or a chunk of one, says to `seen`, which is empty.
pub(crate) fn observe<T: Serialize + ?Sized>(value: &T, seen: &mut Observed) {
    let mut reading = Reading { seen, item: Item::default(), is_audio: false };
    // An error or a panic of the value's own `Serialize` ends the walk; what was read until then is as good as before.
    let _ =
        catch_unwind(AssertUnwindSafe(|| value.serialize(Walk { reading: &mut reading, at: Place::ROOT })));
    seen.settle();
}
