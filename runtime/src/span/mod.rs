//! Spans: what an annotated function opens, and the finished record of it.

mod attributes;
mod callsite;
mod outcome;
mod sink;
mod value;
mod view;

pub use attributes::AttributesBuf;
pub use callsite::{Callsite, Kind, Level, Operation};
pub use outcome::Outcome;
pub use sink::Sink;
pub use value::{Array, ToValue, Value};
pub use view::{ArrayView, Attributes, Dropped, EventView, LinkView, SpanView, ValueView};
