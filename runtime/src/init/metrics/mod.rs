//! Metrics of model calls, by OTLP.

#[cfg(not(all(feature = "otlp", feature = "llm")))]
mod disabled;
#[cfg(all(feature = "otlp", feature = "llm"))]
mod enabled;

#[cfg(not(all(feature = "otlp", feature = "llm")))]
pub use disabled::Metrics;
#[cfg(all(feature = "otlp", feature = "llm"))]
pub use enabled::Metrics;

/// The variable that says where metrics go.
const EXPORTER: &str = "OTEL_METRICS_EXPORTER";
