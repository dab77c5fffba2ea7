//! From a question to an answer: retrieve, ask the model, run the tools it calls, ask again.

use std::fmt::Write as _;

use async_openai::types::chat::{
    ChatCompletionMessageToolCalls, ChatCompletionRequestAssistantMessage, ChatCompletionRequestMessage,
    ChatCompletionRequestSystemMessage, ChatCompletionRequestToolMessage, ChatCompletionRequestUserMessage,
};

use throughline::{retrieval_span, traced};

use super::chat::{Chat, Reply};
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

    #[retrieval_span(data_source = "rust-book", top_k = PASSAGES)]
    fn retrieve(&self, question: &str) -> anyhow::Result<Vec<Hit>> {
        let hits = self.library.search(question, PASSAGES)?;
        throughline::set("rag.retrieval.best_score", hits.first().map(|best| best.score));
        Ok(hits)
    }
}

/// Runs the tools of one turn; the messages say what was called and what came of it.
fn run_tools(reply: Reply) -> Vec<ChatCompletionRequestMessage> {
    let results: Vec<ChatCompletionRequestMessage> = reply
        .calls
        .iter()
        .map(|call| {
            let result = tools::run(&call.function.name, &call.id, &call.function.arguments);
            // A model can mend its call when it is told what was wrong with it.
            let content = result.unwrap_or_else(|error| format!("error: {error:#}"));
            ChatCompletionRequestToolMessage { content: content.into(), tool_call_id: call.id.clone() }.into()
        })
        .collect();
    let calls = reply.calls.into_iter().map(ChatCompletionMessageToolCalls::Function).collect();
    let said = ChatCompletionRequestAssistantMessage {
        content: (!reply.text.is_empty()).then(|| reply.text.into()),
        tool_calls: Some(calls),
        ..ChatCompletionRequestAssistantMessage::default()
    };
    let mut messages = vec![ChatCompletionRequestMessage::from(said)];
    messages.extend(results);
    messages
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
