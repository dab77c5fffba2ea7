//! The headers of other tracing systems over real connections: a client sends the bytes, a server behind `ServerLayer`
//! calls another one through `ClientLayer`, which tells the bytes it got.

use std::net::SocketAddr;

use axum::Router;
use axum::body::Body;
use axum::routing::get;
use http::{Request, Response};
use throughline::http::{ClientLayer, ServerLayer};
use throughline::propagation::{Config, Propagators};
use throughline::span::Kind;
use throughline_tests::recorded::recorded;
use throughline_tests::wire::{Head, client, exchange, mirror, serve};
use tower::{Service, ServiceBuilder, service_fn};

const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
const PARENT: &str = "00f067aa0ba902b7";

fn config(names: &str) -> Config {
    let mut config = Config::default();
    config.propagators = Propagators::parse(names).propagators;
    config
}

/// A server that passes every request on, with all headers that it got, and speaks these formats.
async fn passing_on(names: &str) -> SocketAddr {
    let to = mirror().await;
    let send = service_fn(async |request: Request<reqwest::Body>| {
        let request = reqwest::Request::try_from(request)?;
        Ok::<_, reqwest::Error>(Response::<reqwest::Body>::from(client().execute(request).await?))
    });
    let client = ServiceBuilder::new().layer(ClientLayer::new().config(config(names))).service(send);
    let handler = get(async move |headers: http::HeaderMap| {
        let mut request = Request::get(format!("http://{to}/")).body(reqwest::Body::default()).unwrap();
        *request.headers_mut() = headers;
        request.headers_mut().remove("host");
        let response = client.clone().call(request).await.unwrap();
        Body::new(response.into_body())
    });
    serve(Router::new().route("/", handler).layer(ServerLayer::new().config(config(names)))).await
}

