//! A program that starts itself, as many times over as its argument says, and writes what each of them sees: a line of JSON
//! for each span and each log line.

use std::io::Write as _;
use std::process::Command;

use serde_json::{Value, json};
use throughline::FutureExt as _;
use throughline::process::{self, CommandExt as _};
use throughline::span::{Sink, SpanView, ValueView};

/// Writes a line for each span.
struct Lines;

impl Sink for Lines {
    fn span(&mut self, span: &SpanView<'_>) {
        let attributes: serde_json::Map<_, _> =
            span.attributes.map(|(key, value)| (key.to_owned(), shown(value))).collect();
        let line = json!({
            "span": span.name,
            "trace": span.trace_id.to_string(),
            "id": span.span_id.to_string(),
            "parent": span.parent.map(|parent| parent.to_string()),
            "remote": span.parent_is_remote,
            "attributes": attributes,
        });
        let _ = writeln!(std::io::stdout(), "{line}");
    }
}

fn shown(value: ValueView<'_>) -> Value {
    match value {
        ValueView::Str(text) => text.into(),
        ValueView::Int(number) => number.into(),
        other => panic!("no attribute of a program is {other:?}"),
    }
}

/// Starts the next program, the second by a command of tokio.
async fn start(depth: u32) {
    let program = std::env::current_exe().unwrap();
    let next = (depth - 1).to_string();
    let status = if depth.is_multiple_of(2) {
        let mut command = tokio::process::Command::new(program);
        command.arg(next).as_std_mut().with_context();
        command.status().await
    } else {
        Command::new(program).arg(next).with_context().status()
    };
    assert!(status.unwrap().success());
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let depth: u32 = std::env::args().nth(1).unwrap().parse().unwrap();
    let builder = throughline::builder();
    let _guard = if std::env::var_os("OFF").is_some() { builder.init() } else { builder.sink(Lines).init() };
    let work = async {
        let user = throughline::baggage::get("user");
        let [state, baggage] = ["TRACESTATE", "BAGGAGE"].map(|name| std::env::var(name).ok());
        tracing::info!(depth, user, state, baggage, "started");
        if depth > 1 {
            start(depth).await;
        }
    };
    work.in_span(process::entry()).await;
}
