use throughline::{llm_span, retrieval_span, tool_span, traced};

#[traced]
struct Unit;

#[traced]
#[derive(Debug)]
struct Thing {
    id: u32,
}

#[traced(name = "side")]
enum Side {
    Left,
}

#[traced]
union Bits {
    number: u32,
}

#[llm_span(provider = "openai")]
const MODEL: &str = "gpt-4o";

#[retrieval_span]
static DOCUMENTS: [&str; 0] = [];

#[tool_span]
type Tool = fn(u32) -> u32;

#[traced]
use std::mem::size_of_val;

#[traced]
extern crate core as the_core;

#[traced]
macro_rules! maximum {
    ($($a:expr)?) => {
        $($a)?
    };
}

#[traced]
maximum! {}

#[traced]
unsafe extern "C" {
    safe fn abs(number: i32) -> i32;
}

fn main() {
    let _ = (Unit, Thing { id: 1 }.id, Side::Left, Bits { number: 1 }, MODEL, DOCUMENTS);
    let _: Tool = |a| a + the_core::cmp::max(1, 2);
    let _ = (size_of_val(&1), maximum!(1), abs(-1));
}
