//! OTLP as a program of others reads it, and spans to compare it with.

mod decode;
mod encoding;
mod shape;

pub use decode::{attributes, hex, request, spans};
pub use encoding::Encoding;
pub use shape::{Event, Pairs, Shape, Typed};
