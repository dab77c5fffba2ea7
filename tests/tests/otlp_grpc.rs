//! OTLP over gRPC: what is sent to a real server, and what is done about every kind of answer.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use throughline::export::otlp::{
    Compression, MetricsConfig, MetricsSink, OtlpConfig, OtlpSink, Protocol, Resource,
};
use throughline::span::{Callsite, Sink};
use throughline_tests::grpc::{GrpcAnswer, GrpcReceiver};
use throughline_tests::otlp::{self, Shape};
use throughline_tests::receiver::{Answer, Nobody, Receiver};
use throughline_tests::sending::{PATIENCE, Subject};
use tonic::metadata::MetadataMap;
use tonic::transport::{Certificate, Identity, ServerTlsConfig};
use tonic::{Code, Status};

static CHAT: Callsite = Callsite::new("chat", "shop", "src/shop.rs", 1, &[]);

fn subject(endpoint: String, change: impl FnOnce(&mut OtlpConfig)) -> Subject {
    Subject::new(endpoint, |config| {
        config.protocol = Protocol::Grpc;
        change(config);
    })
}

fn fails(code: Code) -> GrpcAnswer {
    GrpcAnswer::Fails(Status::new(code, "no\ntea"))
}

/// A status with a `google.rpc.RetryInfo` among its details: `Status.details`, `Any`, `RetryInfo.retry_delay`.
fn asks_for(code: Code, delay: &[u8]) -> GrpcAnswer {
    let nested = |field: u8, bytes: &[u8]| {
        [&[field << 3 | 2, u8::try_from(bytes.len()).expect("short")], bytes].concat()
    };
    let other = nested(1, b"type.googleapis.com/google.rpc.DebugInfo");
    let info =
        [nested(1, b"type.googleapis.com/google.rpc.RetryInfo"), nested(2, &nested(1, delay))].concat();
    let details = [nested(3, &other), nested(3, &info)].concat();
    GrpcAnswer::Fails(Status::with_details_and_metadata(code, "later", details.into(), MetadataMap::new()))
}

#[test]
fn a_flush_sends_what_there_is() {
    let receiver = GrpcReceiver::answering([]);
    let mut subject = subject(receiver.endpoint(), |config| {
        config.headers =
            vec![("X-Key".to_owned(), "secret".to_owned()), ("x-key".to_owned(), "too".to_owned())];
    });
    assert!(subject.spans(1..=3).flush());
    let call = receiver.call();
    let ids: Vec<_> = call.spans().iter().map(|span| span.span_id[7]).collect();
    assert_eq!(ids, [1, 2, 3]);
    assert_eq!(call.metadata.get_all("x-key").iter().collect::<Vec<_>>(), ["secret", "too"]);
    assert_eq!(call.header("grpc-encoding"), None);
    assert!(call.header("grpc-timeout").is_some());
    assert!(
        call.header("user-agent").is_some_and(|agent| agent.starts_with("throughline-otlp/")),
        "{call:?}"
    );
    assert_eq!(subject.counts(), (3, 0, 0));
    assert_eq!(subject.end(), [""; 0]);
}

#[test]
fn spans_of_every_shape_are_the_same_as_over_http() {
    let shapes: Vec<_> =
        (0..100).map(|seed| Shape::random(&mut fastrand::Rng::with_seed(seed), &[&CHAT])).collect();
    let http = Receiver::answering([]);
    let mut by_http = Subject::new(http.endpoint(), |config| config.batch_bytes = usize::MAX);
    let grpc = GrpcReceiver::answering([]);
    let mut by_grpc = subject(grpc.endpoint(), |config| config.batch_bytes = usize::MAX);
    for shape in &shapes {
        by_http.span(shape);
        by_grpc.span(shape);
    }
    assert!(by_http.flush() && by_grpc.flush());
    assert_eq!(grpc.call().traces, otlp::request(&http.request().body));
}

