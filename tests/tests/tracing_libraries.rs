//! Spans and events that real libraries make with `tracing`, in a process that called `init`: a request over HTTP/2 to a
//! handler that asks a database.

use std::collections::BTreeSet;
use std::process::{Command, Stdio};

use serde_json::Value;

/// A span that was recorded.
#[derive(Debug)]
struct Span {
    target: String,
    name: String,
    parent: String,
    ids: [String; 2],
}

/// What the program recorded and logged with these variables.
#[track_caller]
fn run(environment: &[(&str, &str)]) -> (Vec<Span>, Vec<Value>) {
    let mut program = Command::new(env!("CARGO_BIN_EXE_init_program"));
    let environment = environment.iter().copied();
    let output =
        program.arg("libraries").env_clear().envs(environment).stdin(Stdio::null()).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    let [stdout, stderr] = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap());
    let span = |line: &str| {
        let [target, name, parent, trace, span] = line.split('|').collect::<Vec<_>>()[..] else {
            panic!("{line}")
        };
        let ids = [trace.to_owned(), span.to_owned()];
        Span { target: target.to_owned(), name: name.to_owned(), parent: parent.to_owned(), ids }
    };
    let lines = stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    (stderr.lines().map(span).collect(), lines)
}

fn of_library<'a>(spans: &'a [Span], library: &str) -> Vec<&'a Span> {
    spans.iter().filter(|span| span.target.split("::").next() == Some(library)).collect()
}

#[test]
fn spans_of_libraries_are_between_ours() {
    let (spans, lines) = run(&[]);
    let tree: BTreeSet<_> = spans.iter().map(|span| (span.name.as_str(), span.parent.as_str())).collect();
    assert_eq!(
        tree,
        BTreeSet::from([("call", ""), ("GET /orders", "call"), ("request", ""), ("orders", "request")])
    );
    let orders = spans.iter().find(|span| span.name == "orders").unwrap();
    let inside = lines.iter().find(|line| line["message"] == "inside").unwrap();
    assert_eq!(["trace_id", "span_id"].map(|key| inside[key].as_str().unwrap()), orders.ids);
}

/// What SQLite says comes from its own thread, in what was `tracing::Span::current()` when it was asked.
#[test]
fn what_a_database_says_on_its_thread_is_on_the_span_that_tracing_knows() {
    for (mirror, span) in [("false", "request"), ("true", "orders")] {
        let (spans, lines) =
            run(&[("THROUGHLINE_FILTER", "info,sqlx::query=debug"), ("THROUGHLINE_MIRROR", mirror)]);
        let asking = spans.iter().find(|other| other.name == span).unwrap();
        let query = lines.iter().find(|line| line["summary"] == "select 1").unwrap();
        assert_eq!(
            (query["target"].as_str(), query["rows_returned"].as_u64()),
            (Some("sqlx::query"), Some(1))
        );
        assert_eq!(["trace_id", "span_id"].map(|key| query[key].as_str().unwrap()), asking.ids, "{mirror}");
    }
}

#[test]
fn mirrored_spans_are_recorded_once() {
    let (spans, _) = run(&[("THROUGHLINE_MIRROR", "true")]);
    let tree: Vec<_> = spans.iter().map(|span| (span.name.as_str(), span.parent.as_str())).collect();
    assert_eq!(tree, [("call", ""), ("GET /orders", "call"), ("request", ""), ("orders", "request")]);
}

#[test]
fn spans_of_connections_are_recorded_where_they_are_named() {
    let (spans, lines) = run(&[("THROUGHLINE_FILTER", "trace")]);
    assert!(of_library(&spans, "h2").is_empty(), "{spans:?}");
    assert!(lines.iter().any(|line| line["target"].as_str().unwrap().starts_with("h2")), "they are logged");
    let (spans, _) = run(&[("THROUGHLINE_FILTER", "info,h2=trace")]);
    assert!(!of_library(&spans, "h2").is_empty(), "{spans:?}");
}

#[test]
fn the_filter_decides_about_spans_of_libraries_by_target_and_level() {
    let (spans, _) = run(&[("THROUGHLINE_FILTER", "info,tower_http=warn")]);
    assert!(of_library(&spans, "tower_http").is_empty(), "{spans:?}");
    let orders = spans.iter().find(|span| span.name == "orders").unwrap();
    assert_eq!(orders.parent, "");
}

#[test]
fn quieter_lines_cost_no_spans() {
    let (spans, lines) = run(&[("RUST_LOG", "warn")]);
    assert_eq!(of_library(&spans, "tower_http").len(), 1, "{spans:?}");
    assert!(lines.is_empty(), "{lines:?}");
}
