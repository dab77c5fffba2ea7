//! The span of a request answered: attributes, status, and when it ends.

use std::convert::Infallible;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::{Method, StatusCode};
use axum::routing::{any, get};
use futures_util::stream;
use http::{Request, Response};
use http_body_util::{BodyExt, Full};
use throughline::http::{Route, ServerLayer};
use throughline::span::{Kind, Outcome};
use throughline::testing::{OwnedValue, SpanRecord};
use throughline_tests::recorded::recorded;
use throughline_tests::wire::{exchange, serve};
use tower::{Layer, Service, ServiceExt, service_fn};

/// The only span of one request to a server that answers with this status.
fn span_of(request_line: &str, headers: &[&[u8]], status: StatusCode) -> SpanRecord {
    recorded(async |recorder| {
        let app = Router::new().fallback(any(async move || status)).layer(ServerLayer::new());
        let server = serve(app).await;
        assert_eq!(exchange(server, request_line, headers).await.status(), status.as_u16());
        recorder.only()
    })
}

#[test]
fn a_request_has_the_attributes_of_the_conventions() {
    let agent: &[u8] = b"user-agent: curl/8";
    let span = span_of("GET /ask?key=secret", &[agent], StatusCode::OK);
    assert_eq!((span.name(), span.kind(), span.outcome()), ("GET", Kind::Server, Outcome::Ok));
    for (key, value) in [
        ("http.request.method", Some("GET".into())),
        ("http.response.status_code", Some(200.into())),
        ("url.path", Some("/ask".into())),
        ("url.scheme", Some("http".into())),
        ("server.address", Some("127.0.0.1".into())),
        ("user_agent.original", Some("curl/8".into())),
        ("network.protocol.version", Some("1.1".into())),
        ("error.type", None),
        ("http.route", None),
        ("http.request.method_original", None),
    ] {
        assert_eq!(span.attribute(key), value, "{key}");
    }
    assert!(matches!(span.attribute("server.port"), Some(OwnedValue::Int(_))));
    assert!(!format!("{span:?}").contains("secret"), "queries are not recorded");
}

#[test]
fn methods_are_named_and_unknown_ones_are_other() {
    for method in ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE"] {
        let span = span_of(&format!("{method} /"), &[], StatusCode::OK);
        assert_eq!(span.name(), method);
        assert_eq!(span.attribute("http.request.method"), Some(method.into()));
    }
    for method in ["PROPFIND", "get", "FOO"] {
        let span = span_of(&format!("{method} /"), &[], StatusCode::OK);
        assert_eq!(span.name(), "HTTP");
        assert_eq!(span.attribute("http.request.method"), Some("_OTHER".into()));
        assert_eq!(span.attribute("http.request.method_original"), Some(method.into()));
    }
}

#[test]
fn only_statuses_from_500_on_fail_a_server() {
    for (status, outcome) in
        [(204, Outcome::Ok), (304, Outcome::Ok), (404, Outcome::Ok), (500, Outcome::Error)]
    {
        let span = span_of("GET /", &[], StatusCode::from_u16(status).unwrap());
        assert_eq!(span.outcome(), outcome, "{status}");
        let error_type = (status == 500).then(|| "500".into());
        assert_eq!(span.attribute("error.type"), error_type);
        assert!(span.message().is_none_or(|message| message.is_empty()), "the code says it all");
    }
}

#[test]
fn a_proxy_tells_the_scheme() {
    let span = span_of("GET /", &[b"x-forwarded-proto: https"], StatusCode::OK);
    assert_eq!(span.attribute("url.scheme"), Some("https".into()));
    let span = span_of("GET /", &[b"x-forwarded-proto: gopher"], StatusCode::OK);
    assert_eq!(span.attribute("url.scheme"), Some("http".into()));
}

#[test]
fn what_a_handler_does_is_under_the_request() {
    recorded(async |recorder| {
        let handler = get(async || {
            throughline::span!("first").in_scope(|| ());
            tokio::task::yield_now().await;
            throughline::span!("second").in_scope(|| ());
        });
        let server = serve(Router::new().route("/", handler).layer(ServerLayer::new())).await;
        exchange(server, "GET /", &[]).await;
        let spans = recorder.take();
        let root = spans.spans().find(|span| span.kind() == Kind::Server).unwrap();
        assert_eq!(
            spans.spans().filter(|span| span.parent_id() == Some(root.span_id())).count(),
            2,
            "{spans:#?}"
        );
    });
}

#[test]
fn baggage_set_in_one_poll_is_there_in_the_next() {
    recorded(async |_| {
        let handler = get(async || {
            throughline::baggage::set("tenant", "acme");
            tokio::task::yield_now().await;
            throughline::baggage::get("tenant").unwrap_or_default()
        });
        let server = serve(Router::new().route("/", handler).layer(ServerLayer::new())).await;
        assert_eq!(exchange(server, "GET /", &[]).await.body, "acme");
    });
}

