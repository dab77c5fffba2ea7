//! `THROUGHLINE_CAPTURE_CONTENT`, and OpenTelemetry's variable for the same.

use crate::init::environment::Environment;
use crate::llm::Content;

/// Wins over OpenTelemetry's.
const OURS: &str = "THROUGHLINE_CAPTURE_CONTENT";
const OTEL: &str = "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT";

/// Whoever misspells what may be recorded wants less of it than too much.
const NOTHING: &str = "no content is recorded";

/// How the content of model calls is recorded, if it is.
pub(super) fn read(environment: &mut Environment<'_>) -> Option<Content> {
    let is_asked = match environment.read(OURS) {
        Some(value) => ours(&value, environment),
        None => environment.read(OTEL).is_some_and(|value| otel(&value, environment)),
    };
    is_asked.then(Content::new)
}

fn ours(value: &str, environment: &mut Environment<'_>) -> bool {
    match value.to_ascii_lowercase().as_str() {
        "on" | "true" => true,
        "off" | "false" => false,
        _ => {
            environment.problem(OURS, format_args!("`{value}`: expected `on` or `off`"), NOTHING);
            false
        }
    }
}

fn otel(value: &str, environment: &mut Environment<'_>) -> bool {
    const EVENTS: &str =
        "asks for events, which need logs over OTLP, and these are not built in this version";
    match value.to_ascii_uppercase().as_str() {
        "SPAN_ONLY" | "TRUE" => true,
        "NO_CONTENT" | "FALSE" => false,
        "SPAN_AND_EVENT" => {
            environment.problem(
                OTEL,
                format_args!("`{value}` {EVENTS}"),
                "content is recorded on spans alone",
            );
            true
        }
        "EVENT_ONLY" => {
            environment.problem(OTEL, format_args!("`{value}` {EVENTS}"), NOTHING);
            false
        }
        _ => {
            let expected = "expected `NO_CONTENT`, `SPAN_ONLY`, `EVENT_ONLY` or `SPAN_AND_EVENT`";
            environment.problem(OTEL, format_args!("`{value}`: {expected}"), NOTHING);
            false
        }
    }
}
