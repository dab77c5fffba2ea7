//! Request IDs over the wire: what comes in, what handlers see, what goes back.

use axum::Router;
use axum::extract::Extension;
use axum::http::StatusCode;
use axum::routing::get;
use throughline::http::{RequestId, ServerLayer};
use throughline::propagation::{Config, Generator, Policy};
use throughline::testing::SpanRecord;
use throughline_tests::recorded::recorded;
use throughline_tests::wire::{Head, exchange, serve};
use tower_http::catch_panic::CatchPanicLayer;

const PARENT: &[u8] = b"traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

/// Answers with the ID from the extension and the one of the current context.
async fn both(Extension(id): Extension<RequestId>) -> String {
    tokio::task::yield_now().await;
    format!("{id} {}", throughline::request_id().unwrap())
}

fn app(layer: ServerLayer) -> Router {
    let panics = get(async || -> &'static str { panic!("this test wants a panic") });
    Router::new()
        .route("/", get(both))
        .route("/error", get(async || StatusCode::BAD_GATEWAY))
        .route("/panic", panics)
        .layer(CatchPanicLayer::new())
        .layer(layer)
}

/// One request to an app with the layer; its response, and the span.
fn request(layer: ServerLayer, path: &str, headers: &[&[u8]]) -> (Head, SpanRecord) {
    recorded(async |recorder| {
        let server = serve(app(layer)).await;
        let response = exchange(server, &format!("GET {path}"), headers).await;
        (response, recorder.only())
    })
}

/// The ID that came back under `header`, the handler saw, and the span has.
fn seen_everywhere(header: &str, (response, span): &(Head, SpanRecord)) -> String {
    let id = response.get(header).unwrap_or_default().to_owned();
    assert_eq!(response.body, format!("{id} {id}"));
    assert_eq!(span.attribute("request.id"), Some(id.as_str().into()));
    id
}

#[test]
fn an_id_is_taken_over_and_comes_back_under_its_name() {
    for name in ["x-request-id", "x-correlation-id", "x-trace-id"] {
        let header = format!("{name}: req-abc");
        let exchanged = request(ServerLayer::new(), "/", &[header.as_bytes()]);
        assert_eq!(seen_everywhere(name, &exchanged), "req-abc");
        if name != "x-request-id" {
            assert_eq!(exchanged.0.get("x-request-id"), None, "under no other name");
        }
    }
}

#[test]
fn an_id_comes_beside_a_trace() {
    let exchanged = request(ServerLayer::new(), "/", &[PARENT, b"X-Request-ID: req-abc"]);
    assert_eq!(seen_everywhere("x-request-id", &exchanged), "req-abc");
    let span = exchanged.1;
    assert_eq!(span.trace_id().to_string(), "4bf92f3577b34da6a3ce929d0e0e4736");
    assert_eq!(span.parent_id().unwrap().to_string(), "00f067aa0ba902b7");
}

#[test]
fn a_request_without_an_id_gets_the_one_of_its_trace() {
    let exchanged = request(ServerLayer::new(), "/", &[]);
    let id = seen_everywhere("x-request-id", &exchanged);
    assert_eq!(id.replace('-', ""), format!("req{}", exchanged.1.trace_id()));
}

#[test]
fn a_trace_from_outside_without_an_id_gets_a_fresh_one() {
    let exchanged = request(ServerLayer::new(), "/", &[PARENT]);
    let id = seen_everywhere("x-request-id", &exchanged);
    assert!(
        id.starts_with("req-") && id.replace('-', "") != format!("req{}", exchanged.1.trace_id()),
        "{id}"
    );
}

#[test]
fn an_invalid_id_is_replaced_and_kept_escaped_and_cut() {
    let long = "x".repeat(500);
    let cases: [(&[u8], &str); 6] = [
        (long.as_bytes(), &long[..128]),
        (b"two words", "two words"),
        (b"quo\"te\\", "quo\\\"te\\\\"),
        (b"h\xc3\xa9", "h\\xc3\\xa9"),
        (b"\xff", "\\xff"),
        (b"<script>", "<script>"),
    ];
    for (sent, kept) in cases {
        let header = [b"x-request-id: ", sent].concat();
        let exchanged = request(ServerLayer::new(), "/", &[&header]);
        let id = seen_everywhere("x-request-id", &exchanged);
        assert!(id.starts_with("req-"), "{id}");
        assert_eq!(exchanged.1.attribute("request.id.replaced"), Some(kept.into()));
    }
}

#[test]
fn lengths_up_to_128_are_valid() {
    for (length, is_taken) in [(1, true), (128, true), (129, false)] {
        let id = "x".repeat(length);
        let (response, _) = request(ServerLayer::new(), "/", &[format!("x-request-id: {id}").as_bytes()]);
        assert_eq!(response.get("x-request-id") == Some(&*id), is_taken, "{length}");
    }
}

#[test]
fn an_id_sent_twice_is_replaced() {
    let exchanged = request(ServerLayer::new(), "/", &[b"x-request-id: one", b"x-request-id: two"]);
    assert!(seen_everywhere("x-request-id", &exchanged).starts_with("req-"));
    assert_eq!(exchanged.1.attribute("request.id.replaced"), Some("one,two".into()));
}

#[test]
fn a_replaced_id_comes_back_under_the_name_of_the_old_one() {
    let exchanged = request(ServerLayer::new(), "/", &[b"x-trace-id: two words"]);
    assert!(seen_everywhere("x-trace-id", &exchanged).starts_with("req-"));
}

#[test]
fn every_response_carries_it_errors_and_caught_panics_included() {
    for (path, status) in [("/error", 502), ("/panic", 500), ("/nowhere", 404)] {
        let (response, span) = request(ServerLayer::new(), path, &[b"x-request-id: req-abc"]);
        assert_eq!(response.status(), status);
        assert_eq!(response.get("x-request-id"), Some("req-abc"), "{path}");
        assert_eq!(span.attribute("http.response.status_code"), Some(status.into()));
    }
}

#[test]
fn a_layer_can_have_a_config_of_its_own() {
    let mut config = Config::default();
    config.request_ids.headers = vec!["x-ticket".into()];
    config.request_ids.http_header = "x-ticket".into();
    config.request_ids.policy = Policy::AlwaysNew;
    config.request_ids.generator = Generator::function(|| "ticket-1".to_owned());
    let exchanged = request(ServerLayer::new().config(config), "/", &[b"x-ticket: mine"]);
    assert_eq!(seen_everywhere("x-ticket", &exchanged), "ticket-1");
    assert_eq!(exchanged.1.attribute("request.id.replaced"), Some("mine".into()));
}

#[test]
fn a_trusted_id_is_taken_as_it_is() {
    let mut config = Config::default();
    config.request_ids.policy = Policy::Trust;
    let exchanged = request(ServerLayer::new().config(config), "/", &[b"x-request-id: two words"]);
    assert_eq!(seen_everywhere("x-request-id", &exchanged), "two words");
}

#[test]
fn of_trusted_ids_that_come_twice_printable_ascii_is_kept() {
    let mut config = Config::default();
    config.request_ids.policy = Policy::Trust;
    let id = "x-request-id: caf\u{e9}".as_bytes();
    let exchanged = request(ServerLayer::new().config(config), "/", &[id, id]);
    assert!(seen_everywhere("x-request-id", &exchanged).starts_with("req-"));
    assert_eq!(exchanged.1.attribute("request.id.replaced"), Some(r"caf\xc3\xa9,caf\xc3\xa9".into()));
}

#[test]
fn at_a_public_endpoint_the_id_stays_and_the_trace_becomes_a_link() {
    let layer = ServerLayer::new().public_endpoint();
    let exchanged = request(layer.clone(), "/", &[PARENT, b"tracestate: foo=1", b"x-request-id: req-abc"]);
    assert_eq!(seen_everywhere("x-request-id", &exchanged), "req-abc");
    let span = exchanged.1;
    assert_ne!(span.trace_id().to_string(), "4bf92f3577b34da6a3ce929d0e0e4736");
    assert_eq!((span.parent_id(), span.trace_state()), (None, None));
    let link = span.links()[0];
    assert_eq!(link.trace_id.to_string(), "4bf92f3577b34da6a3ce929d0e0e4736");
    assert_eq!(link.span_id.to_string(), "00f067aa0ba902b7");
    let own = request(layer, "/", &[PARENT]);
    let id = seen_everywhere("x-request-id", &own);
    assert_eq!(
        id.replace('-', ""),
        format!("req{}", own.1.trace_id()),
        "the trace is ours, and so is the ID"
    );
}

#[test]
fn a_stranger_cannot_decide_what_a_public_endpoint_samples() {
    let not_sampled = b"traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00";
    let (_, span) = request(ServerLayer::new().public_endpoint(), "/", &[not_sampled]);
    assert_eq!(span.links().len(), 1);
}
