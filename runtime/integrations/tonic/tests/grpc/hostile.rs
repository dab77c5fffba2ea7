//! The strangest metadata that the transport admits.

use http::header::{HeaderMap, HeaderName, HeaderValue};
use serde_json::Value;
use throughline::testing::Trace;
use throughline_tonic::server_layer;
use tokio::sync::mpsc;
use tokio_stream::wrappers::TcpListenerStream;
use tonic::metadata::MetadataMap;
use tonic::transport::Server;
use tonic::{Request, Response};

use crate::calls::check;
use crate::line::of_calls;
use crate::server::{Talker, caller, endpoint, line, listen, observed, serve};
use crate::talk::Line;
use crate::talk::talk_client::TalkClient;
use crate::talk::talk_server::TalkServer;

/// What became of a call with some metadata.
struct Seen {
    /// The metadata that the handler got.
    got: MetadataMap,
    /// What it sent on with a call of its own.
    sent: MetadataMap,
    trace: Trace,
    /// The lines at the end of both calls: first the inner one.
    lines: Vec<Value>,
}

/// A service that keeps the metadata it gets, and may pass the call on.
fn keeping(kept: mpsc::UnboundedSender<MetadataMap>, next: Option<std::net::SocketAddr>) -> Talker {
    Talker::saying(move |request: Request<Line>| {
        kept.send(request.metadata().clone()).unwrap();
        async move {
            match next {
                Some(next) => caller(next).say(request.into_inner()).await,
                None => Ok(Response::new(request.into_inner())),
            }
        }
    })
}

fn seen(metadata: HeaderMap) -> Seen {
    let (keep, mut kept) = mpsc::unbounded_channel();
    let (answered, trace) = observed(async || {
        let inner = serve(&keeping(keep.clone(), None)).await;
        let (listener, address) = listen().await;
        // As much as can be: the default is 16 KiB.
        let mut server = Server::builder().http2_max_header_list_size(u32::MAX).layer(server_layer());
        let server = server.add_service(TalkServer::new(keeping(keep, Some(inner))));
        tokio::spawn(server.serve_with_incoming(TcpListenerStream::new(listener)));
        let mut request = Request::new(line("hello"));
        *request.metadata_mut() = MetadataMap::from_headers(metadata);
        let answer = TalkClient::new(endpoint(address).connect_lazy()).say(request).await.unwrap();
        assert_eq!(answer.get_ref().text, "hello");
        answer.metadata().clone()
    });
    let (got, sent) = (kept.try_recv().unwrap(), kept.try_recv().unwrap());
    let id = sent.get("x-request-id").unwrap().to_str().unwrap();
    assert_eq!(answered.get("x-request-id").unwrap(), id, "what is sent on comes back");
    let lines = of_calls();
    assert!(lines.len() == 2 && lines.iter().all(|line| line["request_id"] == id), "{lines:?}");
    assert!(trace.spans().all(|span| span.request_id().as_deref() == Some(id)));
    Seen { got, sent, trace, lines }
}

fn headers<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a [u8])>) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in pairs {
        headers.append(name.parse::<HeaderName>().unwrap(), HeaderValue::from_bytes(value).unwrap());
    }
    headers
}

const TRACE: &[u8] = b"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

#[test]
fn bytes_that_are_no_text_are_replaced_and_recorded_escaped() {
    let seen = seen(headers([
        ("x-request-id", &b"req\xff\t\xfe"[..]),
        ("traceparent", b"\xff\x80"),
        ("tracestate", b"\xff=1"),
        ("baggage", b"user=\xff,tenant=acme"),
        ("user-agent", b"\xff"),
    ]));
    let root = seen.trace.root();
    check(&root, &[("request.id.replaced", Some("req\\xff\\t\\xfe".into()))]);
    assert!(seen.sent.get("x-request-id").unwrap().to_str().unwrap().starts_with("req-"));
    let parent = seen.sent.get("traceparent").unwrap().to_str().unwrap();
    assert!(parent.contains(&root.trace_id().to_string()), "{parent}");
    assert_eq!(seen.sent.get("tracestate"), None);
    assert_eq!(seen.sent.get("baggage").unwrap(), "tenant=acme");
    assert_eq!(seen.lines[1]["trace_id"], root.trace_id().to_string());
}

#[test]
fn a_header_that_comes_twice_is_none() {
    let seen = seen(headers([
        ("x-request-id", &b"one"[..]),
        ("x-request-id", b"two"),
        ("traceparent", TRACE),
        ("traceparent", TRACE),
        ("baggage", b"tenant=acme"),
        ("baggage", b"user=7"),
    ]));
    check(&seen.trace.root(), &[("request.id.replaced", Some("one,two".into()))]);
    assert_eq!(seen.trace.root().parent_id(), None);
    assert_eq!(seen.sent.get("baggage").unwrap(), "tenant=acme,user=7", "a list may come in pieces");
}

#[test]
fn binary_metadata_is_the_handlers_own() {
    let seen = seen(headers([
        ("traceparent-bin", &b"AP8="[..]),
        ("x-request-id-bin", b"AP8="),
        ("grpc-trace-bin", b"AP8="),
        ("x-request-id", b"req-abc"),
        ("traceparent", TRACE),
    ]));
    for name in ["traceparent-bin", "x-request-id-bin", "grpc-trace-bin"] {
        assert_eq!(seen.got.get_bin(name).unwrap().to_bytes().unwrap(), &b"\0\xff"[..]);
        assert_eq!(seen.sent.get_bin(name), None);
    }
    assert_eq!(seen.sent.get("x-request-id").unwrap(), "req-abc");
    assert_eq!(seen.trace.root().trace_id().to_string(), "4bf92f3577b34da6a3ce929d0e0e4736");
}

#[test]
fn the_largest_and_most_numerous_values_are_cut_to_what_others_take() {
    let large = vec![b'x'; 1 << 20];
    let list = b"k=v,".repeat(1 << 18);
    let mut metadata = headers([
        ("x-request-id", &large[..]),
        ("tracestate", &list),
        ("baggage", &list),
        ("traceparent", TRACE),
    ]);
    for number in 0..5_000 {
        let name = format!("x-{number}").parse::<HeaderName>().unwrap();
        metadata.append(name, HeaderValue::from_static("value"));
        metadata.append("x-correlation-id", HeaderValue::from_static("value"));
    }
    let seen = seen(metadata);
    assert!(seen.got.len() > 10_000, "all of it came: {}", seen.got.len());
    let root = seen.trace.root();
    check(&root, &[("request.id.replaced", Some("x".repeat(128).into()))]);
    assert_eq!(root.trace_id().to_string(), "4bf92f3577b34da6a3ce929d0e0e4736");
    let size: usize = seen.sent.as_ref().iter().map(|(name, value)| name.as_str().len() + value.len()).sum();
    assert!(size < 16 << 10, "{size} bytes are sent on, more than servers take");
    assert!(seen.lines.iter().all(|line| line.to_string().len() < 1 << 10), "{:?}", seen.lines);
}
