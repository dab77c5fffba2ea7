//! Where spans are sent as Zipkin's, and how.

use crate::export::otlp::{ConfigIssue, Env, OtlpConfig, Signal};

/// Where spans are sent as Zipkin's, and how: plain data. [`ZipkinConfig::from_env`] reads the variables of OpenTelemetry.
///
/// ```
/// use throughline::export::zipkin::ZipkinConfig;
///
/// assert_eq!(ZipkinConfig::default().http.endpoint, "http://localhost:9411/api/v2/spans");
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct ZipkinConfig {
    /// Where spans are sent, and how: as in OTLP, but for the protocol, which says nothing here.
    pub http: OtlpConfig,
}

impl Default for ZipkinConfig {
    fn default() -> Self {
        Self { http: OtlpConfig::of(Signal::Zipkin) }
    }
}

impl ZipkinConfig {
    /// The config that `OTEL_EXPORTER_ZIPKIN_ENDPOINT`, `OTEL_EXPORTER_ZIPKIN_TIMEOUT` (milliseconds) and the variables of
    /// the
    /// [batch processor](https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/#batch-span-processor)
    /// ask for, and what is wrong with them. `get` reads an environment variable.
    ///
    /// ```
    /// use throughline::export::zipkin::ZipkinConfig;
    ///
    /// let (config, issues) = ZipkinConfig::from_env(|variable| match variable {
    ///     "OTEL_EXPORTER_ZIPKIN_ENDPOINT" => Some("http://zipkin:9411/api/v2/spans".into()),
    ///     "OTEL_EXPORTER_ZIPKIN_TIMEOUT" => Some("soon".into()),
    ///     _ => None,
    /// });
    /// assert_eq!(config.http.endpoint, "http://zipkin:9411/api/v2/spans");
    /// assert_eq!(issues[0].variable(), "OTEL_EXPORTER_ZIPKIN_TIMEOUT");
    /// ```
    pub fn from_env(get: impl Fn(&str) -> Option<String>) -> (Self, Vec<ConfigIssue>) {
        let mut env = Env::new(Signal::Zipkin, &get);
        let mut http = env.config();
        env.batches(&mut http);
        (Self { http }, env.issues)
    }
}
