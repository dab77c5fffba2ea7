//! Variables that have no effect.

use crate::init::Problem;
use crate::init::environment::Environment;

const LOGS_EXPORTER: &str = "OTEL_LOGS_EXPORTER";

/// Part of the plan, or of what OpenTelemetry says, and not built yet.
const UNBUILT: [&str; 7] = [
    "THROUGHLINE_SPOOL_DIR",
    "THROUGHLINE_TAIL",
    "OTEL_CONFIG_FILE",
    "OTEL_EXPERIMENTAL_CONFIG_FILE",
    "OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT",
    "OTEL_LINK_ATTRIBUTE_COUNT_LIMIT",
    LOGS_EXPORTER,
];

/// What a program built without the feature leaves out.
const BY_FEATURE: [(&str, &str, bool); 7] = [
    ("THROUGHLINE_CAPTURE_CONTENT", "llm", cfg!(feature = "llm")),
    ("OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT", "llm", cfg!(feature = "llm")),
    ("THROUGHLINE_LOG", "logs", cfg!(feature = "logs")),
    ("THROUGHLINE_FILTER", "logs", cfg!(feature = "logs")),
    ("THROUGHLINE_MIRROR", "logs", cfg!(feature = "logs")),
    ("THROUGHLINE_PRICES", "prices", cfg!(feature = "prices")),
    ("THROUGHLINE_PROFILES", "llm", cfg!(feature = "llm")),
];

/// Reports the variables that are set and have no effect.
pub(super) fn report(environment: &mut Environment<'_>) {
    for variable in UNBUILT {
        // Who switches off what is not there gets what they want, and so does who wants log lines on the standard output.
        let is_so = |value: &str| match value {
            "console" => variable == LOGS_EXPORTER,
            value => matches!(value, "0" | "false" | "off" | "no" | "none"),
        };
        if environment.read(variable).is_some_and(|value| !is_so(&value.to_ascii_lowercase())) {
            environment.problems.push(Problem::not_built(variable));
        }
    }
    for (variable, feature, is_built) in BY_FEATURE {
        if !is_built && environment.read(variable).is_some() {
            environment.problems.push(Problem::needs_feature(variable, feature));
        }
    }
}
