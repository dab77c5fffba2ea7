//! With the feature `logs`: an event of `tracing`, which whatever formats log lines takes up.

use crate::http::end_line::{EndFields, EndLine};

/// Writes the line under the current context.
pub(in crate::http) fn write(line: &EndLine<'_>) {
    let EndLine { fields: EndFields { method, route, status, rpc_status }, duration_ms, error } = *line;
    tracing::info!(
        target: "throughline::request",
        method, route, status, rpc_status, duration_ms, error, "request"
    );
}
