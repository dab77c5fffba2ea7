//! What a service used for a request, told to who called it.

use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::HeaderName;
use axum::routing::get;
use futures_util::stream;
use serde_json::{Value, json};
use throughline::http::ServerLayer;
use throughline::testing::{OwnedValue, SpanRecord};
use throughline::{llm_span, tool_span};
use throughline_reqwest::RequestBuilderExt;
use throughline_tests::recorded::{Recorder, recorded};
use throughline_tests::wire::{client, exchange, serve};

#[llm_span(provider = "openai", model = "gpt-4o-mini")]
fn ask(id: &str) -> Value {
    json!({"id": id, "model": "gpt-4o-mini", "usage": {"prompt_tokens": 1000, "completion_tokens": 500,
        "prompt_tokens_details": {"cached_tokens": 200}}})
}

#[llm_span(provider = "acme", model = "secret-1")]
fn ask_nobody_knows() -> Value {
    json!({"id": "acme", "usage": {"prompt_tokens": 7, "completion_tokens": 2}})
}

#[tool_span]
fn add() -> u32 {
    1 + 1
}

/// A service that asks a model twice, once, after the head of its response, or not at all.
fn app(layer: ServerLayer) -> Router {
    let streamed = async || {
        ask("before");
        Body::from_stream(stream::once(async {
            ask("after");
            Ok::<_, std::io::Error>(Bytes::from("x"))
        }))
    };
    let twice = async || {
        ask("one");
        ask_nobody_knows();
        add();
        "x"
    };
    Router::new()
        .route("/twice", get(twice))
        .route("/streamed", get(streamed))
        .route("/nothing", get(async || "x"))
        .layer(layer)
}

const HEADER: &str = "throughline-usage";

#[test]
fn a_response_tells_what_was_used_for_it_if_that_is_asked_for() {
    recorded(async |_| {
        let server = serve(app(ServerLayer::new().report_usage())).await;
        let header = async |path: &str, headers: &[&[u8]]| {
            let head = exchange(server, &format!("GET {path}"), headers).await;
            head.get(HEADER).map(str::to_owned)
        };
        let expected =
            "calls=2;input_tokens=1007;output_tokens=502;unpriced_calls=1;tool_calls=1;cost_usd=0.000435";
        assert_eq!(header("/twice", &[]).await.as_deref(), Some(expected));
        // With a trace and an ID that came with the request, and again: each request has its own sum.
        let parent: &[u8] = b"traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        for _ in 0..2 {
            assert_eq!(header("/twice", &[parent, b"x-request-id: req-1"]).await.as_deref(), Some(expected));
        }
        assert_eq!(header("/nothing", &[]).await, None);
        let quiet = serve(app(ServerLayer::new())).await;
        assert_eq!(exchange(quiet, "GET /twice", &[]).await.get(HEADER), None);
    });
}

#[test]
fn of_a_streamed_answer_it_holds_what_was_used_until_its_head_was_sent() {
    recorded(async |recorder| {
        let server = serve(app(ServerLayer::new().report_usage())).await;
        let head = exchange(server, "GET /streamed", &[]).await;
        assert_eq!(head.get(HEADER), Some("calls=1;input_tokens=1000;output_tokens=500;cost_usd=0.000435"));
        let spans = recorder.take();
        let root = spans.span("GET");
        assert_eq!(root.attribute("throughline.llm.total.calls").unwrap(), 2, "the root has all");
    });
}

/// The span of a request to a server whose response has this header.
async fn span_of_request(recorder: &Recorder, value: &str) -> SpanRecord {
    let headers = [(HeaderName::from_static(HEADER), value.to_owned())];
    let server = serve(Router::new().route("/", get(async move || (headers, "x")))).await;
    client().get(format!("http://{server}/")).send_traced().await.unwrap();
    recorder.only()
}

fn remote(span: &SpanRecord) -> Vec<(&'static str, OwnedValue)> {
    let names = ["calls", "input_tokens", "output_tokens", "cost", "unpriced_calls", "tool_calls"];
    let of = |name| Some((name, span.attribute(&format!("throughline.llm.remote.{name}"))?));
    names.into_iter().filter_map(of).collect()
}

#[test]
fn the_caller_records_what_it_is_told_apart_from_its_own_totals() {
    recorded(async |recorder| {
        let server = serve(app(ServerLayer::new().report_usage())).await;
        let caller = throughline::span!("caller");
        let request = caller.in_scope(|| client().get(format!("http://{server}/twice")).send_traced());
        throughline::FutureExt::in_context(request, caller.context()).await.unwrap();
        caller.end();
        let spans = recorder.take();
        let call =
            spans.spans().find(|span| span.kind() == throughline::span::Kind::Client && span.name() == "GET");
        let expected = [
            ("calls", 2.into()),
            ("input_tokens", 1007.into()),
            ("output_tokens", 502.into()),
            ("cost", OwnedValue::Double(0.000_435)),
            ("unpriced_calls", 1.into()),
            ("tool_calls", 1.into()),
        ];
        assert_eq!(remote(&call.unwrap()), expected);
        let caller = spans.span("caller");
        assert_eq!(caller.attribute("throughline.llm.total.calls"), None);
    });
}

#[test]
fn a_header_that_is_malformed_or_too_long_is_not_believed() {
    recorded(async |recorder| {
        let calls = |calls: i64| vec![("calls", OwnedValue::Int(calls))];
        assert_eq!(remote(&span_of_request(recorder, "calls=3; carbon=7").await), calls(3));
        let long = format!("calls=3;{}", "x=1;".repeat(100));
        let hostile = [
            "calls=-3",
            "calls=3;cost_usd=inf",
            "calls=99999999999999999999",
            "calls=3;cost_usd=1e9",
            "3",
            &long,
        ];
        for value in hostile {
            assert_eq!(remote(&span_of_request(recorder, value).await), [], "{value}");
        }
    });
}
