//! Context in carriers: [W3C Trace Context](https://www.w3.org/TR/trace-context-2/) (level 2),
//! [W3C Baggage](https://www.w3.org/TR/baggage/) and request IDs; the headers of other tracing systems where
//! [`Propagators`] has them.
//!
//! [`inject`] writes the current context into headers, message properties or a map, [`extract`] reads one out of them:
//!
//! ```
//! use std::collections::HashMap;
//!
//! let received = HashMap::from([
//!     ("traceparent".to_owned(), "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01".to_owned()),
//!     ("x-request-id".to_owned(), "req-abc".to_owned()),
//! ]);
//! let context = throughline::extract(&received);
//! assert_eq!(context.request_id().unwrap(), "req-abc");
//!
//! let _attached = context.attach();
//! let mut message = HashMap::new();
//! throughline::inject(&mut message);
//! assert_eq!(message["traceparent"], received["traceparent"]);
//! assert_eq!(message["X-Request-ID"], "req-abc");
//! ```
//!
//! What is read and written follows a [`Config`], a plain value: [`Config::install`] sets the one of the process, layers
//! of [`http`](crate::http) can be given their own.

mod baggage;
mod carrier;
mod config;
#[cfg(any(feature = "http", feature = "jobs"))]
mod entry;
mod entry_span;
mod erased;
mod formats;
#[cfg(feature = "http")]
mod headers;
#[cfg(feature = "llm")]
mod json;
mod lists;
mod maps;
mod ows;
mod propagator;
mod propagators;
mod read;
mod request_id;
mod trace_parent;
mod trace_state;
mod write;

pub use carrier::{CarrierKind, Extract, Inject};
pub use config::Config;
#[cfg(any(feature = "http", feature = "jobs"))]
pub(crate) use entry::Entry;
#[cfg(any(feature = "http", feature = "jobs"))]
pub(crate) use entry_span::Relation;
#[cfg(feature = "jobs")]
pub(crate) use entry_span::begin;
pub use entry_span::entry_span;
#[cfg(feature = "http")]
pub(crate) use headers::header_name;
pub use propagator::Propagator;
pub use propagators::{ParsedPropagators, PropagatorError, Propagators};
pub(crate) use read::{Incoming, Received, extract as read};
pub use request_id::{Generator, ParsePolicyError, Policy, RequestIds};
pub use trace_parent::TraceParent;

use crate::context::{Context, current};

/// Writes the current context into `carrier`, as the [`Config`] of the process says. Nothing is written when no
/// context is current.
///
/// Into a message ([`CarrierKind::Message`]) nothing is written that is there already: who set a value meant it. In the
/// headers of an HTTP request ([`CarrierKind::Http`]) `traceparent` and `tracestate` are replaced, because they are
/// most often left over from a request that is being forwarded; a request ID or baggage set there is kept.
///
/// ```
/// use throughline::{Context, ContextParts};
///
/// let context = Context::from(ContextParts { request_id: Some("req-abc".parse().unwrap()), ..Default::default() });
/// let _attached = context.attach();
/// let mut properties = Vec::new();
/// throughline::inject(&mut properties);
/// assert_eq!(properties, [("X-Request-ID".to_owned(), "req-abc".to_owned())]);
/// ```
pub fn inject<C: Inject + ?Sized>(carrier: &mut C) {
    write::inject(Config::current(), current::get(), carrier);
}

/// Reads the context that `carrier` brings, as the [`Config`] of the process says. What is missing or malformed is
/// left out; a trace that comes without a valid request ID gets a fresh one.
///
/// ```
/// use std::collections::BTreeMap;
///
/// let headers = BTreeMap::from([("X-Request-Id".to_owned(), "req-abc".to_owned())]);
/// let context = throughline::extract(&headers);
/// assert_eq!(context.request_id().unwrap(), "req-abc");
/// assert_eq!(context.trace_id(), None);
/// ```
pub fn extract<C: Extract + ?Sized>(carrier: &C) -> Context {
    Config::current().extract(carrier)
}
