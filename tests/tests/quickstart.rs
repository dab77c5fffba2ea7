//! The `quickstart` example, which the README quotes.

use throughline_tests::rag::Program;

#[test]
fn the_readme_shows_the_program_as_it_is() {
    let readme = include_str!("../../README.md");
    let source = include_str!("../../examples/quickstart.rs");
    let (_, program) = source.split_once('\n').expect("its documentation, then the program");
    assert!(readme.contains(program), "{program}");
}

#[test]
fn it_prints_two_waterfalls_and_the_log_lines_of_their_requests() {
    let run = Program::example("quickstart").env("OTEL_TRACES_EXPORTER", "console").run().success();
    for shown in ["● checkout", "✗ checkout", "├ reserve", "└ send_receipt", "no gold left"] {
        assert!(run.stderr.contains(shown), "{shown} is missing in\n{}", run.stderr);
    }
    let lines = run.json_lines();
    assert_eq!(lines.len(), 2);
    for line in lines {
        let id = line["request_id"].as_str().expect("a request ID");
        assert!(
            run.stderr.lines().any(|shown| shown.starts_with("● checkout") && shown.ends_with(id)),
            "{id}"
        );
    }
}
