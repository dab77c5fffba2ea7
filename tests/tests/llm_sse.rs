//! Answers that stream out through axum: the call lasts until the client has read it, or has gone.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Body;
use axum::response::sse::{Event, Sse};
use axum::routing::get;
use futures_util::{Stream, StreamExt as _, stream};
use serde_json::{Value, json};
use throughline::span::Outcome;
use throughline::testing::{SpanRecord, Trace};
use throughline::{llm_span, traced};
use throughline_axum::server_layer;
use throughline_tests::recorded::recorded;
use throughline_tests::wire::{client, serve};
use tokio::sync::mpsc::{Receiver, Sender, channel};

type Item = Result<Value, std::io::Error>;

fn text(text: &str) -> Item {
    Ok(
        json!({"id": "c", "model": "gpt-4o-mini", "choices": [{"delta": {"content": text}, "finish_reason": null}],
        "usage": {"prompt_tokens": 7, "completion_tokens": 1}}),
    )
}

fn finish() -> Item {
    Ok(json!({"id": "c", "model": "gpt-4o-mini", "choices": [{"delta": {}, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 7, "completion_tokens": 3}}))
}

/// The model: what it says is what the test sends.
#[llm_span(provider = "openai", model = "gpt-4o-mini")]
fn answer(mut model: Receiver<Item>) -> impl Stream<Item = Item> {
    stream::poll_fn(move |cx| model.poll_recv(cx))
}

fn said(item: Item) -> Result<String, std::io::Error> {
    item.map(|chunk| chunk["choices"][0]["delta"]["content"].as_str().unwrap_or_default().to_owned())
}

#[traced]
async fn events(model: Receiver<Item>) -> Sse<impl Stream<Item = Result<Event, std::io::Error>>> {
    Sse::new(answer(model).map(|item| Ok(Event::default().data(said(item)?))))
}

#[traced]
async fn body(model: Receiver<Item>) -> Body {
    Body::from_stream(answer(model).map(said))
}

/// The routes with a model that answers one request, and what the model says.
fn served() -> (Router, Sender<Item>) {
    let (says, model) = channel(1);
    let model = Arc::new(Mutex::new(Some(model)));
    let once = move || model.lock().unwrap().take().expect("one request");
    let routes = Router::new()
        .route(
            "/events",
            get({
                let once = once.clone();
                async move || events(once()).await
            }),
        )
        .route("/body", get(async move || body(once()).await));
    (routes.layer(server_layer()), says)
}

async fn ask(routes: Router, path: &str) -> reqwest::Response {
    let server = serve(routes).await;
    client().get(format!("http://{server}{path}")).send().await.unwrap()
}

const CALL: &str = "chat gpt-4o-mini";

/// Asks for `path`, reads what the model says as it says it, and hands over what was recorded. Nothing but the handler is
/// finished before the last byte is read.
fn read_to_the_end(path: &str, handler: &str) -> Trace {
    recorded(async |recorder| {
        let (routes, says) = served();
        let mut response = ask(routes, path).await;
        for piece in ["Hel", "lo"] {
            says.send(text(piece)).await.unwrap();
            let read = response.chunk().await.unwrap().expect("a piece as soon as it was said");
            assert!(String::from_utf8(read.to_vec()).unwrap().contains(piece));
        }
        let finished: Vec<_> = recorder.spans().spans().map(|span| span.name().to_owned()).collect();
        assert_eq!(finished, [handler]);
        says.send(finish()).await.unwrap();
        drop(says);
        while response.chunk().await.unwrap().is_some() {}
        recorder.take()
    })
}

/// What the call says of itself: output tokens, chunks, finish reasons.
fn said_of_itself(call: &SpanRecord) -> [String; 3] {
    ["gen_ai.usage.output_tokens", "throughline.llm.chunks", "gen_ai.response.finish_reasons"]
        .map(|key| call.attribute(key).map(|value| value.to_string()).unwrap_or_default())
}

#[test]
fn a_call_lasts_until_the_client_has_read_the_last_byte() {
    for (path, handler) in [("/events", "events"), ("/body", "body")] {
        let trace = read_to_the_end(path, handler);
        trace.assert_connected();
        let (call, server) = (trace.span(CALL), trace.root());
        assert_eq!((server.name(), trace.len()), (&*format!("GET {path}"), 3));
        assert_eq!(call.parent().unwrap().name(), handler);
        assert_eq!((call.outcome(), server.outcome()), (Outcome::Ok, Outcome::Ok));
        assert_eq!(said_of_itself(call.record()), ["3", "3", r#"["stop"]"#]);
        assert!(trace.span(handler).end() < call.end(), "the handler has long returned");
        assert!(call.end() <= server.end(), "the request goes on until its answer is sent");
        assert_eq!(server.attribute("throughline.llm.total.output_tokens"), Some(3.into()));
    }
}

#[test]
fn a_client_that_goes_away_cancels_the_call_with_its_usage_so_far() {
    for path in ["/events", "/body"] {
        recorded(async |recorder| {
            let (routes, says) = served();
            let mut response = ask(routes, path).await;
            says.send(text("Hel")).await.unwrap();
            assert!(response.chunk().await.unwrap().is_some());
            drop(response);
            // The stream is dropped, and with it who listens to the model.
            says.closed().await;
            let trace = recorder.take();
            let (call, server) = (trace.span(CALL), trace.root());
            assert_eq!((call.outcome(), server.outcome()), (Outcome::Cancelled, Outcome::Cancelled));
            assert_eq!(said_of_itself(call.record()), ["1", "1", ""]);
            assert_eq!(server.attribute("throughline.llm.total.output_tokens"), Some(1.into()));
        });
    }
}

#[test]
fn a_model_that_breaks_off_fails_the_call_and_the_request() {
    recorded(async |recorder| {
        let (routes, says) = served();
        let mut response = ask(routes, "/events").await;
        says.send(text("Hel")).await.unwrap();
        assert!(response.chunk().await.unwrap().is_some());
        says.send(Err(std::io::Error::other("connection reset"))).await.unwrap();
        response.chunk().await.expect_err("an answer that has no end");
        let trace = recorder.take();
        let (call, server) = (trace.span(CALL), trace.root());
        assert_eq!((call.outcome(), call.message()), (Outcome::Error, Some("connection reset")));
        assert_eq!(said_of_itself(call.record()), ["1", "1", r#"["error"]"#]);
        assert_eq!(server.outcome(), Outcome::Error);
    });
}
