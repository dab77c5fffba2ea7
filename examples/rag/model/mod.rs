//! A stand-in for a model, so that the example runs without a network: a server that speaks OpenAI's chat API.
//!
//! What it says is quoted from the prompt ([`extract`]); what it costs is counted with the real tokenizer
//! ([`tokens`]). It is not instrumented, as nobody's model is: the spans of a call are the caller's.

mod extract;
mod frames;
mod tokens;
mod wire;

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use anyhow::Context as _;
use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use futures_util::{StreamExt as _, stream};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::spawn_blocking;
use tokio::time::sleep;

use crate::args::ModelOptions;
pub(crate) use wire::Stats;
use wire::Wire;

/// How long the model takes for each token after the first.
const PER_TOKEN: Duration = Duration::from_millis(1);

/// The running server.
pub(crate) struct Model {
    base_url: String,
    shared: Arc<Shared>,
}

struct Shared {
    wire: Wire,
    first_token_delay: Duration,
    /// How many calls opened a question, those turned away included.
    opened: AtomicU64,
}

impl Model {
    /// Starts the server on a free port of this machine.
    pub(crate) async fn start(options: &ModelOptions) -> anyhow::Result<Self> {
        // Decoding the vocabulary would otherwise count as the first question's time to first token.
        spawn_blocking(tokens::load).await?;
        let log = options.wire_log.as_deref();
        let shared = Arc::new(Shared {
            wire: Wire::new(log).with_context(|| format!("cannot write {log:?}"))?,
            first_token_delay: options.first_token_delay,
            opened: AtomicU64::new(0),
        });
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.context("no port for the model")?;
        let base_url = format!("http://{}/v1", listener.local_addr()?);
        let router =
            Router::new().route("/v1/chat/completions", post(complete)).with_state(Arc::clone(&shared));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Ok(Self { base_url, shared })
    }

    /// What to set as `OPENAI_BASE_URL`.
    pub(crate) fn base_url(&self) -> &str {
        &self.base_url
    }

    /// What the server itself counted.
    pub(crate) fn stats(&self) -> Stats {
        self.shared.wire.stats()
    }
}

async fn complete(State(shared): State<Arc<Shared>>, body: String) -> Response {
    match answer(&shared, &body) {
        Ok(response) => response,
        Err(error) => {
            let message = format!("{error:#}");
            let body = json!({"error": {"message": message, "type": "invalid_request_error"}});
            (StatusCode::BAD_REQUEST, body.to_string()).into_response()
        }
    }
}

fn answer(shared: &Shared, body: &str) -> anyhow::Result<Response> {
    let request: Value = serde_json::from_str(body).context("the body is no JSON")?;
    anyhow::ensure!(request["stream"] == true, "this model only streams");
    // One call in the life of the process is turned away, so that a retry is seen: the one that opens the second
    // question. It is the second that ends with a user's message, since its repetition comes later.
    let opens =
        request["messages"].as_array().and_then(|all| all.last()).is_some_and(|last| last["role"] == "user");
    if opens && shared.opened.fetch_add(1, Ordering::Relaxed) == 1 {
        return throttle(shared, body);
    }
    let number = shared.wire.stats().requests;
    let frames = frames::of(&extract::reply(&request), &request, tokens::of_prompt(body)?, number);
    shared.wire.record(200, body, &frames.concat())?;
    Ok(([(header::CONTENT_TYPE, "text/event-stream")], paced(frames, shared.first_token_delay))
        .into_response())
}

fn throttle(shared: &Shared, body: &str) -> anyhow::Result<Response> {
    let message = "Rate limit reached. Please try again in 20ms.";
    let error = json!({"error": {"message": message, "type": "requests", "code": "rate_limit_exceeded"}});
    let error = error.to_string();
    shared.wire.record(429, body, &error)?;
    let headers = [("content-type", "application/json"), ("retry-after-ms", "20")];
    Ok((StatusCode::TOO_MANY_REQUESTS, headers, error).into_response())
}

/// Sends the frames one by one, the first after the delay.
fn paced(frames: Vec<String>, first_token_delay: Duration) -> Body {
    Body::from_stream(stream::iter(frames.into_iter().enumerate()).then(move |(at, frame)| async move {
        sleep(if at == 0 { first_token_delay } else { PER_TOKEN }).await;
        Ok::<_, Infallible>(frame)
    }))
}