#[test]
fn a_request_lasts_until_the_last_piece_of_a_streamed_body() {
    recorded(async |recorder| {
        let pieces = stream::iter(["a", "b", "c"]).map(|piece| {
            throughline::span!("piece").in_scope(|| ());
            Ok::<_, Infallible>(piece)
        });
        use futures_util::StreamExt as _;
        let body = Body::from_stream(pieces);
        let service = ServerLayer::new().layer(one_response(Response::new(body)));
        let response = service.oneshot(Request::new(())).await.unwrap();
        assert!(recorder.take().is_empty(), "the head alone does not end it");
        response.into_body().collect().await.unwrap();
        let spans = recorder.take();
        let root = spans.spans().find(|span| span.kind() == Kind::Server).unwrap();
        assert_eq!(root.outcome(), Outcome::Ok);
        let pieces: Vec<_> = spans.spans_named("piece").collect();
        assert!(pieces.len() == 3 && pieces.iter().all(|piece| piece.parent_id() == Some(root.span_id())));
    });
}

/// A service that answers once.
fn one_response<B: Send>(
    response: Response<B>,
) -> impl Service<Request<()>, Response = Response<B>, Error = Infallible, Future: Send> {
    let mut response = Some(response);
    service_fn(move |_| std::future::ready(Ok(response.take().unwrap())))
}

#[test]
fn a_body_that_is_dropped_before_its_end_cancels_the_request() {
    recorded(async |recorder| {
        let body = Body::from_stream(stream::pending::<Result<Bytes, Infallible>>());
        let service = ServerLayer::new().layer(one_response(Response::new(body)));
        drop(service.oneshot(Request::new(())).await.unwrap());
        let span = recorder.only();
        assert_eq!(span.outcome(), Outcome::Cancelled);
        assert_eq!(span.attribute("http.response.status_code"), Some(200.into()));
    });
}

#[test]
fn a_client_that_goes_away_before_the_response_cancels_the_request() {
    recorded(async |recorder| {
        let service = ServerLayer::new().layer(service_fn(|_: Request<()>| {
            std::future::pending::<Result<Response<Full<Bytes>>, Infallible>>()
        }));
        let request = service.oneshot(Request::new(()));
        assert!(tokio::time::timeout(Duration::ZERO, request).await.is_err());
        let span = recorder.only();
        assert_eq!((span.outcome(), span.attribute("http.response.status_code")), (Outcome::Cancelled, None));
    });
}

#[test]
fn a_body_with_an_error_fails_the_request() {
    recorded(async |recorder| {
        let body = Body::from_stream(stream::iter([Ok("a"), Err("the disk is gone")]));
        let service = ServerLayer::new().layer(one_response(Response::new(body)));
        let response = service.oneshot(Request::new(())).await.unwrap();
        assert!(response.into_body().collect().await.is_err());
        let span = recorder.only();
        assert_eq!((span.outcome(), span.message()), (Outcome::Error, Some("the disk is gone")));
    });
}

#[test]
fn a_service_with_an_error_fails_the_request() {
    recorded(async |recorder| {
        let fails = service_fn(async |_: Request<()>| Err::<Response<Full<Bytes>>, _>(std::fmt::Error));
        assert!(ServerLayer::new().layer(fails).oneshot(Request::new(())).await.is_err());
        let span = recorder.only();
        assert_eq!(span.outcome(), Outcome::Error);
        assert_eq!(span.attribute("error.type"), Some("core::fmt::Error".into()));
    });
}

#[test]
fn a_panic_closes_the_request_as_panicked_and_goes_on() {
    recorded(async |recorder| {
        let panics = service_fn(async |_: Request<()>| -> Result<Response<Full<Bytes>>, Infallible> {
            panic!("this test wants a panic")
        });
        let request = tokio::spawn(ServerLayer::new().layer(panics).oneshot(Request::new(())));
        assert!(request.await.unwrap_err().is_panic());
        assert_eq!(recorder.only().outcome(), Outcome::Panicked);
    });
}

#[test]
fn bodies_whose_end_nobody_asks_for_end_all_the_same() {
    recorded(async |recorder| {
        let app = Router::new()
            .route("/full", get(async || "hello"))
            .route("/empty", get(async || ()))
            .route("/none", get(async || StatusCode::NO_CONTENT))
            .route(
                "/declared",
                get(async || {
                    let body = Body::from_stream(stream::iter([Ok::<_, Infallible>("hello")]));
                    ([("content-length", "5")], body)
                }),
            )
            .layer(ServerLayer::new());
        let server = serve(app).await;
        for line in ["GET /full", "HEAD /full", "GET /empty", "GET /none", "GET /declared", "HEAD /declared"]
        {
            exchange(server, line, &[]).await;
            assert_eq!(recorder.only().outcome(), Outcome::Ok, "{line}");
        }
    });
}

#[test]
fn a_route_that_the_response_tells_names_the_request() {
    recorded(async |recorder| {
        let mut response = Response::new(Full::<Bytes>::default());
        response.extensions_mut().insert(Route::new("/ask/{id}"));
        let service = ServerLayer::new().layer(one_response(response));
        let request = Request::builder().method(Method::POST).uri("/ask/7").body(()).unwrap();
        service.oneshot(request).await.unwrap();
        let span = recorder.only();
        assert_eq!(span.name(), "POST /ask/{id}");
        assert_eq!(span.attribute("http.route"), Some("/ask/{id}".into()));
    });
}
