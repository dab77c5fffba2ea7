//! [tower](https://docs.rs/tower) layers for HTTP servers and clients.
//!
//! [`ServerLayer`] gives every request a span and a request ID, [`ClientLayer`] sends the context along:
//!
//! ```
//! use throughline::http::{ClientLayer, ServerLayer};
//!
//! let server = ServerLayer::new().public_endpoint();
//! let client = ClientLayer::new().allow_hosts(["internal.example", "*.internal.example"]);
//! ```
//!
//! Names and attributes follow OpenTelemetry's conventions for
//! [HTTP spans](https://opentelemetry.io/docs/specs/semconv/http/http-spans/).

mod address;
mod client;
mod end_line;
mod keys;
mod method;
mod server;
mod url;
mod usage;

pub use client::{Answer, Call, CallFuture, Client, ClientLayer, Outgoing};
pub use end_line::EndFields;
pub use server::{Http, Protocol, ResponseBody, ResponseFuture, Route, Server, ServerLayer};

/// The ID of a request, which [`ServerLayer`] puts into the request's extensions.
///
/// ```
/// use throughline::http::RequestId;
///
/// fn id<B>(request: &http::Request<B>) -> Option<&RequestId> {
///     request.extensions().get::<RequestId>()
/// }
/// ```
pub use crate::context::RequestId;