/// Sends `headers` to a server that speaks `names`, and has the spans of the server and of its client checked by what was
/// sent on: `ids` makes the headers that have to be there of a trace ID, and the ID of a span in hex and as a number.
fn check(
    names: &str,
    headers: &[&str],
    trace: &str,
    ids: impl Fn(&str, &str, u64) -> Vec<(&'static str, String)>,
) {
    recorded(async |recorder| {
        let server = passing_on(names).await;
        let lines: Vec<&[u8]> = headers.iter().map(|line| line.as_bytes()).collect();
        let response = exchange(server, "GET /", &lines).await;
        let sent_on = Head::parse(&response.body);
        let spans = recorder.take();
        let by_kind = |kind| spans.spans().find(|span| span.kind() == kind).unwrap();
        let (server, client) = (by_kind(Kind::Server), by_kind(Kind::Client));
        assert_eq!(server.trace_id().to_string(), trace, "{names}");
        assert_eq!(server.parent_id().unwrap().to_string(), PARENT, "{names}");
        assert!(server.parent_is_remote());
        server.assert_parent_of(&client);
        let span = client.span_id();
        for (key, value) in ids(trace, &span.to_string(), span.to_u64()) {
            assert_eq!(sent_on.get(key), Some(&*value), "{names}: {key}");
        }
        assert_eq!(sent_on.get("traceparent"), None, "{names}");
        assert_eq!(sent_on.get("x-request-id"), response.get("x-request-id"));
    });
}

#[test]
fn b3_in_one_header() {
    let header = format!("b3: {TRACE}-{PARENT}-1-05e3ac9a4f6e3b90");
    check("b3", &[&header], TRACE, |trace, span, _| vec![("b3", format!("{trace}-{span}-1"))]);
}

#[test]
fn b3_in_several_headers() {
    let headers = [
        &*format!("X-B3-TraceId: {TRACE}"),
        &format!("X-B3-SpanId: {PARENT}"),
        "X-B3-ParentSpanId: 05e3ac9a4f6e3b90",
        "X-B3-Flags: 1",
    ];
    check("b3multi", &headers, TRACE, |trace, span, _| {
        let debug = ("x-b3-flags", "1".to_owned());
        vec![("x-b3-traceid", trace.to_owned()), ("x-b3-spanid", span.to_owned()), debug]
    });
}

#[test]
fn jaeger_with_baggage() {
    let headers = [&*format!("uber-trace-id: {TRACE}:{}:0:1", &PARENT[2..]), "UberCtx-User: Ada%20L"];
    check("jaeger", &headers, TRACE, |trace, span, _| {
        vec![("uber-trace-id", format!("{trace}:{span}:0:1")), ("uberctx-user", "Ada%20L".to_owned())]
    });
}

#[test]
fn xray() {
    let (time, random) = TRACE.split_at(8);
    let header =
        format!("X-Amzn-Trace-Id: Self=1-1-1;Root=1-{time}-{random};Parent={PARENT};Sampled=1;Lineage=a:1");
    check("xray", &[&header], TRACE, move |_, span, _| {
        vec![("x-amzn-trace-id", format!("Root=1-{time}-{random};Parent={span};Sampled=1"))]
    });
}

#[test]
fn ottrace() {
    let headers = [
        &*format!("ot-tracer-traceid: {}", &TRACE[16..]),
        &format!("ot-tracer-spanid: {PARENT}"),
        "ot-tracer-sampled: true",
        "ot-baggage-user: ada",
    ];
    check("ottrace", &headers, &format!("{:0>32}", &TRACE[16..]), |trace, span, _| {
        vec![
            ("ot-tracer-traceid", trace[16..].to_owned()),
            ("ot-tracer-spanid", span.to_owned()),
            ("ot-tracer-sampled", "true".to_owned()),
            ("ot-baggage-user", "ada".to_owned()),
        ]
    });
}

#[test]
fn datadog() {
    let low = u64::from_str_radix(&TRACE[16..], 16).unwrap().to_string();
    let parent = u64::from_str_radix(PARENT, 16).unwrap();
    let headers = [
        &*format!("x-datadog-trace-id: {low}"),
        &format!("x-datadog-parent-id: {parent}"),
        "x-datadog-sampling-priority: 2",
        &format!("x-datadog-tags: _dd.p.dm=-4,_dd.p.tid={}", &TRACE[..16]),
        "x-datadog-origin: rum",
    ];
    check("datadog", &headers, TRACE, |trace, _, span| {
        vec![
            ("x-datadog-trace-id", low.clone()),
            ("x-datadog-parent-id", span.to_string()),
            ("x-datadog-sampling-priority", "2".to_owned()),
            ("x-datadog-tags", format!("_dd.p.tid={},_dd.p.dm=-4", &trace[..16])),
            ("x-datadog-origin", "rum".to_owned()),
        ]
    });
}

#[test]
fn google_cloud() {
    let header = format!("X-Cloud-Trace-Context: {TRACE}/{};o=1", u64::from_str_radix(PARENT, 16).unwrap());
    check("gcp", &[&header], TRACE, |trace, _, span| {
        vec![("x-cloud-trace-context", format!("{trace}/{span};o=1"))]
    });
}

#[test]
fn several_formats_at_once_go_out_together() {
    recorded(async |recorder| {
        let server = passing_on("tracecontext,b3,datadog,baggage").await;
        let parent = format!("traceparent: 00-{TRACE}-{PARENT}-01");
        let lines =
            [parent.as_bytes(), b"b3: nonsense", b"x-datadog-trace-id: \xff\xfe", b"baggage: user=ada"];
        let sent_on = Head::parse(&exchange(server, "GET /", &lines).await.body);
        let spans = recorder.take();
        let client = spans.spans().find(|span| span.kind() == Kind::Client).unwrap();
        let span = client.span_id();
        assert_eq!(sent_on.get("traceparent"), Some(&*format!("00-{TRACE}-{span}-01")));
        assert_eq!(sent_on.get("b3"), Some(&*format!("{TRACE}-{span}-1")));
        assert_eq!(sent_on.get("x-datadog-parent-id"), Some(&*span.to_u64().to_string()));
        assert_eq!(sent_on.get("baggage"), Some("user=ada"));
    });
}
