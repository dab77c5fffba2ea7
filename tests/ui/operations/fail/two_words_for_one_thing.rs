use throughline::{agent_span, llm_span, tool_span, workflow_span};

#[tool_span(name = "add", tool = "sum")]
fn tool() {}

#[agent_span("editor", agent = "writer")]
fn agent() {}

#[workflow_span(workflow = "digest", conversation = "a", conversation_id = "b", name = "other")]
fn workflow() {}

#[llm_span(provider = "openai", conversation_id = "a", conversation = "b")]
fn chat() {}

fn main() {
    tool();
    agent();
    workflow();
    chat();
}
