//! Serving gRPC.

use std::convert::Infallible;

use tonic::body::Body;
use tonic::codegen::Service;
use tonic::codegen::http::{Request, Response};
use tonic::server::NamedService;
use tonic::transport::Server;
use tonic::transport::server::TcpIncoming;

use crate::role::{Stop, listen};

/// Serves a generated service on a free port.
pub(super) async fn serve<S>(service: S, stop: Stop) -> anyhow::Result<()>
where
    S: Service<Request<Body>, Response = Response<Body>, Error = Infallible>,
    S: NamedService + Clone + Send + Sync + 'static,
    S::Future: Send + 'static,
{
    let (listener, address) = listen().await?;
    tracing::info!(%address, "open");
    let server = Server::builder().layer(throughline_tonic::server_layer()).add_service(service);
    Ok(server.serve_with_incoming_shutdown(TcpIncoming::from(listener), stop.requested()).await?)
}
