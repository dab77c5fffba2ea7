use throughline::{retrieval_span, tool_span, traced};

#[traced(provider = "openai")]
fn traced_function() {}

#[retrieval_span(model = "m")]
fn search() {}

#[tool_span(top_k = 3)]
fn tool() {}

#[traced(parent = 3)]
fn child() {}

fn main() {}
