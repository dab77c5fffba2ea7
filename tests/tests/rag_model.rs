//! The `rag` example by what its own model saw on the wire.

use throughline_tests::rag::{Exchange, Program};
use throughline_tests::receiver::Nobody;

#[test]
fn the_model_counts_tokens_as_a_tokenizer_over_the_bytes_of_the_wire_does() {
    let log = std::env::temp_dir().join(format!("throughline-rag-wire-{}.jsonl", std::process::id()));
    let run = Program::new(&["--wire-log", log.to_str().expect("text"), "--first-token-delay", "0"])
        .run()
        .success();
    let exchanges = Exchange::read(&log);
    std::fs::remove_file(&log).expect("the wire log is there");

    let statuses: Vec<u16> = exchanges.iter().map(|exchange| exchange.status).collect();
    assert_eq!(statuses, [200, 429, 200, 200, 200, 200, 200]);
    assert!(run.stdout.contains("process: 7, 1 of them turned away"), "{}", run.stdout);
    for exchange in exchanges.iter().filter(|exchange| exchange.status == 200) {
        let chunks = exchange.chunks();
        let last = chunks.last().expect("chunks");
        assert_eq!(last["choices"].as_array().map(Vec::len), Some(0), "the last chunk has the usage alone");
        assert_eq!(last["usage"]["prompt_tokens"], exchange.prompt_tokens());
        assert_eq!(last["usage"]["completion_tokens"], exchange.completion_tokens());
    }
}

#[test]
fn one_question_of_one_s_own_is_answered_without_a_retry() {
    let run = Program::new(&["--first-token-delay", "0", "How", "long is a slice?"]).run().success();
    assert!(run.stdout.starts_with("Q: How long is a slice?\n"), "{}", run.stdout);
    assert!(run.stdout.ends_with("process: 1, 0 of them turned away.\n"), "{}", run.stdout);
}

#[test]
fn a_model_of_the_environment_that_is_not_there_is_said_with_the_request_id() {
    let nobody = Nobody::new();
    let url = format!("{}/v1", nobody.url());
    let run = Program::new(&["Who is there?"]).env("OPENAI_BASE_URL", &url).run();
    assert_eq!(run.status.code(), Some(1));
    assert!(run.stderr.starts_with("rag: 502 Bad Gateway: http error: "), "{}", run.stderr);
    assert!(run.stderr.contains("(request req-"), "{}", run.stderr);
    let attempts = run.json_lines().iter().filter(|line| line["level"] == "WARN").count();
    assert_eq!(attempts, 2, "the third failure is not followed by another attempt");
}

#[test]
fn arguments_that_make_no_sense_end_with_status_2_and_a_sentence() {
    let run = Program::new(&["--prot"]).run();
    assert_eq!(run.status.code(), Some(2));
    assert_eq!(run.stderr, "rag: invalid option '--prot'\nTry `rag --help`.\n");
    assert_eq!(run.stdout, "");
}
