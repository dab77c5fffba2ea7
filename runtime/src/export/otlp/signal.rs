//! What is sent: spans, or metrics; and spans to whom.

use super::Protocol;

/// What is sent. Each signal has variables, a path and words of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::export) enum Signal {
    Traces,
    #[cfg_attr(not(feature = "llm"), allow(dead_code, reason = "the metrics are those of model calls"))]
    Metrics,
    /// Spans as Zipkin has them.
    Zipkin,
}

impl Signal {
    /// The variables of that name: the one that is about this signal alone, and the one that is about all.
    pub(super) fn variables(self, name: &str) -> Vec<String> {
        let general = format!("OTEL_EXPORTER_OTLP_{name}");
        match self {
            Self::Traces => vec![format!("OTEL_EXPORTER_OTLP_TRACES_{name}"), general],
            Self::Metrics => vec![format!("OTEL_EXPORTER_OTLP_METRICS_{name}"), general],
            Self::Zipkin => vec![format!("OTEL_EXPORTER_ZIPKIN_{name}")],
        }
    }

    /// Where it is sent, unless told.
    pub(super) fn default_endpoint(self, protocol: Protocol) -> String {
        match (self, protocol) {
            (Self::Zipkin, _) => "http://localhost:9411/api/v2/spans".to_owned(),
            #[cfg(feature = "otlp-grpc")]
            (_, Protocol::Grpc) => "http://localhost:4317".to_owned(),
            (_, Protocol::HttpProtobuf | Protocol::HttpJson) => {
                format!("http://localhost:4318{}", self.path())
            }
        }
    }

    /// What is added to the address that all signals share.
    pub(super) const fn path(self) -> &'static str {
        match self {
            Self::Traces => "/v1/traces",
            Self::Metrics => "/v1/metrics",
            Self::Zipkin => "",
        }
    }

    /// The method of gRPC that takes it.
    #[cfg(feature = "otlp-grpc")]
    pub(super) const fn grpc_path(self) -> &'static str {
        match self {
            Self::Traces | Self::Zipkin => "/opentelemetry.proto.collector.trace.v1.TraceService/Export",
            Self::Metrics => "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export",
        }
    }

    /// One of what is sent; an `s` makes it many.
    pub(super) const fn item(self) -> &'static str {
        match self {
            Self::Traces | Self::Zipkin => "span",
            Self::Metrics => "data point",
        }
    }

    /// The most bytes that wait, unless told.
    pub(super) const fn queue_bytes(self) -> usize {
        match self {
            Self::Traces | Self::Zipkin => 8 << 20,
            Self::Metrics => 4 << 20,
        }
    }

    /// The name of the thread that sends.
    pub(super) const fn thread(self) -> &'static str {
        match self {
            Self::Traces => "throughline-otlp",
            Self::Metrics => "throughline-otlp-metrics",
            Self::Zipkin => "throughline-zipkin",
        }
    }

    /// What to do where nobody answers.
    pub(super) const fn advice_on_silence(self) -> &'static str {
        match self {
            Self::Traces => {
                "start a collector there, point OTEL_EXPORTER_OTLP_ENDPOINT at one, \
                 or switch export off: OTEL_TRACES_EXPORTER=none"
            }
            Self::Metrics => {
                "start a collector there, point OTEL_EXPORTER_OTLP_ENDPOINT at one, \
                 or switch metrics off: OTEL_METRICS_EXPORTER=none"
            }
            Self::Zipkin => "start Zipkin there, or point OTEL_EXPORTER_ZIPKIN_ENDPOINT at it",
        }
    }

    /// What to do where an answer takes too long.
    pub(super) const fn advice_on_timeout(self) -> &'static str {
        match self {
            Self::Traces | Self::Metrics => {
                "raise OTEL_EXPORTER_OTLP_TIMEOUT (milliseconds), or see what the receiver does"
            }
            Self::Zipkin => "raise OTEL_EXPORTER_ZIPKIN_TIMEOUT (milliseconds), or see what Zipkin does",
        }
    }

    /// What to do where the certificate of the receiver is not trusted.
    pub(super) const fn advice_on_tls(self) -> &'static str {
        match self {
            Self::Traces | Self::Metrics => {
                "OTEL_EXPORTER_OTLP_CERTIFICATE names a file with the certificate of an authority of your own"
            }
            Self::Zipkin => "an authority of your own is named in code: `ZipkinConfig::http`",
        }
    }

    /// What to do where the queue is full, though nothing went wrong.
    pub(super) const fn advice_on_too_many(self) -> &'static str {
        match self {
            Self::Traces | Self::Zipkin => {
                "the receiver is too slow for so many spans: sample them (OTEL_TRACES_SAMPLER)"
            }
            Self::Metrics => "the receiver is too slow: send less often (OTEL_METRIC_EXPORT_INTERVAL)",
        }
    }

    /// What to do where the answer is this status.
    pub(super) const fn advice_on_status(self, status: u16) -> &'static str {
        match (status, self) {
            (401 | 403, Self::Traces | Self::Metrics) => {
                "check OTEL_EXPORTER_OTLP_HEADERS for the key that the receiver wants"
            }
            (404 | 405 | 501, Self::Metrics) => {
                "the receiver takes no metrics at this path, and is left alone for a while: switch them off by \
                 OTEL_METRICS_EXPORTER=none, or name another in OTEL_EXPORTER_OTLP_METRICS_ENDPOINT"
            }
            (404 | 405, Self::Traces) => {
                "check the path: /v1/traces is added to OTEL_EXPORTER_OTLP_ENDPOINT, \
                 and nothing to OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"
            }
            (404 | 405, Self::Zipkin) => {
                "check the path: OTEL_EXPORTER_ZIPKIN_ENDPOINT ends with /api/v2/spans, mostly"
            }
            (413, Self::Traces | Self::Zipkin) => "make requests smaller: OTEL_BSP_MAX_EXPORT_BATCH_SIZE",
            (415, Self::Traces | Self::Metrics) => {
                "the receiver must speak the OTLP that OTEL_EXPORTER_OTLP_PROTOCOL names; gRPC has another port"
            }
            (429, Self::Traces | Self::Zipkin) => {
                "the receiver wants less: sample spans (OTEL_TRACES_SAMPLER)"
            }
            (429, Self::Metrics) => "the receiver wants less: send less often (OTEL_METRIC_EXPORT_INTERVAL)",
            _ => "see what the receiver logs",
        }
    }
}
