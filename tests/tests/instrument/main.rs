//! What the tests of `#[tracing::instrument]` hold it to, asked of `#[traced]`: one module for each topic.

mod async_functions;
mod errors;
mod fields;
mod follows_from;
mod functions;
mod levels;
mod names;
mod parents;
mod patterns;
mod returned;
mod targets;

use serde_json::Value;
use throughline::testing::{OwnedValue, SpanRecord, Trace, capture};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::prelude::*;

use throughline_tests::lines::Lines;

/// The attributes that a span was given, but for the request ID that every root has.
fn attributes(span: &SpanRecord) -> Vec<(&str, &OwnedValue)> {
    let all = span.attributes().iter().map(|(key, value)| (key.as_str(), value));
    all.filter(|(key, _)| *key != "request.id").collect()
}

/// Compares the attributes of the only span of `code`, in the order of their keys, with `key: value, ..`.
#[track_caller]
fn check_attributes<R>(code: impl FnOnce() -> R, expected: &str) {
    let trace = capture(code);
    let root = trace.root();
    let seen = attributes(root.record()).into_iter().map(|(key, value)| format!("{key}: {value}"));
    assert_eq!(seen.collect::<Vec<_>>().join(", "), expected);
}

/// What `code` leaves behind: its spans, and the log lines that pass a filter.
fn logged<R>(filter: &str, code: impl FnOnce() -> R) -> (Trace, Vec<Value>) {
    let lines = Lines::default();
    let json = throughline::logs::JsonLayer::new().with_writer(lines.clone());
    let filter: EnvFilter = filter.parse().expect("a filter");
    let subscriber = tracing_subscriber::registry().with(filter).with(json);
    let trace = tracing::subscriber::with_default(subscriber, || capture(code));
    (trace, lines.take_json())
}

/// Compares the one report of `code`, `error` or `return`: it is an event of its span, and the same in a log line.
#[track_caller]
fn check_reported<R>(code: impl FnOnce() -> R, key: &str, level: &str, text: &str) {
    let (trace, lines) = logged("trace", code);
    let root = trace.root();
    let [event] = root.events() else { panic!("one event expected: {:?}", root.events()) };
    assert_eq!(event.name(), key);
    assert_eq!(event.attribute("level"), Some(level.into()));
    assert_eq!(event.attribute(key), Some(text.into()));
    let [line] = &lines[..] else { panic!("one line expected: {lines:#?}") };
    assert_eq!((&line["level"], &line[key]), (&level.into(), &text.into()), "{line}");
    assert_eq!(line["span_id"], root.span_id().to_string(), "the line is of the span");
}

/// Runs a future to its end on this thread.
fn block_on<F: Future>(future: F) -> F::Output {
    futures_util::FutureExt::now_or_never(future).expect("nothing waits")
}
