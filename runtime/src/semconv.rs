//! Every attribute key we write, once.

/// The ID of the request, on every local root.
pub const REQUEST_ID: &str = "request.id";
/// What kind of error; [OpenTelemetry](https://opentelemetry.io/docs/specs/semconv/attributes-registry/error/).
pub const ERROR_TYPE: &str = "error.type";

/// The level of an event that came from `tracing`, as `tracing-opentelemetry` writes it.
pub const EVENT_LEVEL: &str = "level";
/// The target of an event that came from `tracing`, as `tracing-opentelemetry` writes it.
pub const EVENT_TARGET: &str = "target";

// How a span ended, where its status cannot say it.

/// `panicked` or `cancelled`, on spans that ended so; a key of our own, because a status knows only errors.
pub const THROUGHLINE_OUTCOME: &str = "throughline.outcome";

// Where the code is; [OpenTelemetry](https://opentelemetry.io/docs/specs/semconv/registry/attributes/code/).

/// The qualified name of the function.
pub const CODE_FUNCTION_NAME: &str = "code.function.name";
/// The source file.
pub const CODE_FILE_PATH: &str = "code.file.path";
/// The line in that file, from 1.
pub const CODE_LINE_NUMBER: &str = "code.line.number";

// What makes the spans; [OpenTelemetry](https://opentelemetry.io/docs/specs/semconv/resource/).

/// The name of the service.
pub const SERVICE_NAME: &str = "service.name";
/// The host's name, as its kernel tells it.
pub const HOST_NAME: &str = "host.name";
/// The ID of the process.
pub const PROCESS_PID: &str = "process.pid";
/// What made the spans: `throughline`.
pub const TELEMETRY_SDK_NAME: &str = "telemetry.sdk.name";
/// The language of what made them: `rust`.
pub const TELEMETRY_SDK_LANGUAGE: &str = "telemetry.sdk.language";
/// The version of what made them.
pub const TELEMETRY_SDK_VERSION: &str = "telemetry.sdk.version";
