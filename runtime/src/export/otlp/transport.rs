//! One HTTP request, blocking: on the sender's thread only.

use std::io::{ErrorKind, Read};
use std::time::Duration;

use ureq::http::{HeaderMap, Response, StatusCode, header};
use ureq::tls::{ClientCert, PemItem, PrivateKey, RootCerts, TlsConfig, parse_pem};
use ureq::{Agent, Body, Error, Proxy};

use super::reply::{self, Failure, Reply};
use super::signal::Signal;
use super::{Compression, OtlpConfig};

/// Sends bodies to one address.
#[derive(Debug)]
pub(super) struct Transport {
    signal: Signal,
    agent: Agent,
    endpoint: String,
    headers: Vec<(String, String)>,
    compressed: bool,
}

/// As good as none, and far from what a clock cannot express.
const LONGEST_TIMEOUT: Duration = Duration::from_secs(24 * 60 * 60);
/// No answer that matters is longer.
const LONGEST_ANSWER: u64 = 64 << 10;

impl Transport {
    /// Fails when a certificate, key or proxy of the config is malformed.
    pub(super) fn new(config: &OtlpConfig) -> Result<Self, Error> {
        let proxy = config.proxy.as_deref().map(Proxy::new).transpose()?;
        let agent = Agent::config_builder()
            .http_status_as_error(false)
            // A body is not sent to where it was not meant for.
            .max_redirects(0)
            .max_redirects_will_error(false)
            .timeout_global(Some(config.timeout.min(LONGEST_TIMEOUT)))
            .user_agent(concat!("throughline-otlp/", env!("CARGO_PKG_VERSION")))
            .tls_config(tls(config)?)
            .proxy(proxy)
            .build()
            .new_agent();
        let compressed = config.compression == Compression::Gzip;
        let (endpoint, headers) = (config.endpoint.clone(), config.headers.clone());
        Ok(Self { signal: config.signal, agent, endpoint, headers, compressed })
    }

    /// What breaks off the request under way, from another thread.
    pub(super) fn breaker(&self) -> impl FnOnce() + Send + use<> {
        let agent = self.agent.clone();
        || agent.shutdown()
    }

    /// Sends a body with this number of spans or data points.
    pub(super) fn send(&self, body: &[u8], items: usize) -> Reply {
        let mut request = self.agent.post(&self.endpoint).content_type("application/x-protobuf");
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        if self.compressed {
            request = request.header(header::CONTENT_ENCODING, "gzip");
        }
        match request.send(body) {
            Ok(response) => answered(self.signal, response, items),
            Err(error) => failed(self.signal, &error),
        }
    }
}

fn tls(config: &OtlpConfig) -> Result<TlsConfig, Error> {
    let mut tls = TlsConfig::builder();
    if let Some(pem) = &config.root_certificates {
        tls = tls.root_certs(RootCerts::new_with_certs(&certificates(pem)?));
    }
    if let Some((chain, key)) = &config.client_certificate {
        let identity = ClientCert::new_with_certs(&certificates(chain)?, PrivateKey::from_pem(key)?);
        tls = tls.client_cert(Some(identity));
    }
    Ok(tls.build())
}

/// All certificates of a PEM file; one without any is malformed.
pub(super) fn certificates(pem: &[u8]) -> Result<Vec<ureq::tls::Certificate<'static>>, Error> {
    let items = parse_pem(pem).collect::<Result<Vec<_>, _>>()?;
    let certificates: Vec<_> = items
        .into_iter()
        .filter_map(|item| match item {
            PemItem::Certificate(certificate) => Some(certificate),
            _ => None,
        })
        .collect();
    if certificates.is_empty() { Err(Error::Tls("no certificate in the PEM file")) } else { Ok(certificates) }
}

fn answered(signal: Signal, mut response: Response<Body>, items: usize) -> Reply {
    let status = response.status();
    let mut body = Vec::new();
    // A body that breaks off says less, and the status what matters.
    let _ = response.body_mut().as_reader().take(LONGEST_ANSWER).read_to_end(&mut body);
    let protobuf = response.body().mime_type() == Some("application/x-protobuf");
    if status.is_success() {
        return Reply::taken(if protobuf { &body } else { &[] }, items);
    }
    let said = if protobuf { reply::status_message(&body) } else { Some(reply::printable(&body)) };
    let retry_after = retry_after(response.headers());
    let reason = described(status, said.as_deref().unwrap_or_default());
    Reply::status(signal, status.as_u16(), reason, retry_after)
}

fn described(status: StatusCode, said: &str) -> String {
    if said.is_empty() { format!("HTTP status {status}") } else { format!("HTTP status {status}: {said}") }
}

fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    crate::retry_after::wait(text(header::RETRY_AFTER)?, text(header::DATE))
}

/// What a request without an answer means.
fn failed(signal: Signal, error: &Error) -> Reply {
    let unreachable = match error {
        Error::Io(error) => error.kind() == ErrorKind::ConnectionRefused,
        Error::HostNotFound | Error::ConnectionFailed => true,
        _ => false,
    };
    let advice = match error {
        Error::Timeout(_) => "raise OTEL_EXPORTER_OTLP_TIMEOUT (milliseconds), or see what the receiver does",
        error if is_tls(error) => {
            "OTEL_EXPORTER_OTLP_CERTIFICATE names a file with the certificate of an authority of your own"
        }
        _ => signal.advice_on_silence(),
    };
    let failure =
        Failure { reason: error.to_string(), advice, retry_after: None, unreachable, unwanted: false };
    match error {
        Error::Http(_) | Error::BadUri(_) | Error::Tls(_) | Error::Rustls(_) | Error::Pem(_) => {
            Reply::Never(failure)
        }
        _ => Reply::Later(failure),
    }
}

/// Handshakes fail as errors of rustls, or as those in the clothes of an I/O error.
fn is_tls(error: &Error) -> bool {
    match error {
        Error::Tls(_) | Error::Rustls(_) | Error::Pem(_) => true,
        Error::Io(error) => error.kind() == ErrorKind::InvalidData,
        _ => false,
    }
}