#[test]
fn gzip_is_used_when_asked_for() {
    let receiver = GrpcReceiver::answering([GrpcAnswer::Partial(1, "too old".to_owned())]);
    let mut subject = subject(receiver.endpoint(), |config| config.compression = Compression::Gzip);
    assert!(!subject.spans(1..=200).flush());
    let call = receiver.call();
    assert_eq!(call.header("grpc-encoding"), Some("gzip"));
    assert_eq!(call.spans().len(), 200);
    assert_eq!(subject.counts(), (199, 0, 1), "the answer was compressed too, and read");
}

#[test]
fn codes_that_may_change_are_tried_again() {
    use Code::{Aborted, Cancelled, DataLoss, DeadlineExceeded, OutOfRange, Unavailable};
    let codes = [Cancelled, DeadlineExceeded, Aborted, OutOfRange, Unavailable, DataLoss];
    let receiver = GrpcReceiver::answering(codes.map(fails));
    let mut subject = subject(receiver.endpoint(), |config| config.first_retry = Duration::from_nanos(1));
    assert!(subject.spans(1..=2).flush());
    let calls = receiver.rest();
    assert_eq!(calls.len(), 7);
    assert!(calls.iter().all(|call| call.traces == calls[0].traces));
    assert_eq!(subject.counts(), (2, 0, 0));
}

#[test]
fn codes_that_will_not_change_drop_the_batch() {
    use Code::{
        AlreadyExists, FailedPrecondition, Internal, InvalidArgument, NotFound, PermissionDenied,
        ResourceExhausted, Unauthenticated, Unimplemented, Unknown,
    };
    for code in [
        AlreadyExists,
        FailedPrecondition,
        Internal,
        InvalidArgument,
        NotFound,
        PermissionDenied,
        ResourceExhausted,
        Unauthenticated,
        Unimplemented,
        Unknown,
    ] {
        let receiver = GrpcReceiver::answering([fails(code)]);
        let mut subject = subject(receiver.endpoint(), |_| {});
        assert!(!subject.spans(1..=2).flush(), "{code:?}");
        assert!(subject.spans(3..=3).flush(), "{code:?}");
        assert_eq!(receiver.rest().len(), 2, "{code:?}");
        assert_eq!(subject.counts(), (1, 0, 2), "{code:?}");
        let said = subject.end();
        assert_eq!(said.len(), 1, "{said:?}");
        assert!(said[0].contains(&format!("gRPC status {code:?}: no tea")), "{said:?}");
        let is_key = matches!(code, PermissionDenied | Unauthenticated);
        assert_eq!(said[0].contains("OTEL_EXPORTER_OTLP_HEADERS"), is_key, "{said:?}");
    }
}

#[test]
fn a_receiver_that_is_exhausted_is_tried_again_when_it_says_how_long_that_takes() {
    // `Duration.seconds`, and `Duration.nanos` of 100 ms.
    for (code, delay, least) in [
        (Code::ResourceExhausted, &[0x08, 1][..], Duration::from_secs(1)),
        (Code::Unavailable, &[0x08, 1], Duration::from_secs(1)),
        (Code::ResourceExhausted, &[0x10, 0x80, 0xc2, 0xd7, 0x2f], Duration::from_millis(100)),
        (Code::ResourceExhausted, &[], Duration::ZERO),
    ] {
        let receiver = GrpcReceiver::answering([asks_for(code, delay)]);
        let mut subject = subject(receiver.endpoint(), |_| {});
        assert!(subject.spans(1..=2).flush());
        let (first, second) = (receiver.call(), receiver.call());
        assert!(second.at - first.at >= least, "{:?}", second.at - first.at);
        assert_eq!(subject.counts(), (2, 0, 0));
        assert_eq!(subject.end(), [""; 0]);
    }
}

#[test]
fn a_delay_that_is_nonsense_is_none() {
    // -1 seconds; a message that breaks off.
    for delay in
        [&[0x08, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01][..], &[0x10, 0x80, 0x80]]
    {
        let receiver = GrpcReceiver::answering([asks_for(Code::Unavailable, delay)]);
        let mut subject = subject(receiver.endpoint(), |_| {});
        assert!(subject.spans(1..=2).flush());
        assert_eq!(receiver.rest().len(), 2);
    }
}

