use throughline::llm_span;

#[llm_span(model = "gpt-4o")]
async fn chat() -> String {
    String::new()
}

#[llm_span(provder = "openai")]
async fn misspelt() -> String {
    String::new()
}

fn main() {}
