//! OTLP as JSON: read by the OpenTelemetry project's own types it is what protobuf is, and so are the answers.

use std::sync::Arc;

use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use serde_json::{Value, json};
use throughline::export::otlp::{Compression, MetricsConfig, MetricsSink, Protocol, Resource};
use throughline::span::{Callsite, Dropped, Kind, LinkView, Outcome, Sink, ValueView};
use throughline::{Flags, SpanId, TraceId};
use throughline_tests::otlp::{self, Event, Shape, Typed};
use throughline_tests::receiver::{Answer, Receiver, Request};
use throughline_tests::sending::{PATIENCE, Subject};

static CODE: Callsite = Callsite::new("checkout", "shop::cart", "src/cart.rs", 17, &[]);
static SERVER: Callsite = Callsite::new("I'm a server span", "", "", 0, &[]).with_kind(Kind::Server);
static CONSTANTS: Callsite = Callsite::new("chat", "shop::llm", "src/llm.rs", 300, &[])
    .with_kind(Kind::Client)
    .with_constants(&[("gen_ai.provider.name", ValueView::Str("openai")), ("retries", ValueView::Int(3))]);

/// What is sent of spans by this protocol.
fn sent(protocol: Protocol, shapes: &[Shape]) -> Request {
    let receiver = Receiver::answering([]);
    let mut subject = Subject::new(receiver.endpoint(), |config| {
        (config.protocol, config.batch_bytes) = (protocol, usize::MAX);
    });
    shapes.iter().for_each(|shape| subject.span(shape));
    assert!(subject.flush());
    receiver.request()
}

/// The first span of a request as it stands there.
fn span_of(request: &Request) -> Value {
    let body: Value = serde_json::from_slice(&request.body).expect("JSON");
    body["resourceSpans"][0]["scopeSpans"][0]["spans"][0].clone()
}

#[test]
fn a_request_says_that_it_is_json() {
    let request = sent(Protocol::HttpJson, &[Shape::new(&CODE, 1)]);
    assert_eq!(request.line, "POST /v1/traces HTTP/1.1");
    assert_eq!(request.header("content-type"), Some("application/json"));
    let receiver = Receiver::answering([]);
    let mut subject = Subject::new(receiver.endpoint(), |config| {
        (config.protocol, config.compression) = (Protocol::HttpJson, Compression::Gzip);
    });
    assert!(subject.spans(1..=200).flush());
    let request = receiver.request();
    assert_eq!(request.header("content-encoding"), Some("gzip"));
    assert_eq!(otlp::spans_of_json(&request.content()).len(), 200);
}

/// The official decoder of JSON knows no numbers that are not finite.
fn is_finite(value: &Typed) -> bool {
    match value {
        Typed::Double(number) => number.is_finite(),
        Typed::Array(values) => values.iter().all(is_finite),
        Typed::Bool(_) | Typed::Int(_) | Typed::Str(_) => true,
    }
}

#[test]
fn spans_of_every_shape_are_the_same_as_in_protobuf() {
    let mut shapes: Vec<_> = (0..150)
        .map(|seed| Shape::random(&mut fastrand::Rng::with_seed(seed), &[&CODE, &SERVER, &CONSTANTS]))
        .collect();
    for shape in &mut shapes {
        shape.attributes.retain(|(_, value)| is_finite(value));
        shape.events.iter_mut().for_each(|event| event.attributes.retain(|(_, value)| is_finite(value)));
    }
    let protobuf = otlp::request(&sent(Protocol::HttpProtobuf, &shapes).body);
    let json = otlp::request_of_json(&sent(Protocol::HttpJson, &shapes).body);
    assert_eq!(json.resource_spans[0].scope_spans[0].spans.len(), shapes.len());
    assert_eq!(json, protobuf);
}

