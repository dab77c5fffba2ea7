//! Lines for people.

mod color;
mod field;
mod format;
mod paint;
mod request_line;

pub use format::PrettyFormat;
