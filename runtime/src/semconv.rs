//! Every attribute key we write, once.

/// The ID of the request, on every local root.
pub const REQUEST_ID: &str = "request.id";
/// What kind of error; [OpenTelemetry](https://opentelemetry.io/docs/specs/semconv/attributes-registry/error/).
pub const ERROR_TYPE: &str = "error.type";

/// The level of an event that came from `tracing`, as `tracing-opentelemetry` writes it.
pub const EVENT_LEVEL: &str = "level";
/// The target of an event that came from `tracing`, as `tracing-opentelemetry` writes it.
pub const EVENT_TARGET: &str = "target";
