//! How spans come to Zipkin, and what is done about its answers.

use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use throughline::export::otlp::{Compression, Resource};
use throughline::export::zipkin::{ZipkinConfig, ZipkinSink};
use throughline::init::{Config, Exporter};
use throughline_tests::otlp::Shape;
use throughline_tests::receiver::{Answer, Nobody, Receiver};
use throughline_tests::sending::{PATIENCE, Subject};

pub(crate) fn subject(endpoint: String, change: impl FnOnce(&mut ZipkinConfig)) -> Subject {
    let mut config = ZipkinConfig::default();
    config.http.endpoint = endpoint;
    (config.http.timeout, config.http.first_retry) = (PATIENCE, Duration::from_millis(1));
    change(&mut config);
    let mut resource = Resource::new("shop");
    resource.set("service.namespace", "market");
    Subject::of(|counters, say| ZipkinSink::start_saying(config, &resource, counters, say).expect("a sink"))
}

/// The body of the request that spans become.
pub(crate) fn sent(shapes: &[Shape]) -> Vec<u8> {
    let receiver = Receiver::answering([]);
    let mut subject = subject(receiver.endpoint(), |config| config.http.batch_bytes = usize::MAX);
    shapes.iter().for_each(|shape| subject.span(shape));
    assert!(subject.flush());
    receiver.request().body
}

#[test]
fn a_request_is_a_list_in_json() {
    let receiver = Receiver::answering([Answer::status(202, [])]);
    let mut subject = subject(receiver.endpoint(), |config| {
        config.http.compression = Compression::Gzip;
        config.http.headers = vec![("x-key".to_owned(), "secret".to_owned())];
    });
    assert!(subject.spans(1..=30).flush());
    let request = receiver.request();
    assert_eq!(request.header("content-type"), Some("application/json"));
    assert_eq!(request.header("content-encoding"), Some("gzip"));
    assert_eq!(request.header("x-key"), Some("secret"));
    let spans: Vec<Value> = serde_json::from_slice(&request.content()).expect("JSON");
    assert_eq!(spans.len(), 30);
    assert_eq!(subject.counts(), (30, 0, 0));
    assert_eq!(subject.end(), [""; 0]);
}

#[test]
fn answers_are_treated_as_those_to_otlp() {
    let receiver = Receiver::answering([503, 429, 202, 400, 404].map(|status| Answer::status(status, [])));
    let mut subject = subject(receiver.endpoint(), |_| {});
    assert!(subject.spans(1..=2).flush());
    assert!(!subject.spans(3..=5).flush());
    assert!(!subject.spans(6..=6).flush());
    assert_eq!(subject.counts(), (2, 0, 4));
    let said = subject.end().join("\n");
    assert!(said.contains("OTEL_EXPORTER_ZIPKIN_ENDPOINT") && said.contains("3 spans"), "{said}");
    assert_eq!(receiver.rest().len(), 5);
}

#[test]
fn without_a_server_the_advice_is_zipkins() {
    let nobody = Nobody::new();
    let mut subject = subject(nobody.url(), |config| config.http.retries = 0);
    assert!(!subject.spans(1..=1).flush());
    let said = subject.end();
    assert!(said.len() == 1 && said[0].contains("OTEL_EXPORTER_ZIPKIN_ENDPOINT"), "{said:?}");
}

#[test]
fn variables_say_where_it_is() {
    let read = |variables: &[(&str, &str)]| {
        let find = |name: &str| {
            let found = variables.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        Config::from_env(find)
    };
    let config = read(&[
        ("OTEL_TRACES_EXPORTER", "zipkin,otlp"),
        ("OTEL_EXPORTER_ZIPKIN_ENDPOINT", "https://zipkin/api/v2/spans"),
        ("OTEL_EXPORTER_ZIPKIN_TIMEOUT", "2500"),
        ("OTEL_EXPORTER_OTLP_HEADERS", "key=for-another"),
        ("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "7"),
    ]);
    assert_eq!(config.problems, []);
    assert_eq!(config.exporters, Some(vec![Exporter::Zipkin, Exporter::Otlp]));
    let zipkin = config.backend.zipkin.http;
    assert_eq!(
        (&*zipkin.endpoint, zipkin.timeout),
        ("https://zipkin/api/v2/spans", Duration::from_millis(2500))
    );
    assert_eq!((zipkin.headers, zipkin.batch_spans), (Vec::new(), 7));

    let config =
        read(&[("OTEL_EXPORTER_ZIPKIN_ENDPOINT", "zipkin:9411"), ("OTEL_BSP_SCHEDULE_DELAY", "soon")]);
    assert_eq!(config.backend.zipkin.http.endpoint, "http://localhost:9411/api/v2/spans");
    let problems: Vec<_> = config.problems.iter().map(ToString::to_string).collect();
    assert_eq!(problems.len(), 2, "what is about several exporters is said once: {problems:?}");
    assert!(problems[1].ends_with("http://localhost:9411/api/v2/spans is used"), "{problems:?}");
}

#[test]
fn counters_are_those_of_spans() {
    let receiver = Receiver::answering([]);
    let counters = Arc::new(throughline::stats::Counters::default());
    let mut config = ZipkinConfig::default();
    config.http.endpoint = receiver.endpoint();
    let sink = ZipkinSink::start(config, &Resource::new("shop"), Arc::clone(&counters)).expect("a sink");
    let pipeline =
        throughline::Pipeline::builder().counters(counters).sink(sink).start().expect("a pipeline");
    let entered = pipeline.enter();
    throughline::span!("work").in_scope(|| ());
    drop(entered);
    assert!(pipeline.flush(PATIENCE));
    assert_eq!((pipeline.stats().exported, pipeline.stats().dropped_spans()), (1, 0));
}
