//! Request IDs where there is no pipeline: before `init`, or with tracing off.

use std::collections::HashMap;

use axum::Router;
use axum::routing::get;
use throughline::http::ServerLayer;
use throughline::jobs::Envelope;
use throughline_tests::wire::{Head, client, exchange, mirror, serve};

fn run<R>(test: impl Future<Output = R>) -> R {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(test)
}

/// A server that passes requests on, and answers with the head it sent.
async fn request(headers: &[&[u8]]) -> (Head, Head) {
    let to = mirror().await;
    let client = throughline_reqwest::Client::new(client());
    let handler = get(async move || {
        let request = reqwest::Request::new(http::Method::GET, format!("http://{to}/").parse().unwrap());
        client.execute(request).await.unwrap().text().await.unwrap()
    });
    let server = serve(Router::new().route("/", handler).layer(ServerLayer::new())).await;
    let response = exchange(server, "GET /", headers).await;
    let sent_on = Head::parse(&response.body);
    (response, sent_on)
}

#[test]
fn an_id_is_made_echoed_and_sent_on() {
    let (response, sent_on) = run(request(&[]));
    let id = response.get("x-request-id").unwrap();
    assert!(id.starts_with("req-"));
    assert_eq!(sent_on.get("x-request-id"), Some(id));
    assert_eq!(sent_on.get("traceparent"), None);
}

#[test]
fn an_id_that_came_is_echoed_and_sent_on() {
    let (response, sent_on) = run(request(&[b"x-trace-id: req-abc"]));
    assert_eq!(response.get("x-trace-id"), Some("req-abc"));
    assert_eq!(sent_on.get("x-request-id"), Some("req-abc"));
}

#[test]
fn a_trace_goes_through_unchanged() {
    let parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    let header = format!("traceparent: {parent}");
    let (response, sent_on) = run(request(&[header.as_bytes(), b"tracestate: b=2,a=1", b"baggage: k=v"]));
    assert_eq!(sent_on.get("traceparent"), Some(parent));
    assert_eq!(sent_on.get("tracestate"), Some("b=2,a=1"));
    assert_eq!(sent_on.get("baggage"), Some("k=v"));
    assert_eq!(sent_on.get("x-request-id"), response.get("x-request-id"));
}

#[test]
fn a_job_carries_the_id_of_its_request() {
    let context = throughline::extract(&[("x-request-id", "req-abc")]);
    let envelope = {
        let _attached = context.attach();
        Envelope::new("emails", ())
    };
    let seen = envelope.at_attempt(2).run_blocking(|()| Ok::<_, String>(throughline::request_id()));
    assert_eq!(seen.unwrap().unwrap(), "req-abc");
}

#[test]
fn a_job_without_an_id_gets_one() {
    let seen = Envelope::new("emails", ()).run_blocking(|()| {
        let mut carrier = HashMap::new();
        throughline::inject(&mut carrier);
        Ok::<_, String>(carrier)
    });
    assert!(seen.unwrap()["X-Request-ID"].starts_with("req-"));
}
