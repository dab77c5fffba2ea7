//! Requests over HTTP.

use std::borrow::Cow;
use std::io::{self, ErrorKind, Read, Write};
use std::time::Duration;

use flate2::Compression as Level;
use flate2::write::GzEncoder;
use ureq::http::{HeaderMap, Response, StatusCode, header};
use ureq::tls::{ClientCert, PemItem, PrivateKey, RootCerts, TlsConfig, parse_pem};
use ureq::{Agent, Body, Error, Proxy};

use super::LONGEST_TIMEOUT;
use super::format::Format;
use crate::export::otlp::answer::Answer;
use crate::export::otlp::reply::{Failure, Reply};
use crate::export::otlp::signal::Signal;
use crate::export::otlp::{Compression, OtlpConfig};

/// Sends bodies to one address.
#[derive(Debug)]
pub(in crate::export::otlp) struct HttpTransport {
    signal: Signal,
    format: Format,
    agent: Agent,
    endpoint: String,
    headers: Vec<(String, String)>,
    compressed: bool,
}

/// No answer that matters is longer.
const LONGEST_ANSWER: u64 = 64 << 10;

impl HttpTransport {
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
        let format = Format::of(config);
        Ok(Self { signal: config.signal, format, agent, endpoint, headers, compressed })
    }

    /// What breaks off the request under way, from another thread.
    pub(super) fn breaker(&self) -> impl FnOnce() + Send + use<> {
        let agent = self.agent.clone();
        || agent.shutdown()
    }

    /// A batch as it is sent: in the receiver's format, and compressed.
    pub(super) fn pack<'a>(&self, batch: &'a [u8]) -> io::Result<Cow<'a, [u8]>> {
        let body = self.format.render(batch);
        if self.compressed { gzip(&body).map(Into::into) } else { Ok(body) }
    }

    /// Sends what was packed: a body with this number of spans or data points.
    pub(super) fn send(&self, body: &[u8], items: usize) -> Reply {
        let mut request = self.agent.post(&self.endpoint).content_type(self.format.content_type());
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

fn gzip(body: &[u8]) -> io::Result<Vec<u8>> {
    let mut packed = GzEncoder::new(Vec::with_capacity(body.len() / 4), Level::fast());
    packed.write_all(body)?;
    packed.finish()
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
pub(in crate::export::otlp) fn certificates(
    pem: &[u8],
) -> Result<Vec<ureq::tls::Certificate<'static>>, Error> {
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
    let answer = Answer::of(response.body().mime_type(), &body);
    if status.is_success() {
        return Reply::taken(&answer, items);
    }
    let retry_after = retry_after(response.headers());
    let reason = described(status, &answer.error());
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
        Error::Timeout(_) => signal.advice_on_timeout(),
        error if is_tls(error) => signal.advice_on_tls(),
        _ => signal.advice_on_silence(),
    };
    let reason = match error {
        // Which may hold a password.
        Error::BadUri(_) => "the address is no URL that begins with http:// or https://".to_owned(),
        error => error.to_string(),
    };
    let failure = Failure { unreachable, ..Failure::of(reason, advice) };
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
