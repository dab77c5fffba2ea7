//! What spans say to Zipkin besides their attributes, by OpenTelemetry's mapping to
//! [Zipkin](https://opentelemetry.io/docs/specs/otel/trace/sdk_exporters/zipkin/) and to
//! [anything that is not OTLP](https://opentelemetry.io/docs/specs/otel/common/mapping-to-non-otlp/).

/// `ERROR` on a span that failed.
pub const OTEL_STATUS_CODE: &str = "otel.status_code";
/// On a span that failed: what its error said.
pub const ERROR: &str = "error";
/// What made the span, by its name.
pub const OTEL_SCOPE_NAME: &str = "otel.scope.name";
/// What made the span, by its version.
pub const OTEL_SCOPE_VERSION: &str = "otel.scope.version";
/// [`OTEL_SCOPE_NAME`], for older readers.
pub const OTEL_LIBRARY_NAME: &str = "otel.library.name";
/// [`OTEL_SCOPE_VERSION`], for older readers.
pub const OTEL_LIBRARY_VERSION: &str = "otel.library.version";
/// How many attributes were over the limit.
pub const OTEL_DROPPED_ATTRIBUTES_COUNT: &str = "otel.dropped_attributes_count";
/// How many events were over the limit.
pub const OTEL_DROPPED_EVENTS_COUNT: &str = "otel.dropped_events_count";
/// How many links were over the limit.
pub const OTEL_DROPPED_LINKS_COUNT: &str = "otel.dropped_links_count";

/// The attributes that name the other side of a call, the best first; what has a port has it in the second one. Those of
/// older conventions are among them, for spans of other libraries.
pub const REMOTE_ENDPOINTS: [(&str, Option<&str>); 11] = [
    ("peer.service", None),
    ("server.address", None),
    ("net.peer.name", None),
    ("network.peer.address", Some("network.peer.port")),
    ("server.socket.domain", None),
    ("server.socket.address", Some("server.socket.port")),
    ("net.sock.peer.name", None),
    ("net.sock.peer.addr", Some("net.sock.peer.port")),
    ("peer.hostname", None),
    ("peer.address", None),
    ("db.name", None),
];
