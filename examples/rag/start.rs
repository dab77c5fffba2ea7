//! The parts put together: the model, and the service that asks it.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use throughline_examples::endpoint::Endpoint;
use throughline_examples::model::fault::opens;
use throughline_examples::model::{Fault, Model, ModelOptions, Trouble};
use tokio::net::TcpListener;

use crate::service::{self, Chat, Service};

/// The service, listening but not yet served.
pub(crate) struct Started {
    pub(crate) service: Arc<Service>,
    pub(crate) address: SocketAddr,
    /// The model of this process, unless the environment names another.
    pub(crate) model: Option<Model>,
    listener: TcpListener,
}

impl Started {
    /// Takes the port, starts the model and indexes the book.
    pub(crate) async fn new(port: u16, options: &ModelOptions) -> anyhow::Result<Self> {
        let wanted = SocketAddr::from(([127, 0, 0, 1], port));
        let listener =
            TcpListener::bind(wanted).await.with_context(|| format!("cannot listen on {wanted}"))?;
        let address = listener.local_addr().context("the service has no address")?;
        // The call that opens the second question is turned away, so that a retry is seen.
        let fault = Fault::new(Trouble::TurnedAway(Duration::from_millis(20)), 2, opens);
        let endpoint = Endpoint::new(options, vec![fault]).await?;
        let chat = Chat::new(&endpoint);
        Ok(Self { service: Arc::new(Service::new(chat)?), address, model: endpoint.own, listener })
    }

    /// Serves until `stop`, and until everything that was begun is done.
    pub(crate) async fn serve(self, stop: impl Future<Output = ()> + Send + 'static) -> anyhow::Result<()> {
        let router = service::router(Arc::clone(&self.service));
        axum::serve(self.listener, router)
            .with_graceful_shutdown(stop)
            .await
            .context("the service broke off")?;
        self.service.feedback().settled().await;
        Ok(())
    }
}
