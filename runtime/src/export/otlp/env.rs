//! The variables of OpenTelemetry that say where spans and metrics are sent, and how.

use std::str::FromStr;
use std::time::Duration;

use ureq::http::{HeaderName, HeaderValue, Uri};
use ureq::tls::PrivateKey;

use super::signal::Signal;
use super::transport::certificates;
use super::{Compression, ConfigIssue, OtlpConfig, Protocol, pairs, proxy};

impl OtlpConfig {
    /// The config that the variables of the
    /// [exporter](https://opentelemetry.io/docs/specs/otel/protocol/exporter/) and of the
    /// [batch processor](https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/#batch-span-processor)
    /// ask for, and what is wrong with them. A variable for traces alone (`OTEL_EXPORTER_OTLP_TRACES_*`) wins over the
    /// general one; an empty one is as one that is not set.
    ///
    /// `get` reads an environment variable.
    ///
    /// ```
    /// use throughline::export::otlp::OtlpConfig;
    ///
    /// let (config, issues) = OtlpConfig::from_env(|variable| match variable {
    ///     "OTEL_EXPORTER_OTLP_ENDPOINT" => Some("http://collector:4318".into()),
    ///     "OTEL_EXPORTER_OTLP_TIMEOUT" => Some("soon".into()),
    ///     _ => None,
    /// });
    /// assert_eq!(config.endpoint, "http://collector:4318/v1/traces");
    /// assert_eq!(issues[0].variable(), "OTEL_EXPORTER_OTLP_TIMEOUT");
    /// ```
    pub fn from_env(get: impl Fn(&str) -> Option<String>) -> (Self, Vec<ConfigIssue>) {
        let mut env = Env::new(Signal::Traces, &get);
        let mut config = env.config();
        env.batches(&mut config);
        (config, env.issues)
    }
}

/// What reads the variables of a signal, and what was wrong with them.
pub(in crate::export) struct Env<'a> {
    signal: Signal,
    get: &'a dyn Fn(&str) -> Option<String>,
    pub(in crate::export) issues: Vec<ConfigIssue>,
}

const ENDPOINT: &str = "OTEL_EXPORTER_OTLP_ENDPOINT";

impl<'a> Env<'a> {
    pub(in crate::export) fn new(signal: Signal, get: &'a dyn Fn(&str) -> Option<String>) -> Self {
        Self { signal, get, issues: Vec::new() }
    }

    /// Where the signal is sent, and how.
    pub(in crate::export) fn config(&mut self) -> OtlpConfig {
        let mut config = OtlpConfig::of(self.signal);
        if self.signal != Signal::Zipkin {
            self.otlp(&mut config);
        }
        config.endpoint = self.endpoint(config.protocol);
        if let Some((variable, value)) = self.of_signal("TIMEOUT") {
            config.timeout = unlimited_at_zero(self.milliseconds(&variable, &value, 0, config.timeout));
        }
        if config.protocol.is_http() {
            config.proxy = proxy::choose(&config.endpoint, self.get);
        }
        config
    }

    /// What Zipkin has no variables for.
    fn otlp(&mut self, config: &mut OtlpConfig) {
        config.protocol = self.protocol();
        config.headers = self.headers();
        config.compression = self.compression();
        config.root_certificates = self.root_certificates();
        config.client_certificate = self.client_certificate();
    }

