//! The agents that find out about one topic each.

use std::sync::Arc;

use anyhow::Context as _;
use async_openai::types::chat::{ChatCompletionMessageToolCall, ChatCompletionTools};
use serde::Deserialize;
use serde_json::{Value, json};
use throughline::{agent_span, tool_span};
use throughline_examples::tool;

use crate::conversation::{Tools, converse};
use crate::library::Library;
use crate::models::Models;

/// What its model is told.
const INSTRUCTIONS: &str = "\
Search the book about Rust, and say in at most three sentences what it says about the topic.";

/// The agent.
pub(crate) struct Researcher {
    models: Arc<Models>,
    tools: Arc<ResearcherTools>,
}

impl Researcher {
    /// An agent with these models, over this library.
    pub(crate) fn new(models: Arc<Models>, library: Arc<Library>) -> Self {
        Self { models, tools: Arc::new(ResearcherTools { library }) }
    }

    /// Says what the book says about the topic.
    #[agent_span("researcher", description = "Finds out about one topic", capture(input = topic, output))]
    pub(crate) async fn find_out(&self, topic: &str) -> anyhow::Result<String> {
        converse(&self.models, &self.tools, INSTRUCTIONS, topic).await
    }
}

/// What it may call.
struct ResearcherTools {
    library: Arc<Library>,
}

impl Tools for ResearcherTools {
    fn offered(&self) -> Vec<ChatCompletionTools> {
        vec![tool::offered("search", "Searches the book.", "query", json!({"type": "string"}))]
    }

    async fn run(&self, call: ChatCompletionMessageToolCall) -> anyhow::Result<String> {
        match call.function.name.as_str() {
            "search" => self.search(&call.id, &call.function.arguments).await,
            other => anyhow::bail!("there is no tool named {other:?}"),
        }
    }
}

impl ResearcherTools {
    #[tool_span("search", call_id = call_id, type = "function", capture(arguments = arguments, result))]
    async fn search(&self, call_id: &str, arguments: &str) -> anyhow::Result<String> {
        #[derive(Deserialize)]
        struct Search {
            query: String,
        }
        let Search { query } = serde_json::from_str(arguments).context("arguments that do not fit")?;
        let found = self.library.search(&query).await?;
        let found = found.iter().map(|passage| {
            json!({"source": format!("{} > {}", passage.chapter, passage.section), "text": passage.text})
        });
        Ok(Value::from_iter(found).to_string())
    }
}
