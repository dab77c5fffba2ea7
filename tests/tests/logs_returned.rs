//! The log lines of `err` and `ret`, by a program that only calls `init`.

use std::collections::HashMap;
use std::process::{Command, Stdio};

use opentelemetry_proto::tonic::trace::v1::Span;
use serde_json::Value;
use throughline_tests::otlp::{self, hex};
use throughline_tests::receiver::Receiver;

/// A line in the order of the program: the function, level, target, key and value.
type Line = (&'static str, &'static str, &'static str, &'static str, &'static str);

const MODULE: &str = "init_program::returned";
const EXPECTED: [Line; 11] = [
    ("sync_err", "ERROR", MODULE, "error", "sync"),
    ("sync_ret", "INFO", MODULE, "return", "0"),
    ("sync_ret", "ERROR", MODULE, "error", "too small"),
    ("warned", "WARN", "shop", "error", "\"as text\""),
    ("async_err", "ERROR", MODULE, "error", "invalid digit found in string"),
    ("async_ret", "INFO", MODULE, "return", "0"),
    ("async_ret", "ERROR", MODULE, "error", "too small"),
    ("boxed", "ERROR", MODULE, "error", "boxed"),
    ("made_before", "ERROR", MODULE, "error", "made before"),
    // The inner one returns first.
    ("inner", "ERROR", MODULE, "error", "passed on"),
    ("outer", "ERROR", MODULE, "error", "passed on"),
];

fn lines(environment: &[(&str, &str)]) -> Vec<Value> {
    let mut program = Command::new(env!("CARGO_BIN_EXE_init_program"));
    program.arg("returned").env_clear().envs(environment.iter().copied()).stdin(Stdio::null());
    let output = program.output().expect("the program can be run");
    let (stdout, stderr) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success() && stderr.is_empty(), "{}\n{stdout}\n{stderr}", output.status);
    stdout.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("{line}"))).collect()
}

#[track_caller]
fn check(lines: &[Value], expected: &[Line]) {
    assert_eq!(lines.len(), expected.len(), "{lines:#?}");
    for (line, (_, level, target, key, value)) in lines.iter().zip(expected) {
        let text = |key: &str| line[key].as_str().unwrap_or_default().to_owned();
        assert_eq!([text("level"), text("target"), text(key)], [*level, *target, *value], "{line}");
        assert_eq!(line["request_id"], "req-abc", "{line}");
    }
}

/// Starts the program with spans going to a receiver.
fn traced(environment: &[(&str, &str)]) -> (Vec<Value>, Vec<Span>) {
    let receiver = Receiver::answering([]);
    let endpoint = receiver.endpoint();
    let base = ("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint.trim_end_matches("/v1/traces"));
    let lines = lines(&[&[base][..], environment].concat());
    let requests = receiver.rest();
    (lines, requests.iter().flat_map(|request| otlp::spans(&request.content())).collect())
}

#[test]
fn what_is_reported_is_one_line_with_the_ids_of_the_span_and_one_event_on_it() {
    let (lines, spans) = traced(&[]);
    check(&lines, &EXPECTED);
    let mut spans: HashMap<String, Span> = spans.into_iter().map(|span| (hex(&span.span_id), span)).collect();
    for (line, (function, _, _, key, _)) in lines.iter().zip(EXPECTED) {
        let id = line["span_id"].as_str().expect("an ID");
        let span = spans.remove(id).unwrap_or_else(|| panic!("no span of its own for {line}"));
        assert_eq!((&*span.name, line["trace_id"].as_str()), (function, Some(&*hex(&span.trace_id))));
        let events: Vec<&str> = span.events.iter().map(|event| &*event.name).collect();
        assert_eq!(events, [key], "{function}");
    }
    let mut others: Vec<&str> = spans.values().map(|span| &*span.name).collect();
    others.sort_unstable();
    assert_eq!(others, ["detail", "told_nothing"], "the level of one is not logged, of the other nothing is");
    let detail = spans.values().find(|span| span.name == "detail").expect("it is there");
    assert_eq!(detail.events.len(), 1, "what is not logged is on the span still");
}

#[test]
fn a_value_below_the_level_of_the_log_is_a_line_where_that_is_asked_for() {
    let lines = lines(&[("THROUGHLINE_FILTER", "debug")]);
    let at = EXPECTED.iter().position(|line| line.0 == "async_err").expect("it is there");
    let mut expected = EXPECTED.to_vec();
    expected.insert(at, ("detail", "DEBUG", MODULE, "return", "7"));
    check(&lines, &expected);
}

/// Who records one trace of a hundred wants the errors of all.
#[test]
fn a_span_that_is_not_recorded_has_its_lines() {
    let (of_unsampled, spans) = traced(&[("OTEL_TRACES_SAMPLER", "always_off")]);
    check(&of_unsampled, &EXPECTED);
    assert!(of_unsampled.iter().all(|line| line["trace_id"].is_string()), "{of_unsampled:?}");
    assert!(spans.is_empty(), "{spans:?}");
    check(&lines(&[]), &EXPECTED);
    check(&lines(&[("OTEL_SDK_DISABLED", "true")]), &EXPECTED);
    let errors: Vec<Line> = EXPECTED.into_iter().filter(|line| line.1 == "ERROR").collect();
    let (of_filtered, spans) = traced(&[("THROUGHLINE_FILTER", "error")]);
    check(&of_filtered, &errors);
    assert!(spans.is_empty(), "{spans:?}");
}
