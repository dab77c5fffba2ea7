//! Operations with all they know.

use throughline::{llm_span, retrieval_span, tool_span};

#[llm_span(provider = "openai", model = model, operation = "generate_content", temperature = 0.1, max_tokens = 9, top_p = 0.5,
    top_k = 3.0, frequency_penalty = 0.0, presence_penalty = 0.0, stop_sequences = ["x"], seed = 7, choice_count = 2,
    stream = true, output_type = "text", conversation_id = %1, server_address = "localhost", server_port = 80)]
pub async fn call(model: &str) {}

#[retrieval_span(data_source = source, top_k = 3, fields(words = words))]
pub fn search(source: String, words: &str) -> Option<Vec<u8>> {
    drop(source);
    None
}

#[tool_span(name = "t", call_id = "1", type = "function", description = "d", args)]
pub async fn tool(a: u8) -> u8 {
    a
}
