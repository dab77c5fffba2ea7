//! What all agents do: ask the model, run the tools that it calls, and ask again, until it answers.

use std::sync::Arc;

use async_openai::types::chat::{
    ChatCompletionMessageToolCall, ChatCompletionRequestSystemMessage, ChatCompletionRequestUserMessage,
    ChatCompletionTools,
};

use crate::models::Models;

/// How many turns the model has to come to an answer.
const TURNS: usize = 6;

/// What an agent's model may call.
pub(crate) trait Tools: Send + Sync + 'static {
    /// The tools as the model is told of them.
    fn offered(&self) -> Vec<ChatCompletionTools>;

    /// Runs one of them.
    fn run(&self, call: ChatCompletionMessageToolCall)
    -> impl Future<Output = anyhow::Result<String>> + Send;
}

/// The model's answer to a question, found with the help of tools.
pub(crate) async fn converse<T: Tools>(
    models: &Models,
    tools: &Arc<T>,
    instructions: &str,
    question: &str,
) -> anyhow::Result<String> {
    let offered = tools.offered();
    let mut messages = vec![
        ChatCompletionRequestSystemMessage::from(instructions).into(),
        ChatCompletionRequestUserMessage::from(question).into(),
    ];
    for _ in 0..TURNS {
        let reply = models.complete(&messages, &offered).await?;
        if reply.calls.is_empty() {
            return Ok(reply.text);
        }
        let results = run_all(tools, &reply.calls).await;
        messages.extend(reply.into_messages(results));
    }
    anyhow::bail!("the model called tools {TURNS} times and gave no answer")
}

/// Runs the tools of one turn at the same time, each in a task. `throughline::spawn` takes the context along, so that the
/// spans of a task stand under those of its agent.
async fn run_all<T: Tools>(
    tools: &Arc<T>,
    calls: &[ChatCompletionMessageToolCall],
) -> Vec<anyhow::Result<String>> {
    let start = |call: &ChatCompletionMessageToolCall| {
        let (tools, call) = (Arc::clone(tools), call.clone());
        throughline::spawn(async move { tools.run(call).await })
    };
    let running: Vec<_> = calls.iter().map(start).collect();
    let mut results = Vec::new();
    for task in running {
        results.push(task.await.unwrap_or_else(|error| Err(error.into())));
    }
    results
}
