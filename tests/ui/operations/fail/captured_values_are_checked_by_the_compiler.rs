use throughline::{agent_span, tool_span};

#[agent_span(capture(input = nothing))]
fn agent() {}

#[tool_span(capture(arguments = words.len(1), result))]
fn tool(words: &str) -> usize {
    words.len()
}

#[agent_span(agent = words.count(), capture(input = words))]
fn named(words: &str) {
    let _ = words;
}

fn main() {
    agent();
    tool("");
    named("");
}
