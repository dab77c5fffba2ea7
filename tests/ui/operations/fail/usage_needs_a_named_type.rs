use throughline::llm::Usage;
use throughline::llm_span;

#[llm_span(provider = "local", usage = |_| Usage::default())]
fn opaque() -> impl Iterator<Item = u32> {
    0..3
}

fn main() {}