#[test]
fn spans_that_a_partial_success_rejects_are_counted() {
    let receiver = GrpcReceiver::answering([
        GrpcAnswer::Partial(3, "too old".to_owned()),
        GrpcAnswer::Partial(0, "deprecated".to_owned()),
    ]);
    let mut subject = subject(receiver.endpoint(), |_| {});
    assert!(!subject.spans(1..=5).flush());
    assert_eq!(subject.counts(), (2, 0, 3));
    assert!(subject.spans(6..=6).flush());
    let said = subject.end().join("\n");
    assert!(said.contains("3 were rejected") && said.contains("too old"), "{said}");
    assert!(said.contains("deprecated"), "{said}");
}

#[test]
fn a_receiver_that_never_answers_is_given_up() {
    let receiver = GrpcReceiver::answering([GrpcAnswer::Silence, GrpcAnswer::Silence]);
    let mut subject = subject(receiver.endpoint(), |config| {
        (config.timeout, config.retries) = (Duration::from_millis(100), 1);
    });
    assert!(!subject.spans(1..=2).flush());
    assert_eq!(subject.counts(), (0, 0, 2));
    let said = subject.end();
    assert!(said.len() == 1 && said[0].contains("OTEL_EXPORTER_OTLP_TIMEOUT"), "{said:?}");
}

#[test]
fn ending_breaks_off_a_call_and_says_what_was_dropped() {
    let receiver = GrpcReceiver::answering([GrpcAnswer::Silence]);
    let mut subject = subject(receiver.endpoint(), |config| {
        (config.batch_spans, config.timeout) = (1, Duration::MAX);
    });
    subject.spans(1..=1);
    receiver.call();
    subject.spans(2..=3);
    let said = subject.end();
    assert_eq!(subject.counts(), (0, 0, 3));
    assert!(said.len() == 1 && said[0].contains("3 were not sent when the program ended"), "{said:?}");
}

#[test]
fn with_nothing_listening_a_flush_fails_at_once_and_the_end_says_so_once() {
    let nobody = Nobody::new();
    let mut subject = subject(nobody.url(), |config| {
        (config.first_retry, config.export_timeout) = (PATIENCE, Duration::MAX);
    });
    assert!(!subject.spans(1..=4).flush());
    assert_eq!(subject.counts(), (0, 0, 0), "they are kept, and tried again");
    let said = subject.end();
    assert_eq!(subject.counts(), (0, 0, 4));
    assert_eq!(said.len(), 1, "{said:?}");
    for part in ["4 spans", &nobody.url(), "refused", "OTEL_EXPORTER_OTLP_ENDPOINT"] {
        assert!(said[0].contains(part), "{part}: {said:?}");
    }
}

#[test]
fn a_receiver_that_comes_back_is_sent_to_again() {
    let receiver = GrpcReceiver::answering([]);
    let address = receiver.address();
    let mut subject = subject(receiver.endpoint(), |config| {
        (config.retries, config.export_timeout) = (u32::MAX, PATIENCE);
    });
    assert!(subject.spans(1..=1).flush());
    receiver.end();
    let receiver = GrpcReceiver::again(address);
    // The connection of before is found broken at the first try.
    while !subject.spans(2..=2).flush() {}
    assert_eq!(receiver.call().spans()[0].span_id[7], 2);
    assert_eq!(subject.counts().2, 0);
}

#[test]
fn a_server_of_something_else_gets_nothing_and_is_said_to() {
    let receiver = Receiver::answering([Answer::status(404, [])]);
    let mut subject = subject(receiver.endpoint(), |config| (config.retries, config.timeout) = (0, PATIENCE));
    assert!(!subject.spans(1..=1).flush());
    assert_eq!(subject.counts(), (0, 0, 1));
    assert_eq!(subject.end().len(), 1);
}

