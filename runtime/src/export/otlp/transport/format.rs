//! What the bodies of requests are.

use std::borrow::Cow;

use crate::export::otlp::json;
use crate::export::otlp::signal::Signal;
use crate::export::otlp::{OtlpConfig, Protocol};
use crate::export::zipkin;

/// What the bodies of requests over HTTP are. Batches wait as OTLP's protobuf; the sender makes of them what its receiver
/// reads.
#[derive(Clone, Copy, Debug)]
pub(super) enum Format {
    Protobuf,
    Json(Signal),
    /// Zipkin's own.
    Zipkin,
}

impl Format {
    pub(super) fn of(config: &OtlpConfig) -> Self {
        match (config.signal, config.protocol) {
            (Signal::Zipkin, _) => Self::Zipkin,
            (signal, Protocol::HttpJson) => Self::Json(signal),
            _ => Self::Protobuf,
        }
    }

    pub(super) fn content_type(self) -> &'static str {
        match self {
            Self::Protobuf => "application/x-protobuf",
            Self::Json(_) | Self::Zipkin => "application/json",
        }
    }

    /// A batch in this format.
    pub(super) fn render(self, body: &[u8]) -> Cow<'_, [u8]> {
        match self {
            Self::Protobuf => body.into(),
            Self::Json(signal) => json::request(signal, body).into(),
            Self::Zipkin => zipkin::request(body).into(),
        }
    }
}
