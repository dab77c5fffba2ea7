//! From a question to an answer: retrieve, ask the model, run the tools it calls, ask again.

use std::fmt::Write as _;

use async_openai::types::chat::{
    ChatCompletionMessageToolCall, ChatCompletionRequestMessage, ChatCompletionRequestSystemMessage,
    ChatCompletionRequestUserMessage,
};

use throughline::{retrieval_span, traced};
use throughline_examples::reply::Reply;

use super::chat::Chat;
use super::tools;
use crate::search::{Hit, Library};

/// How many passages the model is given.
const PASSAGES: usize = 4;
/// How many turns the model has to come to an answer.
const TURNS: usize = 4;

/// An answer and what it stands on.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) text: String,
    pub(crate) hits: Vec<Hit>,
}

/// Answers questions from the library with the model's help.
pub(crate) struct Answerer {
    pub(crate) library: Library,
    pub(crate) chat: Chat,
}

impl Answerer {
    /// Answers one question.
    #[traced]
    pub(crate) async fn answer(&self, question: &str) -> anyhow::Result<Answer> {
        let hits = self.retrieve(question)?;
        tracing::info!(passages = hits.len(), "retrieved");
        let mut messages = prompt(question, &hits);
        let offered = tools::offered();
        for _ in 0..TURNS {
            let reply = self.chat.complete(&messages, &offered).await?;
            if reply.calls.is_empty() {
                return Ok(Answer { text: reply.text, hits });
            }
            messages.extend(run_tools(reply));
        }
        anyhow::bail!("the model called tools {TURNS} times and gave no answer")
    }

    #[retrieval_span(data_source = "rust-book", top_k = PASSAGES, capture(query = question, documents))]
    fn retrieve(&self, question: &str) -> anyhow::Result<Vec<Hit>> {
        let hits = self.library.search(question, PASSAGES)?;
        throughline::set("rag.retrieval.best_score", hits.first().map(|best| best.score));
        Ok(hits)
    }
}

/// Runs the tools of one turn; the messages say what was called and what came of it.
fn run_tools(reply: Reply) -> Vec<ChatCompletionRequestMessage> {
    let run = |call: &ChatCompletionMessageToolCall| {
        tools::run(&call.function.name, &call.id, &call.function.arguments)
    };
    let results: Vec<_> = reply.calls.iter().map(run).collect();
    reply.into_messages(results)
}

/// The conversation that the model is to continue.
fn prompt(question: &str, hits: &[Hit]) -> Vec<ChatCompletionRequestMessage> {
    let mut system =
        "Answer the question about Rust in at most three sentences, only from the passages below, and \
                      name them by their numbers, as in [1]. If they do not answer it, say so.\n"
            .to_owned();
    for (at, Hit { passage, .. }) in hits.iter().enumerate() {
        let number = at + 1;
        // Writing to a string cannot fail.
        let _ = write!(system, "\n[{number}] {} > {}\n{}\n", passage.chapter, passage.section, passage.text);
    }
    vec![
        ChatCompletionRequestSystemMessage::from(system).into(),
        ChatCompletionRequestUserMessage::from(question).into(),
    ]
}
