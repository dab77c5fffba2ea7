//! Expressions are the compiler's to check: it shows them, not what is made of them.
use throughline::{llm_span, traced};

fn at_run_time() -> &'static str {
    "a"
}

#[traced(name = NUMBER)]
fn name() {}

const NUMBER: u32 = 1;

#[traced(target = at_run_time())]
fn target() {}

#[traced(links = 3)]
fn links() {}

#[traced(follows_from = ["a"])]
async fn follows_from() {}

#[traced(parent = "a")]
async fn parent() {}

#[traced(fields({NUMBER} = 1))]
fn key() {}

#[llm_span(provider = "local", usage = 3)]
fn usage() -> String {
    String::new()
}

#[llm_span(provider = "local", max_tokens = Unknown)]
fn attribute() -> String {
    String::new()
}

struct Unknown;

fn main() {}
