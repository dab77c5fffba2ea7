//! One request through services in Rust and in Python, over HTTP and RabbitMQ. Those in Python are written as such
//! services are, and know nothing of this project.

#[path = "python_interop/program.rs"]
mod program;
#[path = "python_interop/rust.rs"]
mod rust;

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use opentelemetry_proto::tonic::trace::v1::Span;
use opentelemetry_proto::tonic::trace::v1::span::SpanKind;
use program::{Program, interpreter};
use serde_json::Value;
use throughline::testing::SpanRecord;
use throughline_test_servers::RabbitMq;
use throughline_tests::lines::Lines;
use throughline_tests::otlp;
use throughline_tests::receiver::Receiver;
use throughline_tests::recorded::{Recorder, recorded};
use throughline_tests::wire::exchange;

/// The variable that switches OpenTelemetry's instrumentation on.
const ENDPOINT: &str = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT";

/// The tests use the same queues, and so one of them waits for the other.
static QUEUES: Mutex<()> = Mutex::new(());

/// What a request left behind.
struct Outcome {
    /// Of the services in Rust.
    lines: Vec<Value>,
    /// Of the services in Python.
    python_lines: Vec<Value>,
    /// What the client saw.
    request_id: String,
    /// They are still to send their last spans.
    _running: Vec<Program>,
}

impl Outcome {
    #[track_caller]
    fn assert_one_request_id(&self, rust: &[&str], python: &[&str]) {
        let texts = |lines: &[Value], key: &str| -> BTreeSet<String> {
            lines.iter().map(|line| line[key].as_str().unwrap_or("none").to_owned()).collect()
        };
        let (rust_texts, python_texts) = (texts(&self.lines, "message"), texts(&self.python_lines, "event"));
        assert!(rust.iter().all(|text| rust_texts.contains(*text)), "{rust_texts:?}");
        assert!(python.iter().all(|text| python_texts.contains(*text)), "{python_texts:?}");
        let one = BTreeSet::from([self.request_id.clone()]);
        assert_eq!(texts(&self.lines, "request_id"), one, "{:?}", self.lines);
        assert_eq!(texts(&self.python_lines, "request_id"), one, "{:?}", self.python_lines);
    }
}

