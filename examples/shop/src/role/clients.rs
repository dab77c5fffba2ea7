//! Asking over gRPC.

use throughline_tonic::{Client, ClientLayer};
use tonic::transport::{Channel, Endpoint};
use tower_layer::Layer as _;

use crate::proto::auth_client::AuthClient;
use crate::proto::catalog_client::CatalogClient;

/// Whoever asks `auth`.
pub(super) type Auth = AuthClient<Client<Channel>>;
/// Whoever asks `catalog`.
pub(super) type Catalog = CatalogClient<Client<Channel>>;

pub(super) fn auth(url: &str) -> anyhow::Result<Auth> {
    Ok(AuthClient::new(connect(url)?))
}

pub(super) fn catalog(url: &str) -> anyhow::Result<Catalog> {
    Ok(CatalogClient::new(connect(url)?))
}

/// Connects when the first call is made.
fn connect(url: &str) -> anyhow::Result<Client<Channel>> {
    let endpoint = Endpoint::from_shared(url.to_owned())?;
    Ok(ClientLayer::new(endpoint.uri()).layer(endpoint.connect_lazy()))
}
