//! JSON lines.

mod fields;
mod format;
mod keys;
mod values;

pub(super) use fields::Fields;
pub use format::JsonFormat;
pub(super) use keys::{SOURCES, has_field};
pub(super) use values::{bound as bound_value, sources};
