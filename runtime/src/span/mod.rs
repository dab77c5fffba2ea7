//! Spans: what an annotated function opens, and the finished record of it.

mod attributes;
pub(crate) mod callsite;
pub mod current;
pub mod future;
pub mod guard;
mod handle;
pub(crate) mod hooks;
mod macros;
pub(crate) mod open;
pub(crate) mod orphans;
mod outcome;
mod path;
pub(crate) mod registry;
pub(crate) mod scope;
pub(crate) mod scoped;
mod sink;
pub mod stream;
mod value;
mod view;

pub use attributes::AttributesBuf;
#[cfg(feature = "otlp")]
pub(crate) use attributes::RawValue;
pub use callsite::{Callsite, Kind, Level, Operation};
pub use handle::{EnteredSpan, Span};
pub use open::Parent;
pub use outcome::Outcome;
pub use registry::set_filter;
pub use sink::Sink;
pub use value::{Array, ToValue, Value};
pub use view::{ArrayView, Attributes, Dropped, EventView, LinkView, SpanView, ValueView};
