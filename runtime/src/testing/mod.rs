//! Capture what code under test records, and assert on it: trees, attributes, propagation.
//!
//! [`Trace`] holds the captured spans. [`Trace::tree`] is a text of them that does not depend on timing or on which
//! thread was faster, so that tests can compare it as it is; [`Trace::span`] finds one span to ask for its attributes,
//! events, links and relatives. Assertions that fail print that tree.
//!
//! [`assert_propagates`] asserts that a request and its trace cross code: one line for a handler, client, queue or task.

mod assert_propagates;
mod capture;
mod event;
mod incoming;
mod losses;
mod node;
mod propagation;
mod record;
mod sink;
mod trace;
mod tree;
mod value;

pub use assert_propagates::{assert_propagates, assert_propagates_async};
pub use capture::{capture, capture_async, capture_async_returning, capture_returning};
pub use event::{EventRecord, LinkRecord};
pub use incoming::Incoming;
pub use node::SpanNode;
pub use record::SpanRecord;
pub use sink::MemorySink;
pub use trace::Trace;
pub use tree::Tree;
pub use value::OwnedValue;