    pub(super) fn read(&self, variable: &str) -> Option<String> {
        (self.get)(variable).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty())
    }

    /// The value of the variable for the signal, or of the general one, and its name.
    fn of_signal(&self, name: &str) -> Option<(String, String)> {
        let names = self.signal.variables(name);
        names.into_iter().find_map(|variable| self.read(&variable).map(|value| (variable, value)))
    }

    pub(super) fn issue(&mut self, variable: &str, problem: impl Into<String>, instead: impl Into<String>) {
        self.issues.push(ConfigIssue::new(variable, problem, instead));
    }

    /// The address for the signal is taken as it is; to the general one the signal's path is added, in HTTP.
    fn endpoint(&mut self, protocol: Protocol) -> String {
        let default = self.signal.default_endpoint(protocol);
        for variable in self.signal.variables("ENDPOINT") {
            let Some(endpoint) = self.read(&variable) else { continue };
            let is_general = variable == ENDPOINT;
            let endpoint = self.with_scheme(endpoint, protocol);
            match address(&endpoint) {
                Ok(uri) if is_general && protocol.is_http() => {
                    return with_path(&endpoint, &uri, self.signal.path());
                }
                Ok(_) => return endpoint,
                Err(problem) if is_general || self.signal == Signal::Zipkin => {
                    self.issue(&variable, problem, format!("{default} is used"));
                }
                Err(problem) => self.issue(&variable, problem, format!("{ENDPOINT} or its default is used")),
            }
        }
        default
    }

    /// An address for gRPC may be without a scheme: a variable says then whether it is secure.
    fn with_scheme(&mut self, endpoint: String, protocol: Protocol) -> String {
        if protocol.is_http() || endpoint.contains("://") {
            return endpoint;
        }
        let insecure =
            self.of_signal("INSECURE").is_some_and(|(_, value)| value.eq_ignore_ascii_case("true"));
        format!("{}://{endpoint}", if insecure { "http" } else { "https" })
    }

    fn protocol(&mut self) -> Protocol {
        let Some((variable, protocol)) = self.of_signal("PROTOCOL") else { return Protocol::default() };
        let name = protocol.to_ascii_lowercase();
        name.parse().unwrap_or_else(|_| {
            let problem = match &*name {
                "grpc" => "`grpc` needs the feature `otlp-grpc` of the crate `throughline`".to_owned(),
                _ => format!("`{protocol}` is not a protocol of OTLP"),
            };
            let default = Protocol::default();
            self.issue(&variable, problem, format!("{default} is used (by custom on port 4318)"));
            default
        })
    }

    fn headers(&mut self) -> Vec<(String, String)> {
        let Some((variable, list)) = self.of_signal("HEADERS") else { return Vec::new() };
        let mut headers = Vec::new();
        for (position, pair) in (1..).zip(pairs::parse(&list)) {
            match pair.map_err(|at| (at, "is not `key=value`")).and_then(|pair| header(position, pair)) {
                Ok(pair) => headers.push(pair),
                // The text itself may be a secret.
                Err((at, problem)) => {
                    self.issue(&variable, format!("header {at} {problem}"), "requests are sent without it");
                }
            }
        }
        headers
    }

    fn compression(&mut self) -> Compression {
        match self.of_signal("COMPRESSION") {
            Some((_, value)) if value.eq_ignore_ascii_case("gzip") => Compression::Gzip,
            Some((variable, value)) if !value.eq_ignore_ascii_case("none") => {
                self.issue(&variable, format!("`{value}` is not gzip nor none"), "nothing is compressed");
                Compression::None
            }
            _ => Compression::None,
        }
    }

    fn root_certificates(&mut self) -> Option<Vec<u8>> {
        let instead = "the authorities that Mozilla trusts are used";
        self.file("CERTIFICATE", instead, |pem| certificates(pem).map(drop))
    }

    fn client_certificate(&mut self) -> Option<(Vec<u8>, Vec<u8>)> {
        let instead = "requests are sent without a client certificate";
        let chain = self.file("CLIENT_CERTIFICATE", instead, |pem| certificates(pem).map(drop));
        let key = self.file("CLIENT_KEY", instead, |pem| PrivateKey::from_pem(pem).map(drop));
        chain.zip(key)
    }

    /// The content of the file that a variable names.
    fn file(
        &mut self,
        name: &str,
        instead: &str,
        check: impl FnOnce(&[u8]) -> Result<(), ureq::Error>,
    ) -> Option<Vec<u8>> {
        let (variable, path) = self.of_signal(name)?;
        let read = std::fs::read(&path).map_err(|error| error.to_string());
        match read.and_then(|pem| check(&pem).map(|()| pem).map_err(|error| error.to_string())) {
            Ok(pem) => Some(pem),
            Err(problem) => {
                self.issue(&variable, format!("`{path}` cannot be used: {problem}"), instead);
                None
            }
        }
    }

    /// The variables of the batch processor.
    pub(in crate::export) fn batches(&mut self, config: &mut OtlpConfig) {
        config.schedule_delay = self.duration("OTEL_BSP_SCHEDULE_DELAY", 0, config.schedule_delay);
        config.export_timeout = self.timeout("OTEL_BSP_EXPORT_TIMEOUT", config.export_timeout);
        config.batch_spans = self.count("OTEL_BSP_MAX_EXPORT_BATCH_SIZE");
        config.queue_spans = self.count("OTEL_BSP_MAX_QUEUE_SIZE");
        if config.batch_spans > config.queue_spans {
            config.batch_spans = config.queue_spans;
        }
    }

    fn count(&mut self, variable: &str) -> usize {
        let Some(value) = self.read(variable) else { return usize::MAX };
        value.parse().ok().filter(|count| *count > 0).unwrap_or_else(|| {
            self.issue(variable, format!("`{value}` is not a number above 0"), "bytes alone are the limit");
            usize::MAX
        })
    }

    /// A variable that is a number of milliseconds, of at least `least`.
    pub(super) fn duration(&mut self, variable: &str, least: u64, default: Duration) -> Duration {
        let Some(value) = self.read(variable) else { return default };
        self.milliseconds(variable, &value, least, default)
    }

    /// A variable that is a number of milliseconds, of which 0 is no limit.
    pub(super) fn timeout(&mut self, variable: &str, default: Duration) -> Duration {
        unlimited_at_zero(self.duration(variable, 0, default))
    }

    fn milliseconds(&mut self, variable: &str, value: &str, least: u64, default: Duration) -> Duration {
        let number = value.parse().ok().filter(|number| *number >= least);
        number.map(Duration::from_millis).unwrap_or_else(|| {
            let instead = format!("{} is used", default.as_millis());
            self.issue(variable, format!("`{value}` is not a number of milliseconds"), instead);
            default
        })
    }
}

