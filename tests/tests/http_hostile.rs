//! Requests with the strangest headers that HTTP admits: what a server makes of them, records, logs, answers and sends on
//! with a request of its own, byte by byte.

use std::cell::RefCell;
use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::sync::Once;

use http::{Request, Response};
use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use hyper_util::service::TowerToHyperService;
use serde_json::Value;
use throughline::http::ServerLayer;
use throughline::testing::{SpanRecord, Trace};
use throughline_reqwest::RequestBuilderExt;
use throughline_tests::recorded::recorded;
use throughline_tests::wire::{Head, client, exchange, mirror};
use tokio::net::TcpListener;
use tower::{Layer, service_fn};
use tracing_subscriber::prelude::*;

/// What the server of these tests takes: more headers than the usual 100, as one behind a proxy may be set up.
const MOST_HEADERS: usize = 1_000;
/// The bytes of all headers and the line before them, which are hyper's usual limit.
const LARGEST_HEAD: usize = 8192 + 4096 * 100;

/// Logs a line, sends a request of its own, and answers with the bytes of that.
async fn pass_on(request: Request<Incoming>, next: SocketAddr) -> Response<Full<Bytes>> {
    let agent = request.headers().get("user-agent").map(|agent| String::from_utf8_lossy(agent.as_bytes()));
    tracing::info!(agent = agent.as_deref(), user = throughline::baggage::get("user"), "passing on");
    let answer = client().get(format!("http://{next}/")).send_traced().await.unwrap();
    Response::new(Full::new(answer.bytes().await.unwrap()))
}

/// A server of hyper behind the layer.
async fn serve() -> SocketAddr {
    let next = mirror().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let handler = service_fn(move |request| async move { Ok::<_, Infallible>(pass_on(request, next).await) });
    let service = TowerToHyperService::new(ServerLayer::new().layer(handler));
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let service = service.clone();
            tokio::spawn(async move {
                let mut server = auto::Builder::new(TokioExecutor::new());
                server.http1().max_headers(MOST_HEADERS).max_buf_size(LARGEST_HEAD);
                let _ = server.serve_connection(TokioIo::new(stream), service).await;
            });
        }
    });
    address
}

thread_local! {
    static LOGGED: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// Writes what the thread logs.
struct OfThread;

impl io::Write for OfThread {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        LOGGED.with_borrow_mut(|logged| logged.extend_from_slice(bytes));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// One subscriber for all tests, and before the first request of any: one that comes while others log can be missed by
/// callsites that are just being registered.
fn keep_lines() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let layer = throughline::logs::JsonLayer::new().with_writer(|| OfThread);
        let layer = layer.with_filter(tracing_subscriber::filter::LevelFilter::INFO);
        tracing::subscriber::set_global_default(tracing_subscriber::registry().with(layer)).unwrap();
    });
    LOGGED.take();
}

/// What became of a request.
struct Seen {
    request_id: String,
    server: SpanRecord,
    trace: Trace,
    answered: Head,
    /// What the server sent on.
    sent: Head,
    /// The line of the handler, and the one at the end.
    lines: [Value; 2],
}

impl Seen {
    fn attribute(&self, key: &str) -> Option<String> {
        self.server.attribute(key).map(|value| value.as_str().unwrap().to_owned())
    }
}

/// Sends a request with these header lines; what holds of every request is checked.
fn send(request_line: &str, headers: &[&[u8]]) -> Seen {
    keep_lines();
    recorded(async |recorder| {
        let answered = exchange(serve().await, request_line, headers).await;
        assert_eq!(answered.status(), 200, "{answered:?}");
        let trace = recorder.take();
        let server = trace.root().record().clone();
        let sent = Head::parse(&answered.body);
        let request_id = sent.get("x-request-id").unwrap().to_owned();
        assert_eq!(answered.get("x-request-id"), Some(&*request_id), "what is sent on comes back");
        assert_eq!(server.attribute("request.id"), Some(request_id.as_str().into()));
        let client = trace.spans().find(|span| span.parent_id() == Some(server.span_id())).unwrap();
        let parent = format!("00-{}-{}-", server.trace_id(), client.span_id());
        assert!(sent.get("traceparent").unwrap().starts_with(&parent), "{sent:?}");
        for (name, value) in &sent.headers {
            assert!(value.bytes().all(|byte| matches!(byte, b' '..=b'~')), "{name}: {value:?}");
        }
        let names: Vec<&str> = sent.headers.iter().map(|(name, _)| name.as_str()).collect();
        let known = ["host", "accept", "traceparent", "tracestate", "baggage", "x-request-id"];
        assert!(names.iter().all(|name| known.contains(name)), "{names:?}");

        let logged = String::from_utf8(LOGGED.take()).unwrap();
        let lines: Vec<Value> = logged.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let [handler, end] = <[Value; 2]>::try_from(lines).unwrap_or_else(|lines| panic!("{lines:?}"));
        for line in [&handler, &end] {
            assert_eq!((&line["request_id"], &line["level"]), (&request_id.as_str().into(), &"INFO".into()));
            assert_eq!(line["trace_id"], server.trace_id().to_string());
        }
        assert_eq!((&handler["message"], &end["message"]), (&"passing on".into(), &"request".into()));
        Seen { request_id, server, trace, answered, sent, lines: [handler, end] }
    })
}

const PARENT: &str = "traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

fn line(name: &str, value: &[u8]) -> Vec<u8> {
    [name.as_bytes(), b": ", value].concat()
}

