#![doc = include_str!("../README.md")]

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