#[test]
fn metrics_are_sent_too() {
    let receiver = GrpcReceiver::answering([]);
    let mut config = MetricsConfig::default();
    config.otlp.endpoint = receiver.endpoint();
    (config.otlp.protocol, config.otlp.timeout) = (Protocol::Grpc, PATIENCE);
    let mut sink = MetricsSink::new(config, &Resource::new("shop"), Arc::default());
    let chat =
        Shape::new(&CHAT, 1).with("gen_ai.operation.name", "chat").with("gen_ai.usage.input_tokens", 5);
    chat.view(|span| sink.span(span));
    assert!(sink.flush(PATIENCE));
    let call = receiver.call();
    let [metrics] = &call.metrics.resource_metrics[..] else { panic!("one resource: {call:?}") };
    let names: Vec<_> = metrics.scope_metrics[0].metrics.iter().map(|metric| &*metric.name).collect();
    assert!(names.contains(&"gen_ai.client.token.usage"), "{names:?}");
}

fn path(name: &str) -> String {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/otlp_tls_certificates");
    folder.join(name).to_str().expect("a path of this repository").to_owned()
}

fn pem(name: &str) -> String {
    std::fs::read_to_string(path(name)).expect("a certificate")
}

/// Sends a span with the certificates that variables name, and returns what was said.
fn send(receiver: &GrpcReceiver, variables: &[(&str, &str)]) -> (bool, Vec<String>) {
    let find = |name: &str| match name {
        "OTEL_EXPORTER_OTLP_PROTOCOL" => Some("grpc".to_owned()),
        _ => variables.iter().find(|(known, _)| *known == name).map(|(_, file)| path(file)),
    };
    let (mut of_env, issues) = OtlpConfig::from_env(find);
    assert_eq!(issues, []);
    of_env.endpoint = receiver.endpoint();
    (of_env.first_retry, of_env.retries, of_env.timeout) = (Duration::from_millis(1), 1, PATIENCE);
    let mut subject = Subject::new(String::new(), |config| *config = of_env);
    let succeeded = subject.spans(1..=1).flush();
    (succeeded, subject.end())
}

const AUTHORITY: (&str, &str) = ("OTEL_EXPORTER_OTLP_CERTIFICATE", "authority.pem");
const CLIENT: [(&str, &str); 2] = [
    ("OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE", "client.pem"),
    ("OTEL_EXPORTER_OTLP_TRACES_CLIENT_KEY", "client-key.pem"),
];

#[test]
fn certificates_are_used_as_over_http() {
    let identity = Identity::from_pem(pem("server.pem"), pem("server-key.pem"));
    let receiver = GrpcReceiver::answering_tls(ServerTlsConfig::new().identity(identity.clone()));
    assert_eq!(send(&receiver, &[AUTHORITY]), (true, Vec::new()));
    let (succeeded, said) = send(&receiver, &[]);
    assert!(!succeeded, "the authority is unknown");
    assert!(said.len() == 1 && said[0].contains("OTEL_EXPORTER_OTLP_CERTIFICATE"), "{said:?}");
    assert_eq!(receiver.rest().len(), 1);

    let asks =
        ServerTlsConfig::new().identity(identity).client_ca_root(Certificate::from_pem(pem("authority.pem")));
    let receiver = GrpcReceiver::answering_tls(asks);
    assert_eq!(send(&receiver, &[AUTHORITY, CLIENT[0], CLIENT[1]]), (true, Vec::new()));
    assert!(!send(&receiver, &[AUTHORITY]).0);
    assert_eq!(receiver.rest().len(), 1);
}

#[test]
fn what_is_malformed_is_said_by_what_is_wrong_with_it() {
    let refused = |endpoint: &str, certificates: Option<&str>| {
        let mut config = OtlpConfig::speaking(Protocol::Grpc);
        endpoint.clone_into(&mut config.endpoint);
        config.root_certificates = certificates.map(Into::into);
        OtlpSink::start(config, &Resource::new("shop"), Arc::default()).map(drop).unwrap_err().to_string()
    };
    let pem = "-----BEGIN CERTIFICATE-----\nno tea\n-----END CERTIFICATE-----\n";
    assert_eq!(refused("two words", None), "invalid uri character");
    assert_eq!(refused("https://collector:4317", Some(pem)), "Error parsing TLS certificate.");
}
