//! OTLP as a program of others reads it, and spans to compare it with.

mod decode;
mod shape;

pub use decode::{attributes, hex, request, spans};
pub use shape::{Event, Pairs, Shape, Typed};
