//! The variables of OpenTelemetry that say where spans are sent, and how.

use std::str::FromStr;
use std::time::Duration;

use ureq::http::{HeaderName, HeaderValue, Uri};
use ureq::tls::PrivateKey;

use super::transport::certificates;
use super::{Compression, ConfigIssue, OtlpConfig, pairs, proxy};

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
        let mut env = Env { get: &get, issues: Vec::new() };
        let mut config = Self::default();
        if let Some(endpoint) = env.endpoint() {
            config.endpoint = endpoint;
        }
        env.protocol();
        config.headers = env.headers();
        config.compression = env.compression();
        config.root_certificates = env.root_certificates();
        config.client_certificate = env.client_certificate();
        env.limits(&mut config);
        config.proxy = proxy::choose(&config.endpoint, &get);
        (config, env.issues)
    }
}

/// What reads variables, and what was wrong with them.
struct Env<'a> {
    get: &'a dyn Fn(&str) -> Option<String>,
    issues: Vec<ConfigIssue>,
}

const TRACES_ENDPOINT: &str = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT";
const ENDPOINT: &str = "OTEL_EXPORTER_OTLP_ENDPOINT";

impl Env<'_> {
    fn read(&self, variable: &str) -> Option<String> {
        (self.get)(variable).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty())
    }

    /// The value of the variable for traces, or of the general one, and its name.
    fn of_traces(&self, name: &str) -> Option<(String, String)> {
        let names = [format!("OTEL_EXPORTER_OTLP_TRACES_{name}"), format!("OTEL_EXPORTER_OTLP_{name}")];
        names.into_iter().find_map(|variable| self.read(&variable).map(|value| (variable, value)))
    }

    fn issue(&mut self, variable: &str, problem: impl Into<String>, instead: impl Into<String>) {
        self.issues.push(ConfigIssue::new(variable, problem, instead));
    }

    /// The address for traces is taken as it is; to the general one the path for traces is added.
    fn endpoint(&mut self) -> Option<String> {
        if let Some(endpoint) = self.read(TRACES_ENDPOINT) {
            match address(&endpoint) {
                Ok(_) => return Some(endpoint),
                Err(problem) => {
                    self.issue(TRACES_ENDPOINT, problem, format!("{ENDPOINT} or its default is used"))
                }
            }
        }
        let endpoint = self.read(ENDPOINT)?;
        match address(&endpoint) {
            Ok(uri) => Some(with_path(&endpoint, &uri)),
            Err(problem) => {
                self.issue(ENDPOINT, problem, format!("{} is used", OtlpConfig::default().endpoint));
                None
            }
        }
    }

    fn protocol(&mut self) {
        let Some((variable, protocol)) = self.of_traces("PROTOCOL") else { return };
        let problem = match &*protocol {
            "http/protobuf" => return,
            "grpc" | "http/json" => format!("`{protocol}` is not built yet"),
            _ => format!("`{protocol}` is not a protocol of OTLP"),
        };
        self.issue(&variable, problem, "http/protobuf is used (by custom on port 4318)");
    }

    fn headers(&mut self) -> Vec<(String, String)> {
        let Some((variable, list)) = self.of_traces("HEADERS") else { return Vec::new() };
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
        match self.of_traces("COMPRESSION") {
            Some((_, value)) if value == "gzip" => Compression::Gzip,
            Some((variable, value)) if value != "none" => {
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
        let (variable, path) = self.of_traces(name)?;
        let read = std::fs::read(&path).map_err(|error| error.to_string());
        match read.and_then(|pem| check(&pem).map(|()| pem).map_err(|error| error.to_string())) {
            Ok(pem) => Some(pem),
            Err(problem) => {
                self.issue(&variable, format!("`{path}` cannot be used: {problem}"), instead);
                None
            }
        }
    }

    fn limits(&mut self, config: &mut OtlpConfig) {
        if let Some((variable, value)) = self.of_traces("TIMEOUT") {
            let default = config.timeout.as_millis() as u64;
            config.timeout = Duration::from_millis(self.number(&variable, &value, 1, default));
        }
        for (variable, duration) in [
            ("OTEL_BSP_SCHEDULE_DELAY", &mut config.schedule_delay),
            ("OTEL_BSP_EXPORT_TIMEOUT", &mut config.export_timeout),
        ] {
            if let Some(value) = self.read(variable) {
                let default = duration.as_millis() as u64;
                *duration = Duration::from_millis(self.number(variable, &value, 0, default));
            }
        }
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

    fn number(&mut self, variable: &str, value: &str, least: u64, default: u64) -> u64 {
        value.parse().ok().filter(|number| *number >= least).unwrap_or_else(|| {
            self.issue(
                variable,
                format!("`{value}` is not a number of milliseconds"),
                format!("{default} is used"),
            );
            default
        })
    }
}

/// An address that requests can go to.
fn address(text: &str) -> Result<Uri, String> {
    let uri = Uri::from_str(text).map_err(|error| format!("is not a URL: {error}"))?;
    match uri.scheme_str() {
        Some("http" | "https") if uri.host().is_some_and(|host| !host.is_empty()) => Ok(uri),
        _ => Err("is not a URL that begins with http:// or https:// and a host".to_owned()),
    }
}

/// The path for traces is added to what path there is, before a query.
fn with_path(endpoint: &str, uri: &Uri) -> String {
    let (base, query) = match uri.query() {
        Some(query) => (endpoint.split('?').next().unwrap_or(endpoint), format!("?{query}")),
        None => (endpoint, String::new()),
    };
    format!("{}/v1/traces{query}", base.trim_end_matches('/'))
}

fn header(
    position: usize,
    (name, value): (String, String),
) -> Result<(String, String), (usize, &'static str)> {
    HeaderName::from_str(&name).map_err(|_| (position, "has a name that HTTP does not allow"))?;
    HeaderValue::from_str(&value).map_err(|_| (position, "has a value that HTTP does not allow"))?;
    Ok((name, value))
}
