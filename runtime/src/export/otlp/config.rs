//! Where spans or metrics are sent, and how.

use std::time::Duration;

use super::Protocol;
use super::signal::Signal;

/// Where spans, or the metrics of a [`MetricsConfig`](super::MetricsConfig), are sent, and how: plain data.
/// [`OtlpConfig::from_env`] reads the variables of OpenTelemetry.
///
/// ```
/// use throughline::export::otlp::OtlpConfig;
///
/// let mut config = OtlpConfig::default();
/// assert_eq!(config.endpoint, "http://localhost:4318/v1/traces");
/// config.endpoint = "https://collector.example/v1/traces".to_owned();
/// ```
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub struct OtlpConfig {
    /// How it is spoken.
    pub protocol: Protocol,
    /// The complete address of requests; of gRPC the path says nothing.
    pub endpoint: String,
    /// Headers of every request, such as a key.
    pub headers: Vec<(String, String)>,
    /// How bodies are compressed.
    pub compression: Compression,
    /// The longest that one request may take, from the look-up of the address to the end of the answer.
    pub timeout: Duration,
    /// Certificates of authorities, as PEM, instead of those that Mozilla trusts.
    pub root_certificates: Option<Vec<u8>>,
    /// The certificate chain that requests identify themselves with, and its key, both as PEM.
    pub client_certificate: Option<(Vec<u8>, Vec<u8>)>,
    /// The proxy that requests over HTTP go through; those of gRPC go through none.
    pub proxy: Option<String>,
    /// A batch is sent when it has this many bytes before compression: 512 KiB, some 2,500 spans without attributes.
    /// At most 4 MiB.
    pub batch_bytes: usize,
    /// A batch is sent when it has this many spans. No limit unless told: [`OtlpConfig::batch_bytes`] is one.
    pub batch_spans: usize,
    /// The most that may wait, in bytes before compression: 8 MiB, of metrics 4 MiB.
    pub queue_bytes: usize,
    /// The most spans that may wait. No limit unless told: [`OtlpConfig::queue_bytes`] is one.
    pub queue_spans: usize,
    /// A batch that is not full is sent when the sender had nothing to do for this long: 5 s.
    pub schedule_delay: Duration,
    /// No try of a request begins later than this after the first one; time that the receiver asked for is added: 30 s.
    pub export_timeout: Duration,
    /// About how long the first retry of a request waits; each later one waits twice as long, up to 30 s: 0.5 s.
    pub first_retry: Duration,
    /// How often a request is tried again at most: 6 times.
    pub retries: u32,
    pub(in crate::export) signal: Signal,
}

/// How the bodies of requests are compressed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Compression {
    /// Not at all.
    #[default]
    None,
    /// By gzip.
    Gzip,
}

impl Default for OtlpConfig {
    fn default() -> Self {
        Self::of(Signal::Traces)
    }
}

impl OtlpConfig {
    /// What sends spans by this protocol, to this machine.
    ///
    /// ```
    /// use throughline::export::otlp::{OtlpConfig, Protocol};
    ///
    /// assert_eq!(OtlpConfig::speaking(Protocol::HttpJson).endpoint, "http://localhost:4318/v1/traces");
    /// ```
    pub fn speaking(protocol: Protocol) -> Self {
        Self { protocol, endpoint: Signal::Traces.default_endpoint(protocol), ..Self::default() }
    }

    pub(in crate::export) fn of(signal: Signal) -> Self {
        Self {
            protocol: Protocol::default(),
            endpoint: signal.default_endpoint(Protocol::default()),
            headers: Vec::new(),
            compression: Compression::None,
            timeout: Duration::from_secs(10),
            root_certificates: None,
            client_certificate: None,
            proxy: None,
            batch_bytes: 512 << 10,
            batch_spans: usize::MAX,
            queue_bytes: signal.queue_bytes(),
            queue_spans: usize::MAX,
            schedule_delay: Duration::from_secs(5),
            export_timeout: Duration::from_secs(30),
            first_retry: Duration::from_millis(500),
            retries: 6,
            signal,
        }
    }

    /// The endpoint without a user, a password or a query, which may be secrets.
    pub fn shown_endpoint(&self) -> String {
        let (scheme, rest) = self.endpoint.split_once("://").unwrap_or(("", &self.endpoint));
        let rest = rest.split(['?', '#']).next().unwrap_or_default();
        let (authority, path) = rest.find('/').map_or((rest, ""), |slash| rest.split_at(slash));
        let host = authority.rsplit('@').next().unwrap_or_default();
        format!("{scheme}://{host}{path}")
    }
}

impl std::fmt::Debug for OtlpConfig {
    /// Without the values of headers, keys and passwords.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OtlpConfig")
            .field("protocol", &self.protocol)
            .field("endpoint", &self.shown_endpoint())
            .field("headers", &self.headers.iter().map(|(name, _)| name).collect::<Vec<_>>())
            .field("compression", &self.compression)
            .field("timeout", &self.timeout)
            .field("batch_bytes", &self.batch_bytes)
            .field("batch_spans", &self.batch_spans)
            .field("queue_bytes", &self.queue_bytes)
            .field("queue_spans", &self.queue_spans)
            .field("schedule_delay", &self.schedule_delay)
            .field("export_timeout", &self.export_timeout)
            .field("first_retry", &self.first_retry)
            .field("retries", &self.retries)
            .finish_non_exhaustive()
    }
}
