//! The line at the end of a request, as the HTTP layer and the log formats make it together.

use http_body_util::{BodyExt, Full};
use serde_json::Value;
use throughline::Pipeline;
use throughline::http::ServerLayer;
use throughline::logs::{JsonLayer, PrettyLayer, SpanEvents, bind};
use throughline_tests::lines::Lines;
use tower::{Layer, ServiceExt};
use tracing_subscriber::prelude::*;

type Body = Full<&'static [u8]>;

async fn handle(_: http::Request<Body>) -> Result<http::Response<Body>, std::convert::Infallible> {
    bind("user_id", 7);
    tracing::info!(target: "shop", "handling");
    Ok(http::Response::builder().status(201).body(Full::new(&b"done"[..])).unwrap())
}

/// The lines of a request, as JSON and for people.
fn lines(headers: &[(&'static str, &str)]) -> (Vec<Value>, Vec<String>) {
    let (json, pretty) = (Lines::default(), Lines::default());
    let subscriber = tracing_subscriber::registry()
        .with(JsonLayer::new().with_writer(json.clone()))
        .with(PrettyLayer::new().with_color(false).with_writer(pretty.clone()))
        .with(SpanEvents::new());
    tracing::subscriber::with_default(subscriber, || {
        let mut request = http::Request::post("http://shop.example/orders?secret=1");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Full::default()).unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let response =
                ServerLayer::new().layer(tower::service_fn(handle)).oneshot(request).await.unwrap();
            assert_eq!(response.into_body().collect().await.unwrap().to_bytes(), "done");
        });
    });
    (json.take_json(), pretty.take())
}

#[track_caller]
fn check_last(line: &Value) {
    assert_eq!(line["target"], "throughline::request");
    assert_eq!((&line["level"], &line["message"]), (&"INFO".into(), &"request".into()));
    assert_eq!((&line["method"], &line["status"]), (&"POST".into(), &201.into()));
    assert!(line["duration_ms"].as_f64().is_some_and(|millis| millis >= 0.0), "{line}");
    assert!(!line.to_string().contains("secret"), "{line}");
}

#[test]
fn a_request_ends_with_one_line_that_has_its_ids_and_bound_fields() {
    let pipeline = Pipeline::builder().deterministic().start().unwrap();
    let _entered = pipeline.enter();
    let trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    let parent = format!("00-{trace}-00f067aa0ba902b7-01");
    let (json, pretty) = lines(&[("x-request-id", "req-abc"), ("traceparent", &parent)]);
    let [handling, last] = &json[..] else { panic!("two lines expected: {json:?}") };
    check_last(last);
    for line in [handling, last] {
        assert_eq!((&line["request_id"], &line["trace_id"]), (&"req-abc".into(), &trace.into()), "{line}");
        assert_eq!(line["user_id"], 7, "{line}");
    }
    assert_eq!(handling["span_id"], last["span_id"], "the span of the request");
    let (start, end) = ("  INFO POST 201 ", "ms user_id=7 req-abc\n");
    assert!(pretty[1]["02:05:09.123".len()..].starts_with(start) && pretty[1].ends_with(end), "{pretty:?}");
}

#[test]
fn with_tracing_off_it_has_the_request_id() {
    let (json, _) = lines(&[("x-request-id", "req-off")]);
    let [handling, last] = &json[..] else { panic!("two lines expected: {json:?}") };
    check_last(last);
    assert_eq!((&handling["request_id"], &last["request_id"]), (&"req-off".into(), &"req-off".into()));
    assert_eq!(last["trace_id"], Value::Null);
    assert_eq!(last["user_id"], 7);
}
