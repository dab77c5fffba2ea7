use throughline::{llm_span, tool_span, traced};

#[traced(fields(a = 1, b = 2, a = 3))]
fn twice() {}

#[traced(fields(a.b = 1, "a.b" = 2))]
fn quoted() {}

#[traced(fields("" = 1))]
fn empty() {}

#[traced]
fn marked(#[attr(name = "user")] a: u32, #[attr(name = "user")] b: u32, #[attr(name = "")] c: u32) {
    let _ = a + b + c;
}

#[traced(fields(a = 1))]
fn marked_and_given(#[attr] a: u32) {
    let _ = a;
}

#[llm_span(provider = "openai", fields(gen_ai.provider.name = "azure"))]
fn own() {}

#[tool_span(name = "add", fields("gen_ai.tool.name" = "sum"))]
fn tool() {}

fn main() {
    twice();
    quoted();
    empty();
    marked(1, 2, 3);
    marked_and_given(1);
    own();
    tool();
}
