//! `rag serve` as a client sees it, in its log lines, and in the root that it exported.

use opentelemetry_proto::tonic::trace::v1::Span;
use opentelemetry_proto::tonic::trace::v1::span::SpanKind;
use reqwest::header::HeaderMap;
use serde_json::{Value, json};
use throughline_tests::otlp::hex;
use throughline_tests::rag::received::text;
use throughline_tests::rag::{Program, Received, Server};
use throughline_tests::receiver::Receiver;
use throughline_tests::wire::client;

/// What one request came to.
struct Asked {
    status: u16,
    headers: HeaderMap,
    body: Value,
    /// All that the process wrote to stdout: lines of this one request.
    lines: Vec<Value>,
    received: Received,
}

/// Starts the service, sends it one request with these headers, and stops it.
fn ask(headers: &[(&'static str, &str)], body: &str) -> Asked {
    let receiver = Receiver::answering([]);
    let args = ["--first-token-delay", "0", "serve", "--port", "0"];
    let server = Program::new(&args).otlp(&receiver.endpoint()).serve();
    let (status, headers, body) = post(&server, headers, body);
    let run = server.interrupt().success();
    let lines = run.json_lines();
    assert_eq!(lines.len(), run.stdout.lines().count(), "nothing but log lines: {}", run.stdout);
    assert_eq!(run.stderr, "");
    Asked { status, headers, body, lines, received: Received::by(&receiver) }
}

#[tokio::main(flavor = "current_thread")]
async fn post(server: &Server, headers: &[(&'static str, &str)], body: &str) -> (u16, HeaderMap, Value) {
    let mut request = client().post(server.url("/ask")).header("content-type", "application/json");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let response = request.body(body.to_owned()).send().await.expect("a response");
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let body = response.text().await.expect("a body");
    (status, headers, serde_json::from_str(&body).unwrap_or(Value::String(body)))
}

fn question() -> String {
    json!({"question": "Which ownership rules should I keep in mind?"}).to_string()
}

impl Asked {
    /// The one root of the run, which has this ID, as every line has that the process wrote.
    #[track_caller]
    fn root(&self, request_id: &str) -> &Span {
        let root = self.received.root_of(request_id);
        assert_eq!(self.received.roots().len(), 1, "{}", self.received.forest());
        assert_eq!(root.kind(), SpanKind::Server);
        for line in &self.lines {
            assert_eq!(line["request_id"], request_id, "{line}");
            assert_eq!(line["trace_id"], hex(&root.trace_id), "{line}");
            let is_its = |span: &Span| hex(&span.span_id) == line["span_id"];
            assert!(self.received.spans().iter().any(is_its), "{line}");
        }
        root
    }

    /// The messages of an answer, in whatever order the last two come.
    #[track_caller]
    fn check_answered(&self) {
        assert_eq!(self.status, 200, "{}", self.body);
        let mut messages: Vec<_> = self.lines.iter().filter_map(|line| line["message"].as_str()).collect();
        messages.sort_unstable();
        assert_eq!(messages, ["feedback recorded", "request", "retrieved"]);
    }

    #[track_caller]
    fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .unwrap_or_else(|| panic!("no {name} in {:?}", self.headers))
            .to_str()
            .expect("text")
    }
}

#[test]
fn a_request_with_an_id_and_a_trace_keeps_both_everywhere() {
    let headers = [
        ("x-request-id", "req-abc"),
        ("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"),
    ];
    let asked = ask(&headers, &question());
    asked.check_answered();
    assert_eq!(asked.header("x-request-id"), "req-abc");
    assert_eq!(asked.body["request_id"], "req-abc");
    let root = asked.root("req-abc");
    assert_eq!(hex(&root.trace_id), "4bf92f3577b34da6a3ce929d0e0e4736");
    assert_eq!(hex(&root.parent_span_id), "00f067aa0ba902b7");
}

#[test]
fn an_id_under_another_known_name_is_echoed_under_that_name() {
    let asked = ask(&[("x-trace-id", "trace-7:9.a_b")], &question());
    asked.check_answered();
    assert_eq!(asked.header("x-trace-id"), "trace-7:9.a_b");
    assert!(asked.headers.get("x-request-id").is_none(), "{:?}", asked.headers);
    assert_eq!(asked.body["request_id"], "trace-7:9.a_b");
    assert!(asked.root("trace-7:9.a_b").parent_span_id.is_empty());
}

#[test]
fn an_id_of_five_hundred_characters_is_replaced() {
    let long = "a".repeat(500);
    let asked = ask(&[("x-request-id", &long)], &question());
    asked.check_answered();
    let given = asked.header("x-request-id");
    assert!(given.len() <= 128 && given != &long[..given.len()], "{given}");
    assert_eq!(asked.body["request_id"], given);
    let root = asked.root(given);
    assert_eq!(text(root, "request.id.replaced"), Some(&long[..128]), "cut, to find the client by");
}

#[test]
fn a_request_without_an_id_gets_one() {
    let asked = ask(&[], &question());
    asked.check_answered();
    let given = asked.header("x-request-id");
    assert!(given.starts_with("req-"), "{given}");
    let root = asked.root(given);
    assert_eq!(given.trim_start_matches("req-").replace('-', ""), hex(&root.trace_id));
}

#[test]
fn a_question_that_cannot_be_read_is_refused_under_its_request_id() {
    for (body, status) in [("{", 400), ("{}", 422), (r#"{"question": " "}"#, 400)] {
        let asked = ask(&[("x-request-id", "req-bad")], body);
        assert_eq!(asked.status, status, "{body}");
        assert_eq!(asked.header("x-request-id"), "req-bad");
        let root = asked.received.root_of("req-bad");
        assert_eq!(
            asked.received.tree(root),
            "POST /ask (server)\n",
            "the client's mistake is not an error of ours"
        );
        assert_eq!(text(root, "http.route"), Some("/ask"));
    }
}

#[test]
fn a_port_that_is_taken_is_said_in_one_sentence() {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
    let port = listener.local_addr().expect("an address").port().to_string();
    let run = Program::new(&["serve", "--port", &port]).run();
    assert_eq!(run.status.code(), Some(1));
    assert!(run.stderr.starts_with(&format!("rag: cannot listen on 127.0.0.1:{port}: ")), "{}", run.stderr);
    assert_eq!(run.stderr.lines().count(), 1, "{}", run.stderr);
}
