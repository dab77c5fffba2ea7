//! The words of the unreleased conventions, which a variable selects for the whole process: the test runs itself again.

mod llm;

use std::process::Command;

use llm::{call, root, trace};
use throughline::llm::{Usage, record};

const VARIABLE: &str = "OTEL_SEMCONV_STABILITY_OPT_IN";

fn recorded() -> String {
    let usage = Usage { input: 1000, output: 500, cache_read: 200, cache_creation: 100, reasoning: 0 };
    let trace = trace(|| root(|| call(|_| record(&usage))));
    let lines = trace.span("call").lines(&["gen_ai.usage."]);
    // What it costs is another test's business.
    lines.lines().map(|line| line.split("=0.").next().unwrap()).collect::<Vec<_>>().join("\n")
}

const RELEASED: &str = "\
gen_ai.usage.cache_creation.input_tokens=100
gen_ai.usage.cache_read.input_tokens=200
gen_ai.usage.cost
gen_ai.usage.input_tokens=1000
gen_ai.usage.output_tokens=500";

const LATEST: &str = "\
gen_ai.usage.cache_read.input_tokens=200
gen_ai.usage.cache_write.input_tokens=100
gen_ai.usage.cost.amount
gen_ai.usage.cost.currency=USD
gen_ai.usage.cost.source=local
gen_ai.usage.input_tokens=1000
gen_ai.usage.output_tokens=500";

/// What the process with the variable runs; in the first process it sees the released words.
#[test]
fn words_follow_the_variable() {
    let latest = std::env::var(VARIABLE).is_ok_and(|list| list.contains("gen_ai_latest_experimental"));
    assert_eq!(recorded(), if latest { LATEST } else { RELEASED });
}

#[test]
fn the_latest_words_replace_the_released_ones() {
    let test = std::env::current_exe().unwrap();
    let run = Command::new(test)
        .args(["--exact", "words_follow_the_variable"])
        .env(VARIABLE, "http, gen_ai_latest_experimental")
        .output()
        .unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stdout));
    assert!(String::from_utf8_lossy(&run.stdout).contains("1 passed"));
}
