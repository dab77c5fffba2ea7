//! The `rag` example by what its own model saw on the wire.

use throughline_tests::rag::{Exchange, Program};

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
    assert!(run.stdout.contains("process: 7, of which 1 turned away"), "{}", run.stdout);
    for exchange in exchanges.iter().filter(|exchange| exchange.status == 200) {
        let chunks = exchange.chunks();
        let last = chunks.last().expect("chunks");
        assert_eq!(last["choices"].as_array().map(Vec::len), Some(0), "the last chunk has the usage alone");
        assert_eq!(last["usage"]["prompt_tokens"], exchange.prompt_tokens());
        assert_eq!(last["usage"]["completion_tokens"], exchange.completion_tokens());
    }
}

#[test]
fn arguments_that_make_no_sense_end_with_status_2_and_a_sentence() {
    let run = Program::new(&["--prot"]).run();
    assert_eq!(run.status.code(), Some(2));
    assert_eq!(run.stderr, "rag: invalid option '--prot'\nTry `rag --help`.\n");
    assert_eq!(run.stdout, "");
}
