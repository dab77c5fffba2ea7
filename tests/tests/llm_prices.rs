//! Prices of one's own: what the program gives, before a file, before the list that comes with Throughline.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// What the program writes of these calls, with this file of prices: the costs, and what it says on stderr.
#[track_caller]
fn run(file: Option<&str>, calls: &[&str]) -> (Vec<String>, String) {
    let path = file.map(|text| {
        let name = format!("llm-prices-{}-{:x}.json", std::process::id(), fastrand::u64(..));
        let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
        fs::write(&path, text).unwrap();
        path
    });
    let mut program = Command::new(env!("CARGO_BIN_EXE_llm_prices"));
    program.args(calls).env_clear().stdin(Stdio::null());
    program.envs(path.as_ref().map(|path| ("THROUGHLINE_PRICES", path)));
    let output = program.output().unwrap();
    path.into_iter().for_each(|path| fs::remove_file(path).unwrap());
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{stderr}");
    (String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect(), stderr)
}

/// Prices of two providers: what is true of a million tokens.
const FILE: &str = r#"{
    "acme": {"m1": {"input_mtok": 1, "output_mtok": 1}, "m2": {"input_mtok": 5, "output_mtok": 10}},
    "openai": {"gpt-4o-mini": {"input_mtok": 3, "output_mtok": {"base": 4, "tiers": [{"start": 500, "price": 8}]}}}
}"#;

#[test]
fn the_program_gives_prices_of_private_models() {
    let (written, said) = run(
        None,
        &[
            "acme/m1 1000 500",
            // 1,000 at 1,000 of which 200 at 100; 500 at 2,000 of which 100 at 4,000, for a million.
            "acme/m1 1000 500 200 100",
            "acme/m1 20000 1000",
            "x_ai/grok-4-0709 1000000 1000000",
            "openai/gpt-4o-mini 1000 500 200",
        ],
    );
    let expected = [
        "chat m1 2",
        "chat m1 2.02",
        "chat m1 43",
        "chat grok-4-0709 2",
        "chat gpt-4o-mini 0.000435",
        "unpriced 0",
    ];
    assert_eq!(written, expected);
    assert_eq!(said, "");
}

#[test]
fn a_model_without_a_provider_is_found_by_its_name() {
    assert_eq!(run(None, &["/m1 1000 500"]).0, ["chat m1 2", "unpriced 0"]);
}

#[test]
fn what_costs_nothing_by_one_s_own_list_costs_zero_and_what_nobody_knows_has_no_cost_and_is_counted() {
    let (written, said) = run(None, &["ollama/llama3.2 1000 500", "ollama/llama9 1000 500", "acme/m9 1 1"]);
    assert_eq!(written, ["chat llama3.2 0", "chat llama9 unknown", "chat m9 unknown", "unpriced 2"]);
    assert_eq!(said, "", "it is counted, not complained about");
}

#[test]
fn the_program_wins_over_the_file_and_that_over_the_list() {
    let calls =
        ["acme/m1 1000 500", "acme/m2 1000 500", "openai/gpt-4o-mini 1000 500", "openai/gpt-4.1 1000 500"];
    let (written, said) = run(Some(FILE), &calls);
    assert_eq!(
        written,
        ["chat m1 2", "chat m2 0.01", "chat gpt-4o-mini 0.007", "chat gpt-4.1 0.006", "unpriced 0"]
    );
    assert_eq!(said, "");
}

#[test]
fn a_file_may_be_as_genai_prices_has_it() {
    let file = r#"[{"id": "acme", "name": "Acme", "api_pattern": "https://api.acme.example", "models": [
        {"id": "m2", "match": {"starts_with": "m2"}, "prices": {"input_mtok": 5, "output_mtok": 10}}]}]"#;
    assert_eq!(run(Some(file), &["acme/m2-2026 1000 500"]).0, ["chat m2-2026 0.01", "unpriced 0"]);
}

#[test]
fn one_broken_entry_is_named_and_the_list_that_came_with_throughline_stays() {
    let file = r#"{"acme": {"m2": {"input_mtok": 5}, "m3": {"input_mtok": -1}}}"#;
    let (written, said) =
        run(Some(file), &["acme/m2 1000 500", "acme/m1 1000 500", "openai/gpt-4o-mini 1000 500 200"]);
    assert_eq!(written, ["chat m2 unknown", "chat m1 2", "chat gpt-4o-mini 0.000435", "unpriced 1"]);
    assert_eq!(said.lines().count(), 1, "{said}");
    assert!(said.contains("THROUGHLINE_PRICES") && said.contains("acme") && said.contains("m3"), "{said}");
    let (written, said) = run(Some("{"), &["openai/gpt-4o-mini 1000 500 200"]);
    assert_eq!(written, ["chat gpt-4o-mini 0.000435", "unpriced 0"]);
    assert_eq!(said.lines().count(), 1, "{said}");
}

#[test]
fn a_file_that_is_no_json_is_told_where_it_is_none() {
    let file = "{\"acme\": {\n    \"m1\": {\"input_mtok\": 1,}\n}}";
    let (written, said) = run(Some(file), &["openai/gpt-4o-mini 1000 500 200"]);
    assert_eq!(written, ["chat gpt-4o-mini 0.000435", "unpriced 0"]);
    assert!(said.contains("no JSON: ") && said.contains("line 2 column 28"), "{said}");
}
