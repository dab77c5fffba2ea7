//! The line at the end of a request, as whatever subscribes to `tracing` sees it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::http::StatusCode;
use axum::routing::get;
use throughline::http::ServerLayer;
use throughline_axum::server_layer;
use throughline_tests::recorded::recorded;
use throughline_tests::wire::{exchange, serve};
use tower::{Layer, ServiceExt, service_fn};
use tracing::field::{Field, Visit};
use tracing::{Event, Metadata, Subscriber, span};

/// Keeps the fields of the events of requests, with the request ID that is current.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<BTreeMap<String, String>>>>);

struct Fields<'a>(&'a mut BTreeMap<String, String>);

impl Visit for Fields<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        self.0.insert(field.name().to_owned(), format!("{value:?}"));
    }
}

impl Subscriber for Lines {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == "throughline::request"
    }

    fn event(&self, event: &Event<'_>) {
        let mut line = BTreeMap::from([("level".to_owned(), event.metadata().level().to_string())]);
        event.record(&mut Fields(&mut line));
        let id = throughline::request_id().map(|id| id.to_string());
        line.insert("current request ID".to_owned(), id.unwrap_or_default());
        line.insert("baggage".to_owned(), throughline::baggage::get("user").unwrap_or_default());
        self.0.lock().unwrap().push(line);
    }

    fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
        span::Id::from_u64(1)
    }

    fn record(&self, _: &span::Id, _: &span::Record<'_>) {}
    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}
    fn enter(&self, _: &span::Id) {}
    fn exit(&self, _: &span::Id) {}
}

/// The lines that `test` causes.
fn lines(test: impl AsyncFnOnce()) -> Vec<BTreeMap<String, String>> {
    let lines = Lines::default();
    tracing::subscriber::with_default(lines.clone(), || recorded(async |_| test().await));
    std::mem::take(&mut lines.0.lock().unwrap())
}

fn check(line: &BTreeMap<String, String>, expected: &[(&str, &str)]) {
    for (key, value) in expected {
        assert_eq!(line.get(*key).map_or("", String::as_str), *value, "{key} of {line:?}");
    }
}

#[test]
fn a_request_ends_with_one_line() {
    let lines = lines(async || {
        let bad = get(async || StatusCode::BAD_GATEWAY);
        let app = Router::new().route("/ask/{id}", get(async || "asked")).route("/bad", bad);
        let server = serve(app.layer(server_layer())).await;
        for path in ["/ask/7", "/bad", "/nowhere"] {
            exchange(server, &format!("GET {path}"), &[b"x-request-id: req-abc"]).await;
        }
    });
    assert_eq!(lines.len(), 3, "{lines:?}");
    for (line, route, status) in
        [(&lines[0], "\"/ask/{id}\"", "200"), (&lines[1], "\"/bad\"", "502"), (&lines[2], "", "404")]
    {
        check(line, &[("route", route), ("status", status), ("error", "")]);
        check(line, &[("method", "\"GET\""), ("message", "request"), ("level", "INFO")]);
        check(line, &[("current request ID", "req-abc")]);
        assert!(line["duration_ms"].parse::<f64>().unwrap() > 0.0);
    }
}

#[test]
fn what_a_handler_set_is_there_when_the_line_is_written() {
    let lines = lines(async || {
        let handler = get(async || {
            throughline::baggage::set("user", "ada");
            tokio::task::yield_now().await;
        });
        let server = serve(Router::new().route("/", handler).layer(server_layer())).await;
        exchange(server, "GET /", &[]).await;
    });
    check(&lines[0], &[("baggage", "ada")]);
}

#[test]
fn a_panic_and_a_client_that_goes_away_have_their_line() {
    let lines = lines(async || {
        let panics =
            service_fn(async |_: http::Request<()>| -> Result<http::Response<String>, std::fmt::Error> {
                panic!("this test wants a panic")
            });
        let request = tokio::spawn(ServerLayer::new().layer(panics).oneshot(http::Request::new(())));
        assert!(request.await.is_err());
        let waits = service_fn(async |_: http::Request<()>| {
            std::future::pending::<Result<http::Response<String>, std::fmt::Error>>().await
        });
        drop(ServerLayer::new().layer(waits).oneshot(http::Request::new(())));
        let mut request = Box::pin(
            ServerLayer::new()
                .layer(service_fn(async |_: http::Request<()>| {
                    std::future::pending::<Result<http::Response<String>, std::fmt::Error>>().await
                }))
                .oneshot(http::Request::new(())),
        );
        assert!(futures_util::poll!(&mut request).is_pending());
        drop(request);
    });
    assert_eq!(lines.len(), 2, "one that was never begun has none: {lines:?}");
    check(&lines[0], &[("error", "\"panicked\""), ("status", "")]);
    check(&lines[1], &[("error", "\"cancelled\""), ("status", "")]);
}