#[test]
fn a_span_is_written_as_the_encoding_says() {
    let mut shape = Shape::new(&SERVER, 0xeee1_9b7e_c3c1_b174)
        .with("text", "a \"quoted\"\nline \u{1f980}\u{7}")
        .with("yes", Typed::Bool(false))
        .with("int", i64::MIN)
        .with("zero", 0)
        .with("double", Typed::Double(0.1))
        .with("nan", Typed::Double(f64::NAN))
        .with("infinite", Typed::Double(f64::NEG_INFINITY))
        .with("list", Typed::Array(vec![1.into(), "b".into(), Typed::Double(0.25)]))
        .with("empty", Typed::Array(Vec::new()));
    shape.parent = SpanId::new(0xeee1_9b7e_c3c1_b173);
    shape.trace_state = Some("vendor=opaque".to_owned());
    (shape.outcome, shape.message) = (Outcome::Error, Some("no tea".to_owned()));
    shape.events =
        vec![Event { name: "e".to_owned(), time: 5, attributes: vec![("k".to_owned(), 1.into())] }];
    let trace_id = TraceId::new(0x5b8e_fff7_9803_8103_d269_b633_813f_c60c).expect("not 0");
    shape.links = vec![LinkView { trace_id, span_id: SpanId::new(7).expect("not 0"), flags: Flags::SAMPLED }];
    shape.dropped = Dropped { attributes: 1, events: u32::MAX, links: 3 };
    let body = sent(Protocol::HttpJson, &[shape]).body;
    let expected = concat!(
        r#""spans":[{"traceId":"0af7651916cd43dd8448eb211c80319c","spanId":"eee19b7ec3c1b174","#,
        r#""traceState":"vendor=opaque","parentSpanId":"eee19b7ec3c1b173","flags":259,"#,
        r#""name":"I'm a server span","kind":2,"#,
        r#""startTimeUnixNano":"1700000000000000000","endTimeUnixNano":"1700000000000001500","#,
        r#""attributes":[{"key":"text","value":{"stringValue":"a \"quoted\"\nline "#,
        "\u{1f980}",
        r#"\u0007"}},{"key":"yes","value":{"boolValue":false}},"#,
        r#"{"key":"int","value":{"intValue":"-9223372036854775808"}},{"key":"zero","value":{"intValue":"0"}},"#,
        r#"{"key":"double","value":{"doubleValue":0.1}},{"key":"nan","value":{"doubleValue":"NaN"}},"#,
        r#"{"key":"infinite","value":{"doubleValue":"-Infinity"}},"#,
        r#"{"key":"list","value":{"arrayValue":{"values":["#,
        r#"{"intValue":"1"},{"stringValue":"b"},{"doubleValue":0.25}]}}},"#,
        r#"{"key":"empty","value":{"arrayValue":{"values":[]}}}],"droppedAttributesCount":1,"#,
        r#""events":[{"timeUnixNano":"5","name":"e","attributes":[{"key":"k","value":{"intValue":"1"}}]}],"#,
        r#""droppedEventsCount":4294967295,"#,
        r#""links":[{"traceId":"5b8efff798038103d269b633813fc60c","spanId":"0000000000000007","flags":1}],"#,
        r#""droppedLinksCount":3,"status":{"message":"no tea","code":2}}]}]}]}"#
    );
    let body = String::from_utf8(body).expect("UTF-8");
    let found = body.find(r#""spans":"#).expect("spans");
    assert_eq!(&body[found..], expected);
}

/// `examples/trace.json` of the [protocol](https://github.com/open-telemetry/opentelemetry-proto): its span.
const EXAMPLE: &str = r#"{"traceId": "5B8EFFF798038103D269B633813FC60C", "spanId": "EEE19B7EC3C1B174",
    "parentSpanId": "EEE19B7EC3C1B173", "name": "I'm a server span",
    "startTimeUnixNano": 1544712660000000000, "endTimeUnixNano": 1544712661000000000, "kind": 2,
    "attributes": [{"key": "my.span.attr", "value": {"stringValue": "some value"}}]}"#;

#[test]
fn the_example_of_the_protocol_comes_out_as_it_stands_there() {
    let mut shape = Shape::new(&SERVER, 0xeee1_9b7e_c3c1_b174).with("my.span.attr", "some value");
    shape.trace_id = TraceId::new(0x5b8e_fff7_9803_8103_d269_b633_813f_c60c).expect("not 0");
    shape.parent = SpanId::new(0xeee1_9b7e_c3c1_b173);
    (shape.start, shape.duration) = (1_544_712_660_000_000_000, 1_000_000_000);
    let mut expected: Value = serde_json::from_str(EXAMPLE).expect("JSON");
    // The encoding takes letters of any case in IDs, and numbers as text; flags are newer than the example.
    for id in ["traceId", "spanId", "parentSpanId"] {
        expected[id] = expected[id].as_str().expect("an ID").to_lowercase().into();
    }
    for time in ["startTimeUnixNano", "endTimeUnixNano"] {
        expected[time] = expected[time].to_string().into();
    }
    expected["flags"] = 0x103.into();
    assert_eq!(span_of(&sent(Protocol::HttpJson, &[shape])), expected);
}

