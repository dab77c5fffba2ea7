//! How metrics are exported.

use std::time::Duration;

use crate::export::otlp::env::Env;
use crate::export::otlp::signal::Signal;
use crate::export::otlp::{ConfigIssue, ExemplarFilter, OtlpConfig};

/// How metrics are exported: plain data. [`MetricsConfig::from_env`] reads the variables of OpenTelemetry.
///
/// ```
/// use throughline::export::otlp::MetricsConfig;
///
/// let config = MetricsConfig::default();
/// assert_eq!(config.otlp.endpoint, "http://localhost:4318/v1/metrics");
/// assert_eq!(config.interval.as_secs(), 60);
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct MetricsConfig {
    /// Where metrics are sent, and how. Its numbers of spans say nothing here.
    pub otlp: OtlpConfig,
    /// The time from one export to the next: 60 s.
    pub interval: Duration,
    /// What an export covers.
    pub temporality: Temporality,
    /// Which calls stand as examples beside the sums.
    pub exemplars: ExemplarFilter,
}

/// What an export covers, as in
/// [OpenTelemetry](https://opentelemetry.io/docs/specs/otel/metrics/data-model/#temporality).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Temporality {
    /// Everything since the start.
    #[default]
    Cumulative,
    /// What came since the export before.
    Delta,
}

impl Default for MetricsConfig {
    fn default() -> Self {
        Self {
            otlp: OtlpConfig::of(Signal::Metrics),
            interval: Duration::from_secs(60),
            temporality: Temporality::default(),
            exemplars: ExemplarFilter::default(),
        }
    }
}

const TEMPORALITY: &str = "OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE";
const AGGREGATION: &str = "OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION";
const EXEMPLARS: &str = "OTEL_METRICS_EXEMPLAR_FILTER";

impl MetricsConfig {
    /// The config that the variables of the
    /// [exporter](https://opentelemetry.io/docs/specs/otel/metrics/sdk_exporters/otlp/) and of the
    /// [reader](https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/#periodic-exporting-metricreader)
    /// ask for, and what is wrong with them. A variable for metrics alone (`OTEL_EXPORTER_OTLP_METRICS_*`) wins over the
    /// general one; an empty one is as one that is not set.
    ///
    /// `get` reads an environment variable.
    ///
    /// ```
    /// use throughline::export::otlp::{MetricsConfig, Temporality};
    ///
    /// let (config, issues) = MetricsConfig::from_env(|variable| match variable {
    ///     "OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE" => Some("delta".into()),
    ///     "OTEL_METRIC_EXPORT_INTERVAL" => Some("often".into()),
    ///     _ => None,
    /// });
    /// assert_eq!(config.temporality, Temporality::Delta);
    /// assert_eq!(issues[0].variable(), "OTEL_METRIC_EXPORT_INTERVAL");
    /// ```
    pub fn from_env(get: impl Fn(&str) -> Option<String>) -> (Self, Vec<ConfigIssue>) {
        let mut env = Env::new(Signal::Metrics, &get);
        let mut config = Self { otlp: env.config(), ..Self::default() };
        config.interval = env.duration("OTEL_METRIC_EXPORT_INTERVAL", 1, config.interval);
        let timeout = config.otlp.export_timeout;
        config.otlp.export_timeout = env.timeout("OTEL_METRIC_EXPORT_TIMEOUT", timeout);
        config.temporality = temporality(&mut env);
        config.exemplars = exemplars(&mut env);
        let is_built = |name: &str| name.eq_ignore_ascii_case("explicit_bucket_histogram");
        if let Some(other) = env.read(AGGREGATION).filter(|name| !is_built(name)) {
            env.issue(AGGREGATION, format!("`{other}` is not built"), "explicit_bucket_histogram is used");
        }
        (config, env.issues)
    }
}

/// `lowmemory` wants of histograms what `delta` does.
fn temporality(env: &mut Env<'_>) -> Temporality {
    match env.read(TEMPORALITY).map(|name| name.to_ascii_lowercase()).as_deref() {
        None | Some("cumulative") => Temporality::Cumulative,
        Some("delta" | "lowmemory") => Temporality::Delta,
        Some(other) => {
            let problem = format!("`{other}` is none of cumulative, delta, lowmemory");
            env.issue(TEMPORALITY, problem, "cumulative is used");
            Temporality::Cumulative
        }
    }
}

fn exemplars(env: &mut Env<'_>) -> ExemplarFilter {
    let Some(name) = env.read(EXEMPLARS) else { return ExemplarFilter::default() };
    name.to_ascii_lowercase().parse().unwrap_or_else(|error| {
        let default = ExemplarFilter::default();
        env.issue(EXEMPLARS, format!("`{name}`: {error}"), format!("{default} is used"));
        default
    })
}
