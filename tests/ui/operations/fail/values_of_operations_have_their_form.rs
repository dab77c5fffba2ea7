use throughline::{llm_span, retrieval_span, tool_span};

#[llm_span(provider("openai"), model, max_tokens =, temperature = %)]
fn chat() {}

#[llm_span("gpt-4o", "openai", provider = "openai")]
fn bare() {}

#[llm_span(provider = "openai", model = "a", model = "b", usage)]
fn twice() {}

#[llm_span(provider = "openai", usage = |_: &()| None::<throughline::llm::Usage>)]
fn nothing_returned() {}

#[retrieval_span(data_source = "handbook" top_k = 3)]
fn search() {}

#[tool_span("add", name = "sum")]
fn tool() {}

#[tool_span(type("function"))]
fn typed() {}

fn main() {
    chat();
    bare();
    twice();
    nothing_returned();
    search();
    tool();
    typed();
}
