//! Spans as a readable tree.
#![allow(dead_code, unreachable_pub, reason = "each test file uses its part")]

use std::fmt::Write as _;
use std::future::Future;
use std::sync::{Arc, Mutex, Once};
use std::time::Duration;

use throughline::span::{Outcome, Sink, SpanView, ValueView};
use throughline::{Pipeline, SpanId, TraceId};

/// A finished span.
#[derive(Clone, Debug)]
struct Seen {
    id: SpanId,
    parent: Option<SpanId>,
    start: u64,
    trace: TraceId,
    line: String,
}

#[derive(Clone, Default)]
struct Recorder(Arc<Mutex<Vec<Seen>>>);

impl Sink for Recorder {
    fn span(&mut self, span: &SpanView<'_>) {
        self.0.lock().unwrap().push(Seen {
            id: span.span_id,
            parent: span.parent,
            start: span.start,
            trace: span.trace_id,
            line: line(span),
        });
    }
}

/// As a process does from its first capture on, so that roots have the same totals in whatever order tests run.
fn count_tools_and_searches() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| drop(throughline::testing::capture(|| ())));
}

/// Runs `f` and shows the spans it made, indented by depth, by start: name, kind unless internal, outcome unless ok,
/// attributes, events.
pub fn spans(f: impl FnOnce()) -> String {
    count_tools_and_searches();
    let recorder = Recorder::default();
    let pipeline = Pipeline::builder().sink(recorder.clone()).deterministic().start().unwrap();
    {
        let _entered = pipeline.enter();
        f();
    }
    assert!(pipeline.flush(Duration::from_secs(60)), "flushed");
    let mut seen = recorder.0.lock().unwrap().clone();
    seen.sort_by_key(|span| span.start);
    let mut text = String::new();
    for span in seen.iter().filter(|span| seen.iter().all(|other| Some(other.id) != span.parent)) {
        show(span, 0, &seen, &mut text);
    }
    text
}

/// The same for a future, on a runtime of one thread.
pub fn spans_of<F: Future>(future: F) -> String {
    spans(|| {
        block_on(future);
    })
}

/// Runs a future to its end on this thread.
pub fn block_on<F: Future>(future: F) -> F::Output {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

/// Compares the spans of `f` with a tree, one line a span.
#[track_caller]
pub fn check(f: impl FnOnce(), expected: &[&str]) {
    let seen = spans(f);
    let seen: Vec<&str> = seen.lines().collect();
    assert_eq!(seen, expected, "\n{seen:#?}");
}

/// The same for a future.
#[track_caller]
pub fn check_async<F: Future>(future: F, expected: &[&str]) {
    let seen = spans_of(future);
    let seen: Vec<&str> = seen.lines().collect();
    assert_eq!(seen, expected, "\n{seen:#?}");
}

fn show(span: &Seen, depth: usize, all: &[Seen], text: &mut String) {
    writeln!(text, "{:1$}{2}", "", depth * 2, span.line).unwrap();
    for child in all.iter().filter(|child| child.parent == Some(span.id) && child.trace == span.trace) {
        show(child, depth + 1, all, text);
    }
}

fn line(span: &SpanView<'_>) -> String {
    let mut line = span.name.to_owned();
    if span.callsite.kind != throughline::span::Kind::Internal {
        write!(line, " {:?}", span.callsite.kind).unwrap();
    }
    if span.outcome != Outcome::Ok {
        write!(line, " !{:?}", span.outcome).unwrap();
    }
    if let Some(message) = span.message {
        write!(line, " \"{message}\"").unwrap();
    }
    let mut attributes: Vec<(&str, ValueView<'_>)> = Vec::new();
    for (key, value) in span.callsite.constants.iter().copied().chain(span.attributes) {
        if key == "request.id" {
            continue;
        }
        match attributes.iter_mut().find(|(known, _)| *known == key) {
            Some(known) => known.1 = value,
            None => attributes.push((key, value)),
        }
    }
    for (key, value) in attributes {
        write!(line, " {key}={}", show_value(value)).unwrap();
    }
    for event in span.events {
        write!(line, " @{}", event.name).unwrap();
        for (key, value) in event.attributes {
            write!(line, " .{key}={}", show_value(value)).unwrap();
        }
    }
    if !span.links.is_empty() {
        write!(line, " links={}", span.links.len()).unwrap();
    }
    line
}

fn show_value(value: ValueView<'_>) -> String {
    match value {
        ValueView::Bool(value) => value.to_string(),
        ValueView::Int(value) => value.to_string(),
        ValueView::Double(value) => format!("{value:?}"),
        ValueView::Str(value) => format!("{value:?}"),
        ValueView::Array(values) => format!("[{}]", values.map(show_value).collect::<Vec<_>>().join(", ")),
    }
}
