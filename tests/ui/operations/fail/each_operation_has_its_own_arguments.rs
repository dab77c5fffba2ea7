use throughline::{llm_span, retrieval_span, tool_span, traced};

#[traced(provider = "openai", description = "x")]
fn traced_function() {}

#[llm_span(provider = "openai", data_source = "handbook")]
fn chat() {}

#[retrieval_span(model = "m", temperture = 1)]
fn search() {}

#[tool_span(top_k = 3, call_idd = "x")]
fn tool() {}

#[traced(parent = 3)]
fn child() {}

fn main() {
    traced_function();
    chat();
    search();
    tool();
    child();
}
