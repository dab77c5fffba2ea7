//! Errors that a library logs in spans that it makes with `tracing`.

use std::io::Write;

use throughline::span;
use throughline::testing::Trace;
use tracing::{error, info_span};

pub(super) fn all() {
    let pool = info_span!(target: "library", "pool", size = 3);
    let query = info_span!(target: "library", "query", table = "orders");
    query.in_scope(|| error!(target: "library", error = "refused", "cannot connect"));
    span!("order").in_scope(|| error!(target: "library", parent: &pool, "no connection is left"));
    info_span!(target: "library", "old").in_scope(|| log::error!(target: "library", "said by log"));
    info_span!(target: "library", "warming").in_scope(|| error!(target: "noisy", "nothing is wrong"));
}

/// A line for each span: its name, how it ended, its events, and its IDs.
pub(super) fn print(trace: &Trace) {
    for span in trace.spans() {
        let (outcome, message) = (span.outcome(), span.message().unwrap_or_default());
        let events: Vec<_> = span.events().iter().map(|event| event.name()).collect();
        let ids = format!("{} {}", span.trace_id(), span.span_id());
        let _ =
            writeln!(std::io::stderr(), "{}|{outcome:?}|{message}|{}|{ids}", span.name(), events.join(","));
    }
}
