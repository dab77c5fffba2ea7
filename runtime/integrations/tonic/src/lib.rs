#![doc = include_str!("../README.md")]

mod client;
mod grpc;
mod status;

pub use client::{Client, ClientLayer, ResponseBody, ResponseFuture};
pub use grpc::Grpc;

use throughline::http::ServerLayer;

/// What tonic takes any error as.
type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// The layer of a server, for [`Server::layer`](https://docs.rs/tonic/latest/tonic/transport/struct.Server.html#method.layer):
/// a span of kind server for each call, with the context it brings and a request ID, which every answer carries in its
/// metadata.
///
/// ```
/// use tonic::transport::Server;
///
/// let server = Server::builder().layer(throughline_tonic::server_layer().public_endpoint());
/// ```
///
/// The span ends when the last frame of the answer was taken, with the status that is in it; when the client goes away
/// before, or a deadline that tonic watches over passes, it is cancelled. Everything else is as the
/// [`ServerLayer`] of HTTP has it.
pub fn server_layer() -> ServerLayer<Grpc> {
    ServerLayer::of(Grpc::default())
}
