//! The workflow: from a question to an answer.

use std::sync::Arc;

use throughline::workflow_span;

use crate::library::Library;
use crate::models::Models;
use crate::planner::Planner;

/// Answers questions.
pub(crate) struct Workflow {
    planner: Planner,
}

/// An answer, and the ID under which its trace and its log lines are found.
#[derive(Debug)]
pub(crate) struct Answered {
    pub(crate) request_id: String,
    pub(crate) text: String,
}

impl Workflow {
    /// A workflow with these models, over this library.
    pub(crate) fn new(models: Arc<Models>, library: Arc<Library>) -> Self {
        Self { planner: Planner::new(models, library) }
    }

    /// Answers one question of a conversation.
    #[workflow_span("answer", conversation = conversation, capture(input = question))]
    pub(crate) async fn answer(&self, conversation: &str, question: &str) -> anyhow::Result<Answered> {
        let text = self.planner.answer(conversation, question).await?;
        let request_id = throughline::request_id().map(|id| id.to_string()).unwrap_or_default();
        Ok(Answered { request_id, text })
    }
}
