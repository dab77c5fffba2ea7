use throughline::{
    agent_span, embedding_span, llm_span, retrieval_span, tool_span, traced, workflow_span,
};

#[llm_span(provider = "openai", capture(messages, outptu, query = messages, input))]
fn chat(messages: &[String]) -> String {
    messages.concat()
}

#[llm_span(provider = "openai", capture(output = answer, input = 1, input = 2, output, tools = %"x"))]
fn answered() -> String {
    String::new()
}

#[llm_span(provider = "openai", capture(tools = , system "x", output))]
fn broken() {}

#[agent_span(capture(output), capture(input = 1))]
fn agent() {}

#[tool_span(capture)]
fn tool() {}

#[tool_span(capture(result), capture = "poll")]
fn opaque() -> impl Iterator<Item = u32> {
    0..3
}

#[retrieval_span(capture("words"))]
fn search() {}

#[workflow_span(capture())]
fn workflow() {}

#[embedding_span(provider = "openai", capture(input = 1))]
fn embed() {}

#[traced(capture(output))]
fn function() -> u8 {
    1
}

struct Tools;

#[tool_span(capture(argument, results))]
impl Tools {
    fn tool(&self) {}
}

fn main() {
    chat(&[]);
    answered();
    broken();
    agent();
    tool();
    opaque();
    search();
    workflow();
    embed();
    function();
    Tools.tool();
}
