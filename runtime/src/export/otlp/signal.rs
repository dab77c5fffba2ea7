//! What is sent: spans, or metrics.

/// What is sent. Each signal has variables, a path and words of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Signal {
    Traces,
    #[cfg_attr(not(feature = "llm"), allow(dead_code, reason = "the metrics are those of model calls"))]
    Metrics,
}

impl Signal {
    /// The variable that is about this signal alone; without a signal in its name it is about all.
    pub(super) fn variable(self, name: &str) -> String {
        let signal = match self {
            Self::Traces => "TRACES",
            Self::Metrics => "METRICS",
        };
        format!("OTEL_EXPORTER_OTLP_{signal}_{name}")
    }

    /// What is added to the address that all signals share.
    pub(super) const fn path(self) -> &'static str {
        match self {
            Self::Traces => "/v1/traces",
            Self::Metrics => "/v1/metrics",
        }
    }

    /// One of what is sent; an `s` makes it many.
    pub(super) const fn item(self) -> &'static str {
        match self {
            Self::Traces => "span",
            Self::Metrics => "data point",
        }
    }

    /// The most bytes that wait, unless told.
    pub(super) const fn queue_bytes(self) -> usize {
        match self {
            Self::Traces => 8 << 20,
            Self::Metrics => 4 << 20,
        }
    }

    /// The name of the thread that sends.
    pub(super) const fn thread(self) -> &'static str {
        match self {
            Self::Traces => "throughline-otlp",
            Self::Metrics => "throughline-otlp-metrics",
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
        }
    }

    /// What to do where the queue is full, though nothing went wrong.
    pub(super) const fn advice_on_too_many(self) -> &'static str {
        match self {
            Self::Traces => "the receiver is too slow for so many spans: sample them (OTEL_TRACES_SAMPLER)",
            Self::Metrics => "the receiver is too slow: send less often (OTEL_METRIC_EXPORT_INTERVAL)",
        }
    }

    /// What to do where the answer is this status.
    pub(super) const fn advice_on_status(self, status: u16) -> &'static str {
        match (status, self) {
            (401 | 403, _) => "check OTEL_EXPORTER_OTLP_HEADERS for the key that the receiver wants",
            (404 | 405 | 501, Self::Metrics) => {
                "the receiver takes no metrics at this path, and is left alone for a while: switch them off by \
                 OTEL_METRICS_EXPORTER=none, or name another in OTEL_EXPORTER_OTLP_METRICS_ENDPOINT"
            }
            (404 | 405, Self::Traces) => {
                "check the path: /v1/traces is added to OTEL_EXPORTER_OTLP_ENDPOINT, \
                 and nothing to OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"
            }
            (413, Self::Traces) => "make requests smaller: OTEL_BSP_MAX_EXPORT_BATCH_SIZE",
            (415, _) => {
                "the receiver must speak the OTLP that OTEL_EXPORTER_OTLP_PROTOCOL names; gRPC has another port"
            }
            (429, Self::Traces) => "the receiver wants less: sample spans (OTEL_TRACES_SAMPLER)",
            (429, Self::Metrics) => "the receiver wants less: send less often (OTEL_METRIC_EXPORT_INTERVAL)",
            _ => "see what the receiver logs",
        }
    }
}
