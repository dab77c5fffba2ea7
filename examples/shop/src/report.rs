//! What became of a request, as text.

use std::io::{self, Write};

use serde_json::Value;
use throughline::export::terminal::Style;

use crate::collected::Collected;

/// The keys of a line that stand at its beginning, or say nothing here.
const AT_THE_BEGINNING: [&str; 9] =
    ["timestamp", "level", "message", "target", "service", "request_id", "trace_id", "span_id", "state"];

/// Shows the traces of a request, the lines that its processes logged, and the states that it was in.
///
/// # Errors
///
/// When nothing can be written.
pub fn print(title: &str, request_id: &str, collected: &Collected) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "── {title} ──\n")?;
    for waterfall in collected.spans.waterfalls(request_id) {
        writeln!(out, "{}", waterfall.render(&Style::of_stdout()))?;
    }
    let lines = collected.lines.of(request_id);
    writeln!(out, "The log of {request_id}:")?;
    lines.iter().try_for_each(|line| writeln!(out, "  {}", text(line)))?;
    let states: Vec<&str> = lines.iter().filter_map(|line| line["state"].as_str()).collect();
    writeln!(out, "\nIts states: {}\n", states.join(" → "))
}

/// Says how to send an order to the shop.
///
/// # Errors
///
/// When nothing can be written.
pub fn say_how_to_order(gateway: &str) -> io::Result<()> {
    writeln!(
        io::stdout().lock(),
        "The shop stays open. Try:\n\n  curl -i {gateway}/orders -H 'authorization: Bearer ada' \\\n    \
         -H 'content-type: application/json' -d '{{\"items\": [{{\"item\": \"tea\", \"count\": 1}}]}}'\n\nCtrl-C closes it.\n"
    )
}

/// `12:01:02.123456 gateway  INFO received order.items=2`.
fn text(line: &Value) -> String {
    let part = |key: &str| line[key].as_str().unwrap_or_default();
    let time = part("timestamp").split('T').nth(1).unwrap_or_default().trim_end_matches('Z');
    let mut text = format!("{time} {:<8} {:<5} {}", part("service"), part("level"), part("message"));
    for (key, value) in line.as_object().into_iter().flatten() {
        if !AT_THE_BEGINNING.contains(&&**key) {
            text += &format!(" {key}={value}");
        }
    }
    text
}
