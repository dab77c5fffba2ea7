use throughline::{agent_span, tool_span, traced};

struct Cart;

#[traced(name = "cart", level = "debug")]
impl Cart {
    fn named(&self) {}
}

#[traced("cart")]
impl Cart {
    fn named_by_a_bare_literal(&self) {}
}

#[traced(parent = throughline::Context::current())]
impl Cart {
    fn child(&self) {}
}

#[traced(links = [throughline::Context::current()], follows_from = [throughline::Context::current()])]
mod linked {
    pub fn linked() {}
}

#[tool_span(name = "tools", description = "Does things")]
trait Tools {
    fn tool(&self) {}
}

#[agent_span(agent = "editor", id = "1", conversation = "c")]
impl Cart {
    fn agent(&self) {}
}

fn main() {}
