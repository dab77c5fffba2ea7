//! OTLP over TLS, with certificates that the variables of OpenTelemetry name.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig};
use throughline::export::otlp::{OtlpConfig, OtlpSink, Resource};
use throughline::span::{Callsite, Sink};
use throughline::stats::Counters;
use throughline_tests::otlp::{self, Shape};
use throughline_tests::receiver::Receiver;

static WORK: Callsite = Callsite::new("work", "shop", "src/shop.rs", 1, &[]);

fn path(name: &str) -> String {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/otlp_tls_certificates");
    folder.join(name).to_str().expect("a path of this repository").to_owned()
}

fn certificate(name: &str) -> CertificateDer<'static> {
    CertificateDer::from_pem_file(path(name)).expect("a certificate")
}

/// A receiver behind TLS that asks for a client certificate, or not.
fn receiver(asks: bool) -> Receiver {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut authorities = RootCertStore::empty();
    authorities.add(certificate("authority.pem")).expect("an authority");
    let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(authorities), Arc::clone(&provider));
    let verifier = if asks { verifier } else { verifier.allow_unauthenticated() };
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_client_cert_verifier(verifier.build().expect("a verifier"))
        .with_single_cert(
            vec![certificate("server.pem")],
            PrivateKeyDer::from_pem_file(path("server-key.pem")).expect("a key"),
        );
    Receiver::answering_tls(config.expect("a config"), [])
}

/// Sends a span with the certificates that variables name, and returns whether that succeeded and what was said.
fn send(receiver: &Receiver, variables: &[(&str, &str)]) -> (bool, Vec<String>) {
    let find = |name: &str| variables.iter().find(|(known, _)| *known == name).map(|(_, file)| path(file));
    let (mut config, issues) = OtlpConfig::from_env(find);
    assert_eq!(issues, []);
    config.endpoint = receiver.endpoint();
    (config.first_retry, config.retries) = (Duration::from_millis(1), 1);
    config.timeout = Duration::from_secs(60);
    let said = Arc::new(Mutex::new(Vec::new()));
    let say = {
        let said = Arc::clone(&said);
        move |message: &str| said.lock().expect("not poisoned").push(message.to_owned())
    };
    let counters = Arc::new(Counters::default());
    let mut sink = OtlpSink::start_saying(config, &Resource::new("shop"), counters, say).expect("a sink");
    Shape::new(&WORK, 1).view(|span| sink.span(span));
    let succeeded = sink.flush(Duration::from_secs(60));
    drop(sink);
    // Its thread may end later, on a busy machine.
    while Arc::strong_count(&said) > 1 {
        std::thread::yield_now();
    }
    let said = said.lock().expect("not poisoned").clone();
    (succeeded, said)
}

const AUTHORITY: (&str, &str) = ("OTEL_EXPORTER_OTLP_CERTIFICATE", "authority.pem");
const CLIENT: [(&str, &str); 2] = [
    ("OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE", "client.pem"),
    ("OTEL_EXPORTER_OTLP_TRACES_CLIENT_KEY", "client-key.pem"),
];

#[test]
fn a_receiver_with_a_certificate_of_a_named_authority_is_trusted() {
    let receiver = receiver(false);
    assert_eq!(send(&receiver, &[AUTHORITY]), (true, Vec::new()));
    assert_eq!(otlp::spans(&receiver.request().body).len(), 1);
}

#[test]
fn a_receiver_of_an_unknown_authority_gets_nothing() {
    let receiver = receiver(false);
    let (succeeded, said) = send(&receiver, &[]);
    assert!(!succeeded && receiver.rest().is_empty());
    assert!(said.len() == 1 && said[0].contains("OTEL_EXPORTER_OTLP_CERTIFICATE"), "{said:?}");
}

#[test]
fn a_client_certificate_is_shown_to_a_receiver_that_asks_for_one() {
    let receiver = receiver(true);
    assert_eq!(send(&receiver, &[AUTHORITY, CLIENT[0], CLIENT[1]]), (true, Vec::new()));
    assert_eq!(otlp::spans(&receiver.request().body).len(), 1);
    assert!(!send(&receiver, &[AUTHORITY]).0);
}
