//! The parts put together: the model, and the service that asks it.

use std::env;
use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::Context as _;
use tokio::net::TcpListener;

use crate::args::ModelOptions;
use crate::model::Model;
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
        let (chat, model) = chat(options).await?;
        Ok(Self { service: Arc::new(Service::new(chat)?), address, model, listener })
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

/// A client of the model that the environment names, or else of one of our own.
async fn chat(options: &ModelOptions) -> anyhow::Result<(Chat, Option<Model>)> {
    let name = variable("OPENAI_MODEL").unwrap_or_else(|| "gpt-4o-mini".to_owned());
    let (base_url, key) = (variable("OPENAI_BASE_URL"), variable("OPENAI_API_KEY"));
    if base_url.is_none() && key.is_none() {
        let model = Model::start(options).await?;
        return Ok((Chat::new(model.base_url(), "none", &name), Some(model)));
    }
    let base_url = base_url.as_deref().unwrap_or("https://api.openai.com/v1");
    Ok((Chat::new(base_url, key.as_deref().unwrap_or("none"), &name), None))
}

fn variable(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}
