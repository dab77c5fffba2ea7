use throughline::{
    agent_span, embedding_span, llm_span, rerank_span, retrieval_span, tool_span, traced, workflow_span,
};

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

#[embedding_span(provider = "openai", temperature = 0.5, dimension = 256)]
fn embed() {}

#[rerank_span(data_source = "handbook", topk = 3)]
fn rerank() {}

#[agent_span(workflow = "digest", call_id = "1", agnet = "editor")]
fn agent() {}

#[workflow_span(agent = "editor", model = "m", worflow = "digest")]
fn workflow() {}

fn main() {
    traced_function();
    chat();
    search();
    tool();
    child();
    embed();
    rerank();
    agent();
    workflow();
}
