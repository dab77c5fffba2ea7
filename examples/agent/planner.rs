//! The agent that gets the question: it looks things up itself, or has parts of the question researched.

use std::sync::Arc;

use anyhow::Context as _;
use async_openai::types::chat::{ChatCompletionMessageToolCall, ChatCompletionTools};
use serde::Deserialize;
use serde_json::json;
use throughline::{agent_span, tool_span};
use throughline_examples::{book, tool};

use crate::arithmetic;
use crate::conversation::{Tools, converse};
use crate::library::Library;
use crate::models::Models;
use crate::researcher::Researcher;

/// What its model is told.
const INSTRUCTIONS: &str = "\
Answer the question about Rust in at most three sentences, only from what your tools return. Have each part of the \
question researched on its own, all at once.";

/// The agent.
pub(crate) struct Planner {
    models: Arc<Models>,
    tools: Arc<PlannerTools>,
}

impl Planner {
    /// An agent with these models, over this library.
    pub(crate) fn new(models: Arc<Models>, library: Arc<Library>) -> Self {
        let researcher = Researcher::new(Arc::clone(&models), library);
        Self { models, tools: Arc::new(PlannerTools { researcher }) }
    }

    /// Answers one question of a conversation.
    #[agent_span(
        "planner",
        description = "Plans how to answer, and answers",
        conversation = conversation,
        capture(input = question, output)
    )]
    pub(crate) async fn answer(&self, conversation: &str, question: &str) -> anyhow::Result<String> {
        converse(&self.models, &self.tools, INSTRUCTIONS, question).await
    }
}

/// What it may call.
struct PlannerTools {
    researcher: Researcher,
}

impl Tools for PlannerTools {
    fn offered(&self) -> Vec<ChatCompletionTools> {
        let titles: Vec<&str> = book::CHAPTERS.iter().map(|chapter| chapter.title).collect();
        let chapter = json!({"type": "string", "enum": titles});
        let text = json!({"type": "string"});
        vec![
            tool::offered("read_chapter", "Reads a chapter of the book.", "chapter", chapter),
            tool::offered("calculate", "Calculates, as in (1 + 2) / 3.", "expression", text.clone()),
            tool::offered("research", "Finds out what the book says about a topic.", "topic", text),
        ]
    }

    async fn run(&self, call: ChatCompletionMessageToolCall) -> anyhow::Result<String> {
        let arguments = &call.function.arguments;
        match call.function.name.as_str() {
            "read_chapter" => read_chapter(&call.id, arguments),
            "calculate" => calculate(&call.id, arguments),
            "research" => self.research(&call.id, arguments).await,
            other => anyhow::bail!("there is no tool named {other:?}"),
        }
    }
}

impl PlannerTools {
    /// A tool that is an agent of its own.
    #[tool_span("research", call_id = call_id, type = "function", capture(arguments = arguments, result))]
    async fn research(&self, call_id: &str, arguments: &str) -> anyhow::Result<String> {
        #[derive(Deserialize)]
        struct Research {
            topic: String,
        }
        let Research { topic } = serde_json::from_str(arguments).context("arguments that do not fit")?;
        let text = self.researcher.find_out(&topic).await?;
        Ok(json!({"topic": topic, "text": text}).to_string())
    }
}

#[tool_span("read_chapter", call_id = call_id, type = "function", capture(arguments = arguments, result))]
fn read_chapter(call_id: &str, arguments: &str) -> anyhow::Result<String> {
    #[derive(Deserialize)]
    struct ReadChapter {
        chapter: String,
    }
    let ReadChapter { chapter } = serde_json::from_str(arguments).context("arguments that do not fit")?;
    let found = book::chapter(&chapter).with_context(|| format!("there is no chapter {chapter:?}"))?;
    Ok(json!({"chapter": found.title, "words": found.words(), "text": found.text}).to_string())
}

#[tool_span("calculate", call_id = call_id, type = "function", capture(arguments = arguments, result))]
fn calculate(call_id: &str, arguments: &str) -> anyhow::Result<String> {
    #[derive(Deserialize)]
    struct Calculate {
        expression: String,
    }
    let Calculate { expression } = serde_json::from_str(arguments).context("arguments that do not fit")?;
    let value = arithmetic::value(&expression)?;
    Ok(json!({"expression": expression, "value": value}).to_string())
}
