//! A stand-in for a model, so that the examples run without a network: a server that speaks OpenAI's API.
//!
//! What it says is quoted from what it is given (`turn`); what it costs is counted with the real tokenizer
//! (`tokens`). It is not instrumented, as nobody's model is: the spans of a call are the caller's.

mod chat;
mod embeddings;
pub mod fault;
mod frames;
mod rerank;
mod tokens;
mod tools;
mod turn;
mod wire;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::spawn_blocking;

pub use fault::{Fault, Trouble};
use wire::Wire;
pub use wire::{Path, Stats};

/// How the model behaves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelOptions {
    /// How long it thinks.
    pub first_token_delay: Duration,
    /// Where it writes what it received and sent, as JSON lines.
    pub wire_log: Option<PathBuf>,
}

impl Default for ModelOptions {
    fn default() -> Self {
        Self { first_token_delay: Duration::from_millis(40), wire_log: None }
    }
}

/// The running server.
#[derive(Debug)]
pub struct Model {
    base_url: String,
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    wire: Wire,
    first_token_delay: Duration,
    faults: Vec<Fault>,
}

impl Model {
    /// Starts the server on a free port of this machine.
    pub async fn start(options: &ModelOptions, faults: Vec<Fault>) -> anyhow::Result<Self> {
        // Decoding the vocabulary would otherwise count as the first question's time to first token.
        spawn_blocking(tokens::load).await?;
        let log = options.wire_log.as_deref();
        let shared = Arc::new(Shared {
            wire: Wire::new(log).with_context(|| format!("cannot write {log:?}"))?,
            first_token_delay: options.first_token_delay,
            faults,
        });
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.context("no port for the model")?;
        let base_url = format!("http://{}/v1", listener.local_addr()?);
        let router = Router::new()
            .route("/v1/chat/completions", post(complete))
            .route("/v1/embeddings", post(embed))
            .route("/v1/rerank", post(rank))
            // A book at once is more than the usual two megabytes.
            .layer(axum::extract::DefaultBodyLimit::disable())
            .with_state(Arc::clone(&shared));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Ok(Self { base_url, shared })
    }

    /// What to set as `OPENAI_BASE_URL`.
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// What the server itself counted.
    pub fn stats(&self) -> Stats {
        self.shared.wire.stats()
    }
}

async fn complete(State(shared): State<Arc<Shared>>, body: String) -> Response {
    or_refused(chat::answer(&shared, &body))
}

async fn embed(State(shared): State<Arc<Shared>>, body: String) -> Response {
    or_refused(whole(&shared, Path::Embeddings, &body, embeddings::answer))
}

async fn rank(State(shared): State<Arc<Shared>>, body: String) -> Response {
    or_refused(whole(&shared, Path::Rerank, &body, rerank::answer))
}

/// An answer that is not streamed.
fn whole(
    shared: &Shared,
    path: Path,
    body: &str,
    answer: fn(&Value) -> anyhow::Result<Value>,
) -> anyhow::Result<Response> {
    let request = serde_json::from_str(body).context("the body is no JSON")?;
    let response = answer(&request)?.to_string();
    shared.wire.record(path, 200, body, &response)?;
    Ok(([(header::CONTENT_TYPE, "application/json")], response).into_response())
}

fn or_refused(answer: anyhow::Result<Response>) -> Response {
    answer.unwrap_or_else(|error| {
        let message = format!("{error:#}");
        let body = json!({"error": {"message": message, "type": "invalid_request_error"}});
        (StatusCode::BAD_REQUEST, body.to_string()).into_response()
    })
}