/// Gateway (Rust) -> orders (Python) -> stock (Rust), and by RabbitMQ -> worker (Rust).
async fn order(python: &Path, broker: &RabbitMq, variables: &[(&str, &str)]) -> Outcome {
    let lines = Lines::default();
    let _subscribed = rust::subscribe(&lines);
    let (connection, channel) = rust::channel(broker).await;
    let mut consumer = rust::consume(&channel, "orders").await;
    let stock = format!("http://{}", rust::stock().await);
    let uri = broker.uri();
    let variables = [variables, &[("AMQP_URL", &uri), ("STOCK_URL", &stock)]].concat();
    let mut service = Program::start(python, "service.py", &variables);
    let port = service.line("listening").await["port"].as_u64().unwrap();
    let gateway = rust::gateway(SocketAddr::from(([127, 0, 0, 1], port.try_into().unwrap()))).await;

    let answer = exchange(gateway, "POST /orders/tea", &[b"content-length: 0"]).await;
    assert_eq!((answer.status(), answer.body.as_str()), (200, r#"{"stock":"7"}"#));
    let python_lines = vec![service.line("order received").await, service.line("order queued").await];
    rust::work(&mut consumer).await;
    connection.close(200, "done".into()).await.unwrap();
    let request_id = answer.get("x-request-id").unwrap().to_owned();
    Outcome { lines: lines.take_json(), python_lines, request_id, _running: vec![service] }
}

/// Client (Python) -> shipments (Rust), and by RabbitMQ -> consumer (Python).
async fn ship(python: &Path, broker: &RabbitMq, variables: &[(&str, &str)]) -> Outcome {
    let lines = Lines::default();
    let _subscribed = rust::subscribe(&lines);
    let uri = broker.uri();
    let mut consumer = Program::start(python, "consumer.py", &[variables, &[("AMQP_URL", &uri)]].concat());
    consumer.line("consuming").await;
    let (connection, channel) = rust::channel(broker).await;
    let shop = format!("http://{}", rust::shipments(channel).await);
    let mut client = Program::start(python, "client.py", &[variables, &[("SHOP_URL", &shop)]].concat());
    let python_lines = vec![
        client.line("placing order").await,
        client.line("order placed").await,
        consumer.line("packed").await,
    ];
    connection.close(200, "done".into()).await.unwrap();
    assert_eq!((&python_lines[1]["status"], &python_lines[2]["item"]), (&202.into(), &"tea".into()));
    let request_id = python_lines[1]["answered"].as_str().unwrap().to_owned();
    Outcome { lines: lines.take_json(), python_lines, request_id, _running: vec![consumer, client] }
}

/// Spans of the services in Python, as soon as there is one of each of these kinds.
fn exported<const COUNT: usize>(collector: &Receiver, kinds: [SpanKind; COUNT]) -> [Span; COUNT] {
    let mut spans = Vec::new();
    let find = |spans: &[Span], kind: SpanKind| spans.iter().find(|span| span.kind() == kind).cloned();
    while kinds.iter().any(|kind| find(&spans, *kind).is_none()) {
        spans.extend(otlp::spans(&collector.request().content()));
    }
    kinds.map(|kind| find(&spans, kind).expect("one of each"))
}

/// Trace and span, in OTLP's words.
fn ids(span: &SpanRecord) -> (String, String) {
    (span.trace_id().to_string(), span.span_id().to_string())
}

/// The trace and the parent of a span of Python's.
fn parent(span: &Span) -> (String, String) {
    (otlp::hex(&span.trace_id), otlp::hex(&span.parent_span_id))
}

/// Whether `child` of ours is in the trace of `parent`, and its child.
#[track_caller]
fn assert_child(recorder: &Recorder, child: &str, parent: &Span) {
    let spans = recorder.spans();
    let child = spans.span(child);
    let found = (child.trace_id().to_string(), child.parent_id().map(|id| id.to_string()));
    assert_eq!(found, (otlp::hex(&parent.trace_id), Some(otlp::hex(&parent.span_id))), "{}", child.name());
}

#[test]
fn an_order_through_rust_and_python_and_back_has_one_request_id() {
    let (Some(python), Some(broker)) = (interpreter(), RabbitMq::shared()) else { return };
    let _alone = QUEUES.lock().unwrap_or_else(PoisonError::into_inner);
    recorded(async |recorder| {
        let outcome = order(&python, broker, &[]).await;
        outcome.assert_one_request_id(
            &["passing on", "counted", "packing"],
            &["order received", "order queued"],
        );
        let spans = recorder.spans();
        // What Python does not pass on: each service of ours begins a trace then.
        assert_ne!(spans.span("process orders").trace_id(), spans.span("POST /orders/{item}").trace_id());

        let outcome = ship(&python, broker, &[]).await;
        assert!(outcome.request_id.starts_with("py-"));
        outcome.assert_one_request_id(&["shipping"], &["placing order", "order placed", "packed"]);
    });
}

#[test]
fn with_opentelemetry_in_python_it_is_one_trace_too() {
    let (Some(python), Some(broker)) = (interpreter(), RabbitMq::shared()) else { return };
    let _alone = QUEUES.lock().unwrap_or_else(PoisonError::into_inner);
    recorded(async |recorder| {
        let collector = Receiver::answering([]);
        let endpoint = collector.endpoint();
        let outcome = order(&python, broker, &[(ENDPOINT, &endpoint)]).await;
        outcome.assert_one_request_id(
            &["passing on", "counted", "packing"],
            &["order received", "order queued"],
        );
        let kinds = [SpanKind::Server, SpanKind::Client, SpanKind::Producer];
        let [served, asked, published] = exported(&collector, kinds);
        let spans = recorder.spans();
        assert_eq!(parent(&served), ids(&spans.span("POST /orders/{item}").child("POST")));
        assert_eq!(parent(&asked), (parent(&served).0, otlp::hex(&served.span_id)));
        assert_child(recorder, "GET /stock/{item}", &asked);
        assert_child(recorder, "process orders", &published);

        let outcome = ship(&python, broker, &[(ENDPOINT, &endpoint)]).await;
        outcome.assert_one_request_id(&["shipping"], &["placing order", "order placed", "packed"]);
        let [placed, packed] = exported(&collector, [SpanKind::Client, SpanKind::Consumer]);
        assert_child(recorder, "POST /shipments/{item}", &placed);
        assert_eq!(parent(&packed), ids(&recorder.spans().span("publish shipments")));
        assert_eq!(parent(&packed).0, otlp::hex(&placed.trace_id));
    });
}