/// What OpenTelemetry
/// [means](https://opentelemetry.io/docs/specs/otel/configuration/common/#timeout) by a timeout of 0.
fn unlimited_at_zero(timeout: Duration) -> Duration {
    if timeout.is_zero() { Duration::MAX } else { timeout }
}

/// An address that requests can go to.
fn address(text: &str) -> Result<Uri, String> {
    let uri = Uri::from_str(text).map_err(|error| format!("is not a URL: {error}"))?;
    match uri.scheme_str() {
        Some("http" | "https") if uri.host().is_some_and(|host| !host.is_empty()) => Ok(uri),
        _ => Err("is not a URL that begins with http:// or https:// and a host".to_owned()),
    }
}

/// `path` is added to what path there is, before a query.
fn with_path(endpoint: &str, uri: &Uri, path: &str) -> String {
    let (base, query) = match uri.query() {
        Some(query) => (endpoint.split('?').next().unwrap_or(endpoint), format!("?{query}")),
        None => (endpoint, String::new()),
    };
    format!("{}{path}{query}", base.trim_end_matches('/'))
}

fn header(
    position: usize,
    (name, value): (String, String),
) -> Result<(String, String), (usize, &'static str)> {
    HeaderName::from_str(&name).map_err(|_| (position, "has a name that HTTP does not allow"))?;
    HeaderValue::from_str(&value).map_err(|_| (position, "has a value that HTTP does not allow"))?;
    Ok((name, value))
}

#[cfg(all(test, not(feature = "otlp-grpc")))]
mod tests {
    use super::*;

    #[test]
    fn who_asks_for_grpc_is_told_which_feature_it_needs() {
        let (config, issues) =
            OtlpConfig::from_env(|name| (name == "OTEL_EXPORTER_OTLP_PROTOCOL").then(|| "grpc".to_owned()));
        assert_eq!(config, OtlpConfig::default());
        assert!(issues[0].to_string().contains("the feature `otlp-grpc`"), "{issues:?}");
    }
}
