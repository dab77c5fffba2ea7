//! How OTLP is spoken.

use crate::named::named;

/// How OTLP is spoken: `OTEL_EXPORTER_OTLP_PROTOCOL` names it.
///
/// ```
/// use throughline::export::otlp::Protocol;
///
/// assert_eq!("http/json".parse(), Ok(Protocol::HttpJson));
/// assert_eq!(Protocol::default().to_string(), "http/protobuf");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Protocol {
    /// Protobuf over HTTP, by custom on port 4318.
    #[default]
    HttpProtobuf,
    /// JSON over HTTP, on the same port: for receivers that read nothing else.
    HttpJson,
    /// Protobuf over gRPC, by custom on port 4317.
    #[cfg(feature = "otlp-grpc")]
    Grpc,
}

impl Protocol {
    pub(super) fn is_http(self) -> bool {
        matches!(self, Self::HttpProtobuf | Self::HttpJson)
    }
}

/// The text is not a protocol of OTLP that was built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ParseProtocolError;

#[cfg(feature = "otlp-grpc")]
named!(Protocol, ParseProtocolError, "http/protobuf, http/json or grpc", {
    HttpProtobuf = "http/protobuf",
    HttpJson = "http/json",
    Grpc = "grpc",
});

#[cfg(not(feature = "otlp-grpc"))]
named!(Protocol, ParseProtocolError, "http/protobuf or http/json", {
    HttpProtobuf = "http/protobuf",
    HttpJson = "http/json",
});
