//! OTLP as a program of others reads it, and spans to compare it with.

mod decode;
mod encoding;
mod points;
mod random;
mod shape;

pub use decode::{attributes, hex, metrics, request, request_of_json, spans, spans_of_json};
pub use encoding::Encoding;
pub use points::{Point, points};
pub use shape::{Event, Pairs, Shape, Typed};
