//! The service: `POST /ask`.

mod answer;
mod chat;
mod feedback;
mod tools;

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use axum::{Json, Router};
use serde::{Deserialize, Serialize};
use throughline_axum::{RequestId, server_layer};

use self::answer::{Answer, Answerer};
pub(crate) use self::chat::Chat;
pub(crate) use self::feedback::Feedback;
use crate::search::Library;
use throughline_examples::book;

/// What the handlers share.
pub(crate) struct Service {
    answerer: Answerer,
    feedback: Feedback,
}

impl Service {
    /// Indexes the book.
    pub(crate) fn new(chat: Chat) -> anyhow::Result<Self> {
        let library = Library::new(&book::passages())?;
        Ok(Self { answerer: Answerer { library, chat }, feedback: Feedback::default() })
    }

    /// What still runs in the background.
    pub(crate) fn feedback(&self) -> &Feedback {
        &self.feedback
    }
}

/// The routes.
pub(crate) fn router(service: Arc<Service>) -> Router {
    Router::new().route("/ask", post(ask)).with_state(service).layer(server_layer())
}

#[derive(Debug, Deserialize)]
struct Question {
    question: String,
}

/// The body of an answer.
#[derive(Debug, Deserialize, Serialize)]
pub(crate) struct Answered {
    pub(crate) request_id: String,
    pub(crate) answer: String,
    pub(crate) sources: Vec<String>,
}

/// The body of an error.
#[derive(Debug, Deserialize, Serialize)]
pub(crate) struct Failed {
    pub(crate) request_id: String,
    pub(crate) error: String,
}

async fn ask(
    State(service): State<Arc<Service>>,
    RequestId(id): RequestId,
    Json(Question { question }): Json<Question>,
) -> Response {
    let request_id = id.to_string();
    if question.trim().is_empty() {
        let error = "the question is empty".to_owned();
        return (StatusCode::BAD_REQUEST, Json(Failed { request_id, error })).into_response();
    }
    match service.answerer.answer(&question).await {
        Ok(answer) => {
            let (text, sources) = (answer.text.clone(), sources(&answer));
            service.feedback.record(answer);
            Json(Answered { request_id, answer: text, sources }).into_response()
        }
        Err(error) => {
            let error = format!("{error:#}");
            tracing::error!(%error, "no answer");
            (StatusCode::BAD_GATEWAY, Json(Failed { request_id, error })).into_response()
        }
    }
}

/// The passages in the order of their numbers.
fn sources(answer: &Answer) -> Vec<String> {
    answer.hits.iter().map(|hit| format!("{} > {}", hit.passage.chapter, hit.passage.section)).collect()
}