#[test]
fn metrics_are_the_same_as_in_protobuf() {
    let sent = |protocol: Protocol| {
        let receiver = Receiver::answering([]);
        let mut config = MetricsConfig::default();
        config.otlp.endpoint = receiver.metrics_endpoint();
        (config.otlp.protocol, config.otlp.timeout) = (protocol, PATIENCE);
        let mut sink = MetricsSink::new(config, &Resource::new("shop"), Arc::default());
        for id in 1..=3 {
            let chat = Shape::new(&CODE, id).with("gen_ai.operation.name", "chat");
            chat.with("gen_ai.usage.input_tokens", 5 * id as i64).view(|span| sink.span(span));
        }
        assert!(sink.flush(PATIENCE));
        receiver.request()
    };
    let json = sent(Protocol::HttpJson);
    assert_eq!(json.line, "POST /v1/metrics HTTP/1.1");
    assert_eq!(json.header("content-type"), Some("application/json"));
    let points = |mut request: ExportMetricsServiceRequest| {
        request.resource_metrics.iter_mut().flat_map(|resource| &mut resource.scope_metrics).for_each(
            |scope| {
                scope.metrics.iter_mut().for_each(without_times);
            },
        );
        request.resource_metrics
    };
    let protobuf = otlp::metrics(&sent(Protocol::HttpProtobuf).body);
    let protobuf = points(ExportMetricsServiceRequest { resource_metrics: protobuf });
    let json: ExportMetricsServiceRequest = serde_json::from_slice(&json.body).expect("OTLP");
    assert_eq!(points(json), protobuf);
    assert!(format!("{protobuf:?}").contains("exemplars: [Exemplar"), "{protobuf:?}");
}

/// Two sinks begin at two moments.
fn without_times(metric: &mut opentelemetry_proto::tonic::metrics::v1::Metric) {
    use opentelemetry_proto::tonic::metrics::v1::metric::Data;
    let Some(Data::Histogram(histogram)) = &mut metric.data else { panic!("no histogram: {metric:?}") };
    for point in &mut histogram.data_points {
        assert!(point.time_unix_nano >= point.start_time_unix_nano && point.start_time_unix_nano > 0);
        (point.start_time_unix_nano, point.time_unix_nano) = (0, 0);
    }
}

fn answered(status: u16, body: &Value) -> Answer {
    let header = "content-type: application/json; charset=utf-8".to_owned();
    Answer::Status(status, vec![header], body.to_string().into())
}

#[test]
fn answers_in_json_are_understood() {
    let partial = json!({"partialSuccess": {"rejectedSpans": "3", "errorMessage": "too old"}});
    let receiver = Receiver::answering([
        answered(200, &partial),
        answered(200, &json!({})),
        answered(503, &json!({"code": 14, "message": "busy"})),
        answered(200, &json!({"partialSuccess": {"rejectedSpans": 1}})),
        answered(400, &json!({"code": 3, "message": "no\nbucket"})),
    ]);
    let mut subject = Subject::new(receiver.endpoint(), |config| config.protocol = Protocol::HttpJson);
    assert!(!subject.spans(1..=5).flush());
    assert_eq!(subject.counts(), (2, 0, 3));
    assert!(subject.spans(6..=6).flush());
    assert_eq!(subject.counts(), (3, 0, 3));
    assert!(!subject.spans(7..=8).flush(), "one of two is rejected, at the second try");
    assert_eq!(subject.counts(), (4, 0, 4));
    assert!(!subject.spans(9..=9).flush());
    assert_eq!(subject.counts(), (4, 0, 5));
    let said = subject.end().join("\n");
    assert!(said.contains("3 were rejected") && said.contains("too old"), "{said}");
    assert!(said.contains("HTTP status 400 Bad Request: no bucket"), "{said}");
    assert_eq!(receiver.rest().len(), 5);
}

#[test]
fn answers_that_are_no_json_cost_nothing() {
    let nonsense =
        |status| Answer::Status(status, vec!["content-type: application/json".to_owned()], b"<html>".into());
    let receiver = Receiver::answering([nonsense(200), nonsense(400)]);
    let mut subject = Subject::new(receiver.endpoint(), |config| config.protocol = Protocol::HttpJson);
    assert!(subject.spans(1..=1).flush());
    assert!(!subject.spans(2..=2).flush());
    assert!(subject.end()[0].contains("<html>"));
}
