//! Log lines that carry the IDs of the request.
//!
//! Lines are events of [`tracing`]; records of [`log`] are made into such. [`JsonLayer`] writes one JSON object a line:
//!
//! ```json
//! {"timestamp":"2026-11-21T02:05:09.123456Z","level":"INFO","message":"placed","target":"shop::orders","service":"shop","request_id":"req-abc","trace_id":"4bf92f3577b34da6a3ce929d0e0e4736","span_id":"00f067aa0ba902b7","user_id":7,"items":3}
//! ```
//!
//! Everything is at top level. After the fixed keys come the fields bound with [`bind`], the fields of the enclosing
//! spans of `tracing` (whoever writes `#[instrument]` with a `user_id` looks for it in the lines inside), and the fields
//! of the event. Of two with one key the later one in this order is written, and of two spans the inner one's. A field
//! that would overwrite a fixed key is written as `fields.<name>`. What is not known is left out: an event
//! without a message has no `message`, a line outside of any request no `request_id`.
//!
//! | value | in JSON |
//! |---|---|
//! | bool, integer, float | as such; an integer outside of `i64` as text, as in the attributes of spans, since most log stores hold no wider one; NaN and infinity as `null`, since JSON has no number for them and text would change the type of the field |
//! | error | its text, and `<name>.sources`: the texts of its chain of causes |
//! | bytes | text, with U+FFFD for what is not UTF-8 |
//! | `%` and `?` | text |
//!
//! [`throughline::init`](crate::init()) sets all of this up. A program that has a subscriber of its own adds the layer:
//!
//! ```
//! use throughline::logs::JsonLayer;
//! use tracing_subscriber::prelude::*;
//!
//! let subscriber = tracing_subscriber::registry().with(JsonLayer::new().with_service("shop"));
//! tracing::subscriber::with_default(subscriber, || tracing::info!(items = 3, "placed"));
//! ```
//!
//! One that keeps the `fmt` layer of `tracing-subscriber` gives it [`JsonFormat`] and [`SpanFields`].

mod bind;
mod bridge;
mod empty;
mod field_values;
mod filter;
mod fmt;
mod global;
mod json;
mod layer;
mod line;
mod lost;
mod mirror;
mod pretty;
mod scratch;
mod span_events;
mod span_fields;
mod spans;
mod timestamp;

use tracing_core::Metadata;

pub use bind::bind;
pub use bridge::{LoggerAlreadySet, capture_log_records};
pub use filter::{Filter, InvalidFilter};
pub(crate) use global::{Lines, subscribe};
pub use json::JsonFormat;
pub use layer::{JsonLayer, LineLayer, PrettyLayer};
pub use line::{Line, LineFormat};
pub use lost::lost_lines;
pub(crate) use lost::say_rest;
pub use mirror::mirror_spans;
pub use pretty::PrettyFormat;
pub use span_events::SpanEvents;
pub use span_fields::SpanFields;
pub use spans::TracingSpans;

/// The target of the event with which the HTTP layers end a request.
const REQUEST_TARGET: &str = "throughline::request";

/// The name of the event with which an annotated function reports what it returns; the function puts it on its span itself.
const RETURNED: &str = "throughline::returned";

/// Whether an event says what a span of ours says already.
fn is_said_by_a_span(event: &Metadata<'_>) -> bool {
    event.name() == RETURNED || event.target() == REQUEST_TARGET
}