#[test]
fn bytes_that_are_no_text_are_recorded_escaped_and_go_no_further() {
    let seen = send(
        "GET /%00%0d%0a%22%7d?a=%ff",
        &[
            &line("x-request-id", b"req\xff\t{\"level\":\"ERROR\"}"),
            &line("traceparent", b"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\x80"),
            &line("tracestate", b"\xff=1"),
            &line("baggage", b"user=%0A%22%7D%1B[31m%FF,bad=\xff,\xc3\xa9=1,quote=\"x\""),
            &line("user-agent", b"\xff\"}\t{\"request_id\":\"req-forged\"}"),
        ],
    );
    assert!(seen.request_id.starts_with("req-"));
    assert_eq!(seen.attribute("request.id.replaced").unwrap(), r#"req\xff\t{\"level\":\"ERROR\"}"#);
    assert_eq!((seen.server.parent_id(), seen.attribute("user_agent.original")), (None, None));
    assert_eq!(seen.attribute("url.path").unwrap(), "/%00%0d%0a%22%7d");
    assert_eq!(seen.sent.get("tracestate"), None);
    assert_eq!(seen.sent.get("baggage"), Some("user=%0A%22}%1B[31m%EF%BF%BD"));
    assert_eq!(seen.lines[0]["user"], "\n\"}\u{1b}[31m\u{fffd}");
    assert_eq!(seen.lines[0]["agent"], "\u{fffd}\"}\t{\"request_id\":\"req-forged\"}");
    assert_eq!(seen.trace.len(), 2);
}

#[test]
fn hosts_and_methods_that_are_none_do_no_harm() {
    for host in ["[", "[::1", "]:80", "::::", "a:99999", "@", "a@b:c@", "", "\"}{", "%00", ":8080"] {
        // The client has sent one before.
        let seen = send("GET /", &[&line("host", host.as_bytes())]);
        assert_eq!(seen.attribute("server.address").as_deref(), Some("127.0.0.1"), "{host:?}");
        let seen = send(&format!("GET http://127.0.0.1:1/{}", host.len()), &[]);
        assert_eq!(seen.server.attribute("server.port"), Some(1.into()));
    }
    for method in ["X", "GET!#$%&'*+-.^_`|~", &"M".repeat(10_000)] {
        let seen = send(&format!("{method} /"), &[]);
        assert_eq!(
            (seen.server.name(), seen.attribute("http.request.method").as_deref()),
            ("HTTP", Some("_OTHER"))
        );
        assert_eq!(seen.attribute("http.request.method_original").as_deref(), Some(method));
        assert_eq!(seen.lines[1]["method"], method);
    }
}

#[test]
fn headers_that_come_many_times_are_none_or_one_list() {
    let mut headers = vec![PARENT.as_bytes(); 2];
    headers.extend([&b"x-request-id: one"[..]; 490]);
    headers.extend([&b"baggage: user=ada"[..]; 250]);
    headers.extend([&b"tracestate: a=1"[..]; 250]);
    let seen = send("GET /", &headers);
    assert_eq!(headers.len() + 2, 994, "with those of every request: nearly as many as the server takes");
    let replaced = seen.attribute("request.id.replaced").unwrap();
    assert_eq!(replaced, "one,".repeat(32));
    assert_eq!(seen.server.parent_id(), None);
    assert_eq!(seen.sent.get("tracestate"), None);
    assert_eq!(seen.sent.get("baggage"), Some("user=ada"));
}

#[test]
fn a_head_as_large_as_the_server_takes_is_cut_to_what_others_take() {
    let around =
        format!("GET / HTTP/1.1\r\nhost: 127.0.0.1:65535\r\nconnection: close\r\n{PARENT}\r\n\r\n").len();
    let room = LARGEST_HEAD - around - 4_000;
    let members = |member: &str| member.repeat(room / 4 / member.len());
    let [id, state, baggage, agent] = [
        line("x-request-id", members("x").as_bytes()),
        line(
            "tracestate",
            (0..32).map(|n| format!("{n}={},", "v".repeat(256))).collect::<String>().as_bytes(),
        ),
        line("baggage", members("user=ada,").as_bytes()),
        line("user-agent", members("y").as_bytes()),
    ];
    let headers = [PARENT.as_bytes(), &id, &state, &baggage, &agent];
    let seen = send("GET /", &headers);
    assert_eq!(seen.attribute("request.id.replaced").unwrap(), "x".repeat(128));
    assert_eq!(seen.server.parent_id().unwrap().to_string(), "00f067aa0ba902b7");
    assert_eq!(
        seen.attribute("user_agent.original").unwrap().len(),
        64 << 10,
        "values of attributes are cut"
    );
    let sent: usize = seen.sent.headers.iter().map(|(name, value)| name.len() + value.len()).sum();
    assert!((4_000..14_000).contains(&sent), "{sent} bytes are sent on");
    assert!(seen.answered.headers.iter().all(|(_, value)| value.len() <= 128));
    assert!(seen.lines[1].to_string().len() < 1 << 10, "{}", seen.lines[1]);

    // Nobody takes more: hyper answers such a request by itself.
    let more = line("x-more", &vec![b'z'; room]);
    recorded(async |recorder| {
        let answered = exchange(serve().await, "GET /", &[&headers[..], &[&more]].concat()).await;
        assert_eq!(answered.status(), 431);
        assert!(recorder.take().is_empty());
    });
}
