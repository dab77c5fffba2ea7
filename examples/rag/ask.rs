//! Asks the service over HTTP, as anyone would, and prints what came of it.

use std::net::SocketAddr;

use anyhow::Context as _;
use serde_json::json;

use crate::service::{Answered, Failed};

/// A client of the service at one address.
pub(crate) struct Asker {
    client: reqwest::Client,
    url: String,
}

impl Asker {
    pub(crate) fn new(service: SocketAddr) -> Self {
        Self { client: reqwest::Client::new(), url: format!("http://{service}/ask") }
    }

    /// Asks one question and waits for the answer.
    pub(crate) async fn ask(&self, question: &str) -> anyhow::Result<Answered> {
        let body = json!({"question": question});
        let response =
            self.client.post(&self.url).json(&body).send().await.context("the service is not there")?;
        if !response.status().is_success() {
            let status = response.status();
            let Failed { error, .. } = response.json().await.with_context(|| status.to_string())?;
            anyhow::bail!("{status}: {error}");
        }
        response.json().await.context("an answer that cannot be read")
    }
}
