//! [Throughline](https://docs.rs/throughline) for [axum](https://docs.rs/axum).
//!
//! ```
//! use axum::{Router, routing::get};
//! use throughline_axum::{RequestId, server_layer};
//!
//! async fn ask(RequestId(id): RequestId) -> String {
//!     format!("this is request {id}")
//! }
//!
//! let app: Router = Router::new().route("/ask/{id}", get(ask)).layer(server_layer());
//! ```
//!
//! The span of a request is named `GET /ask/{id}`, with the attribute `http.route`. A layer applies to the routes that
//! were added before it, and to the fallback: put it last.
//!
//! A request that becomes a WebSocket ends with the answer to it, and axum calls what is given to `on_upgrade` in a task of
//! its own. Give that the context, so that what is done there belongs to the request:
//!
//! ```
//! use axum::extract::ws::{WebSocket, WebSocketUpgrade};
//! use axum::response::Response;
//! use throughline::{FutureExt, traced};
//!
//! async fn connect(upgrade: WebSocketUpgrade) -> Response {
//!     let context = throughline::current();
//!     upgrade.on_upgrade(|socket| talk(socket).in_context(context))
//! }
//!
//! #[traced]
//! async fn talk(mut socket: WebSocket) {
//!     while let Some(Ok(message)) = socket.recv().await { /* .. */ }
//! }
//! # let _: axum::Router = axum::Router::new().route("/talk", axum::routing::get(connect));
//! ```

mod extract;
mod route;

pub use extract::{MissingRequestId, RequestId};
pub use route::{RouteFuture, RouteLayer, RouteService, matched_path};

use throughline::http::ServerLayer;

/// The [`ServerLayer`] that takes the route from axum, for [`Router::layer`](axum::Router::layer).
///
/// One that stands around the whole router, because something between the two has to be part of the request, sees
/// no route: then put a [`RouteLayer`] into the router.
pub fn server_layer() -> ServerLayer {
    ServerLayer::new().route_from(matched_path)
}
