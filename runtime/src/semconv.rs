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

// Requests.

/// A request ID that came from outside and was replaced: escaped, and cut to 128 characters. Ours.
pub const REQUEST_ID_REPLACED: &str = "request.id.replaced";
/// `true` on the span of a message that came without a request ID, which was made for it here. Ours.
pub const REQUEST_ID_MINTED: &str = "request.id.minted";

// HTTP; stable since version 1.23 of the conventions for
// [HTTP spans](https://opentelemetry.io/docs/specs/semconv/http/http-spans/).

/// The method, or `_OTHER` for one that no RFC of common use defines.
pub const HTTP_REQUEST_METHOD: &str = "http.request.method";
/// The method as it was sent, where [`HTTP_REQUEST_METHOD`] is `_OTHER`.
pub const HTTP_REQUEST_METHOD_ORIGINAL: &str = "http.request.method_original";
/// The status code, an integer.
pub const HTTP_RESPONSE_STATUS_CODE: &str = "http.response.status_code";
/// The template of the path that was matched, such as `/ask/{id}`.
pub const HTTP_ROUTE: &str = "http.route";
/// The version of HTTP, such as `1.1` or `2`.
pub const NETWORK_PROTOCOL_VERSION: &str = "network.protocol.version";
/// The host the client asked for.
pub const SERVER_ADDRESS: &str = "server.address";
/// The port the client asked for, an integer.
pub const SERVER_PORT: &str = "server.port";
/// The URL of a request made, without credentials.
pub const URL_FULL: &str = "url.full";
/// The path of a request answered.
pub const URL_PATH: &str = "url.path";
/// `http` or `https`.
pub const URL_SCHEME: &str = "url.scheme";
/// The header `User-Agent`.
pub const USER_AGENT_ORIGINAL: &str = "user_agent.original";

// Messages and jobs; in development, see the conventions for
// [messaging spans](https://opentelemetry.io/docs/specs/semconv/messaging/messaging-spans/).

/// The number of messages of a batch, an integer.
pub const MESSAGING_BATCH_MESSAGE_COUNT: &str = "messaging.batch.message_count";
/// The queue or topic.
pub const MESSAGING_DESTINATION_NAME: &str = "messaging.destination.name";
/// What is done, in the words of the system: `enqueue`, `process`.
pub const MESSAGING_OPERATION_NAME: &str = "messaging.operation.name";
/// What is done, in the words of the conventions: `create`, `process`.
pub const MESSAGING_OPERATION_TYPE: &str = "messaging.operation.type";
/// Which delivery of the message this is, from 1, an integer. Ours: the conventions know it for single systems only.
pub const JOB_ATTEMPT: &str = "job.attempt";
/// How long the message waited in the queue, in milliseconds. Ours: the conventions know it as a metric only.
pub const JOB_QUEUE_LATENCY: &str = "job.queue.latency_ms";
