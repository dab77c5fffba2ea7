//! A model call, with all that is said in it.

use std::io::Write;

use serde_json::json;
use throughline::llm;
use throughline::span::{Sink, SpanView};

pub(super) fn call() {
    throughline::span!("chat gpt-4o").in_scope(|| {
        tracing::info!(target: "program", "while it is asked");
        llm::record_input(&json!({"messages": [
            {"role": "system", "content": "Ask jane@example.com about the tea leaves."},
            {"role": "user", "content": "Is the kettle on?"}]}));
        llm::record(&json!({"model": "gpt-4o",
            "choices": [{"message": {"role": "assistant", "content": "It is hot."}, "finish_reason": "stop"}],
            "usage": {"prompt_tokens": 20, "completion_tokens": 3}}));
        tracing::error!(target: "program", "when it is answered");
    });
}

/// Writes each attribute, a line each.
pub(super) struct Printed;

impl Sink for Printed {
    fn span(&mut self, span: &SpanView<'_>) {
        for (key, value) in span.attributes {
            let _ = writeln!(std::io::stdout(), "attribute {key} {value:?}");
        }
    }
}
