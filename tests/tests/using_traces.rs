//! `docs/using-traces.md`, held to what its program prints.

use throughline_tests::rag::Program;

/// The spans in waterfalls, with the marks of the tree and without their times, and what failed.
fn spans(text: &str) -> Vec<&str> {
    let is_head = |line: &str| line.starts_with(['●', '\u{20}']) || line.is_empty() || line.contains(" · ");
    let lines = text.lines().filter(|line| !is_head(line));
    lines.map(|line| line.split("  ").next().unwrap().split(" (").next().unwrap()).collect()
}

#[test]
fn the_page_shows_the_waterfalls_of_the_program() {
    let page = include_str!("../../docs/using-traces.md");
    let shown: Vec<_> =
        page.split("```").skip(1).step_by(2).filter_map(|block| block.strip_prefix("text\n")).collect();
    let run = Program::example("slow")
        .env("OTEL_TRACES_EXPORTER", "console")
        .env("THROUGHLINE_LOG", "off")
        .run()
        .success();
    let shown = shown.concat();
    assert_eq!(spans(&shown), spans(&run.stderr), "{}", run.stderr);
    assert!(spans(&shown).len() > 20, "{shown}");
}
