//! Fewer log lines, in a process of its own: they cost neither spans nor what is known of them.

use std::collections::BTreeMap;
use std::process::{Command, Stdio};

use serde_json::Value;

/// What the program writes with these variables.
#[track_caller]
fn run(what: &str, environment: &[(&str, &str)]) -> [String; 2] {
    let mut program = Command::new(env!("CARGO_BIN_EXE_init_program"));
    let environment = environment.iter().copied();
    let output = program.arg(what).env_clear().envs(environment).stdin(Stdio::null()).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap())
}

/// How a span ended, its events, and its IDs.
#[derive(Debug)]
struct Span {
    ended: String,
    events: String,
    ids: String,
}

/// The lines of the program that logs errors, and its spans.
#[track_caller]
fn errors(environment: &[(&str, &str)]) -> (Vec<Value>, BTreeMap<String, Span>) {
    let [lines, spans] = run("errors", environment);
    let span = |line: &str| {
        let [name, outcome, message, events, ids] =
            line.split('|').map(str::to_owned).collect::<Vec<_>>().try_into().expect("a span");
        (name, Span { ended: format!("{outcome} {message}").trim_end().to_owned(), events, ids })
    };
    let lines = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    (lines, spans.lines().map(span).collect())
}

#[track_caller]
fn assert_ended(spans: &BTreeMap<String, Span>, expected: [(&str, &str); 5]) {
    let ended: Vec<_> = spans.iter().map(|(name, span)| (name.as_str(), span.ended.as_str())).collect();
    assert_eq!(ended, expected);
}

const ENDED: [(&str, &str); 5] = [
    ("old", "Error said by log"),
    ("order", "Ok"),
    ("pool", "Error no connection is left"),
    ("query", "Error refused"),
    ("warming", "Error nothing is wrong"),
];

#[test]
fn quieter_lines_leave_errors_on_the_spans_of_libraries_and_the_ids_of_those_in_lines() {
    let (lines, spans) = errors(&[("RUST_LOG", "warn")]);
    assert_ended(&spans, ENDED);
    for (message, name) in
        [("cannot connect", "query"), ("no connection is left", "pool"), ("said by log", "old")]
    {
        let span = &spans[name];
        assert_eq!(span.events, message, "{name}");
        let line = lines.iter().find(|line| line["message"] == message).unwrap();
        let [trace, id] = ["trace_id", "span_id"].map(|key| line[key].as_str().unwrap());
        assert_eq!(format!("{trace} {id}"), span.ids, "{line}");
    }
    assert_eq!(spans["order"].events, "", "what is said of another span is not on this one");
    assert_eq!((&lines[0]["table"], &lines[1]["size"]), (&"orders".into(), &3.into()), "fields of spans");
}

#[test]
fn spans_fail_by_errors_that_are_not_logged() {
    for environment in [
        [("RUST_LOG", "off"), ("THROUGHLINE_LOG", "json")],
        [("RUST_LOG", "off"), ("THROUGHLINE_LOG", "off")],
    ] {
        let (lines, spans) = errors(&environment);
        assert!(lines.is_empty(), "{lines:?}");
        assert_ended(&spans, ENDED);
        assert!(spans.values().all(|span| span.events.is_empty()), "{spans:?}");
    }
}

#[test]
fn no_span_fails_by_errors_of_a_target_that_is_off() {
    let (_, spans) = errors(&[("THROUGHLINE_FILTER", "info,noisy=off")]);
    let mut expected = ENDED;
    expected[4] = ("warming", "Ok");
    assert_ended(&spans, expected);
}

#[test]
fn libraries_are_not_asked_for_more_than_lines_and_spans_need() {
    for (environment, expected) in [
        (&[][..], "info"),
        (&[("RUST_LOG", "warn")], "info"),
        (&[("RUST_LOG", "warn,shop=debug")], "debug"),
        (&[("THROUGHLINE_FILTER", "warn")], "warn"),
        (&[("THROUGHLINE_FILTER", "error,h2=trace")], "trace"),
        (&[("THROUGHLINE_FILTER", "off")], "off"),
        (&[("THROUGHLINE_FILTER", "warn"), ("THROUGHLINE_MIRROR", "true")], "warn"),
        (&[("THROUGHLINE_LOG", "off")], "info"),
    ] {
        assert_eq!(run("level", environment), [format!("{expected}\n"), String::new()], "{environment:?}");
    }
}
