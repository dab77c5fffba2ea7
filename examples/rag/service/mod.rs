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

use self::answer::{Answer, Answerer};
pub(crate) use self::chat::Chat;
pub(crate) use self::feedback::Feedback;
use crate::book;
use crate::search::Library;

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
    Router::new().route("/ask", post(ask)).with_state(service)
}

#[derive(Debug, Deserialize)]
struct Question {
    question: String,
}

/// The body of an answer.
#[derive(Debug, Deserialize, Serialize)]
pub(crate) struct Answered {
    pub(crate) request_id: Option<String>,
    pub(crate) answer: String,
    pub(crate) sources: Vec<String>,
}

/// The body of an error.
#[derive(Debug, Deserialize, Serialize)]
pub(crate) struct Failed {
    pub(crate) request_id: Option<String>,
    pub(crate) error: String,
}

async fn ask(State(service): State<Arc<Service>>, Json(Question { question }): Json<Question>) -> Response {
    if question.trim().is_empty() {
        return failed(StatusCode::BAD_REQUEST, "the question is empty".to_owned());
    }
    match service.answerer.answer(&question).await {
        Ok(answer) => {
            let answered =
                Answered { request_id: request_id(), answer: answer.text.clone(), sources: sources(&answer) };
            service.feedback.record(answer);
            Json(answered).into_response()
        }
        Err(error) => failed(StatusCode::BAD_GATEWAY, format!("{error:#}")),
    }
}

fn failed(status: StatusCode, error: String) -> Response {
    tracing::error!(%error, "no answer");
    (status, Json(Failed { request_id: request_id(), error })).into_response()
}

fn request_id() -> Option<String> {
    None
}

/// The passages in the order of their numbers.
fn sources(answer: &Answer) -> Vec<String> {
    answer.hits.iter().map(|hit| format!("{} > {}", hit.passage.chapter, hit.passage.section)).collect()
}
