//! Operations with all they know.

use throughline::{
    agent_span, embedding_span, job, llm_span, rerank_span, retrieval_span, tool_span, workflow_span,
};

#[llm_span(provider = "openai", model = model, operation = "generate_content", temperature = 0.1, max_tokens = 9, top_p = 0.5,
    top_k = 3.0, frequency_penalty = 0.0, presence_penalty = 0.0, stop_sequences = ["x"], seed = 7, choice_count = 2,
    stream = true, output_type = "text", prompt_name = "p", conversation_id = %1, server_address = "localhost", server_port = 80,
    capture(input = model, system = "s", tools = [1], output), capture = "poll")]
pub async fn call(model: &str) -> String {
    model.to_owned()
}

#[embedding_span(provider = "openai", model = model, dimensions = 256, encoding_formats = ["float"], conversation = "c",
    server_address = "localhost", server_port = 80, usage = |_: &Vec<u8>| throughline::llm::Usage::default())]
pub async fn embed(model: String) -> Vec<u8> {
    model.into_bytes()
}

#[retrieval_span(data_source = source, top_k = 3, provider = "p", server_address = "localhost", server_port = 80,
    fields(words = words), capture(query = words, documents))]
pub fn search(source: String, words: &str) -> Option<Vec<u8>> {
    drop(source);
    None
}

#[rerank_span(provider = "p", model = ?model, top_k = 3, server_address = "localhost", server_port = 80, capture(query = ?model, documents))]
pub fn rerank(model: Option<&str>, documents: Vec<u8>) -> Vec<u8> {
    documents
}

#[tool_span(
    name = "t",
    call_id = "1",
    type = "function",
    description = "d",
    conversation = "c",
    args,
    capture(arguments, result)
)]
pub async fn tool(a: u8) -> u8 {
    a
}

#[tool_span(tool = "t", conversation_id = "c")]
pub fn other_tool() {}

#[agent_span(
    agent = "a",
    id = "1",
    description = "d",
    provider = "p",
    model = "m",
    conversation = "c",
    server_address = "localhost",
    server_port = 80,
    kind = "client"
)]
pub fn agent() {}

#[agent_span(name = "a", conversation_id = "c")]
pub fn other_agent() {}

#[workflow_span(workflow = "w", conversation = "c", capture(output))]
pub fn workflow() -> u8 {
    1
}

#[workflow_span("w", conversation_id = "c")]
pub fn other_workflow() {}

#[job(message = row, destination = table, args, skip(row), err, ret)]
pub async fn import(table: &str, row: throughline::jobs::Envelope<u8>) -> Result<u8, std::fmt::Error> {
    let _ = table;
    Ok(row.into_payload())
}

#[job("send", destination = %7)]
pub fn send(mail: impl throughline::jobs::Message, mut times: u8) -> u8 {
    drop(mail);
    times += 1;
    times
}
