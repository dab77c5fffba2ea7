//! Capture what code under test records, and assert on it: trees, attributes, propagation.
//!
//! [`Trace`] holds the captured spans. [`Trace::tree`] is a text of them that does not depend on timing or on which
//! thread was faster, so that tests can compare it as it is; [`Trace::span`] finds one span to ask for its attributes,
//! events, links and relatives. Assertions that fail print that tree.

mod capture;
mod event;
mod node;
mod propagation;
mod record;
mod sink;
mod trace;
mod tree;
mod value;

pub use capture::{capture, capture_async, capture_async_returning, capture_returning};
pub use event::{EventRecord, LinkRecord};
pub use node::SpanNode;
pub use record::SpanRecord;
pub use sink::MemorySink;
pub use trace::Trace;
pub use tree::Tree;
pub use value::OwnedValue;
