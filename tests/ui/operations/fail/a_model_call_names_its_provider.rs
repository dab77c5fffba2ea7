use throughline::{embedding_span, llm_span};

#[llm_span(model = "gpt-4o")]
async fn chat() -> String {
    String::new()
}

#[llm_span(provder = "openai")]
async fn misspelt() -> String {
    String::new()
}

#[embedding_span(model = "text-embedding-3-small")]
fn embed() -> Vec<f32> {
    Vec::new()
}

fn main() {}
