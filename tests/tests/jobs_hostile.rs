//! Envelopes as nobody should send them: what they bring beside the payload may be lost, the payload is not.

use std::collections::BTreeMap;

use serde_json::json;
use throughline::job;
use throughline::jobs::Envelope;
use throughline::logs::JsonLayer;
use throughline::testing::{OwnedValue, SpanRecord, capture};
use throughline_tests::lines::Lines;
use tracing_subscriber::layer::SubscriberExt as _;

const PARENT: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

/// Reads the payload, and writes the envelope again.
fn read(json: &str) -> (Envelope<u32>, String) {
    let envelope: Envelope<u32> = serde_json::from_str(json).unwrap_or_else(|error| {
        panic!("{error}: {}", &json[..json.len().min(200)]);
    });
    assert_eq!(*envelope.payload(), 7);
    let again = serde_json::to_string(&envelope).unwrap();
    (envelope, again)
}

fn with_context(context: serde_json::Value) -> String {
    json!({ "context": context, "payload": 7, "destination": "rows" }).to_string()
}

#[test]
fn what_is_too_large_is_left_out_and_what_is_kept_is_bounded() {
    let large = "x".repeat(10 << 20);
    let json = with_context(json!({ "traceparent": PARENT, "x-large": large, "X-Request-ID": "req-abc" }));
    let (envelope, again) = read(&json);
    assert!(again.len() < 1024, "{}", again.len());
    assert_eq!(envelope.context().request_id().unwrap(), "req-abc");
    assert_eq!(envelope.context().trace_id().unwrap().to_string(), PARENT[3..35]);

    let json = with_context(
        json!({ "traceparent": large, "tracestate": large, "baggage": large, "X-Request-ID": large }),
    );
    let (envelope, again) = read(&json);
    assert!(again.len() < 1024, "{}", again.len());
    assert!(envelope.context().to_parts() == throughline::ContextParts::default());

    let (_, again) =
        read(&format!(r#"{{"payload": 7, "destination": "{large}", "context": {{"{large}": "1"}}}}"#));
    assert!(again.len() < 1024, "{}", again.len());
}

#[test]
fn five_hundred_headers_are_kept_while_there_is_room() {
    let many = |len: usize| {
        (0..500).map(move |n| (format!("x-{n:03}"), "y".repeat(len))).collect::<BTreeMap<_, _>>()
    };
    let mut few = many(16);
    few.insert("traceparent".to_owned(), PARENT.to_owned());
    let (envelope, again) = read(&with_context(json!(few)));
    assert_eq!(serde_json::from_str::<serde_json::Value>(&again).unwrap()["context"], json!(few));
    assert!(envelope.context().trace_id().is_some());

    let (_, again) = read(&with_context(json!(many(10_000))));
    assert!((60_000..70_000).contains(&again.len()), "{}", again.len());
}

#[test]
fn wrong_types_at_any_depth_cost_no_more_than_themselves() {
    let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
    let objects = format!("{}1{}", r#"{"a":"#.repeat(10_000), "}".repeat(10_000));
    for wrong in [
        deep.as_str(),
        &objects,
        "true",
        "-1",
        "1.5",
        "1e300",
        "null",
        "[]",
        "{}",
        r#""\u0000""#,
        r#"[{"a": [1]}]"#,
    ] {
        for field in ["context", "attempt", "enqueued_at", "scheduled_at", "unknown"] {
            let (envelope, _) =
                read(&format!(r#"{{"{field}": {wrong}, "destination": "rows", "payload": 7}}"#));
            assert_eq!((envelope.destination(), envelope.attempt()), ("rows", 1));
        }
        let json =
            format!(r#"{{"context": {{"traceparent": {wrong}, "X-Request-ID": "req-abc"}}, "payload": 7}}"#);
        assert_eq!(read(&json).0.context().request_id().unwrap(), "req-abc");
    }
    assert_eq!(read(r#"{"destination": [1], "payload": 7}"#).0.destination(), "");
}

#[test]
fn of_fields_that_are_there_twice_the_last_one_counts() {
    let json = r#"{"attempt": 2, "payload": 1, "context": {"X-Request-ID": "a", "X-Request-ID": "b"}, "attempt": 3,
        "context": {"X-Request-ID": "c", "X-Request-ID": "d"}, "payload": 7}"#;
    let (envelope, _) = read(json);
    assert_eq!(envelope.attempt(), 3);
    assert_eq!(envelope.context().request_id().unwrap(), "d");
}

#[test]
fn headers_in_two_spellings_are_ambiguous() {
    let other = PARENT.replace("4bf9", "5bf9");
    let json = with_context(
        json!({ "traceparent": PARENT, "TraceParent": other, "x-request-id": "a", "X-REQUEST-ID": "b" }),
    );
    let context = read(&json).0.context();
    assert_eq!(context.trace_id(), None);
    assert!(context.request_id().unwrap().to_string().starts_with("req-"), "a new one");
}

fn text(span: &SpanRecord, key: &str) -> String {
    match span.attribute(key) {
        Some(OwnedValue::Str(text)) => text,
        other => panic!("{key}: {other:?}"),
    }
}

#[job]
fn work(row: Envelope<u32>) -> Vec<(String, String)> {
    tracing::info!(row = row.payload(), "working");
    let mut sent = Vec::new();
    throughline::inject(&mut sent);
    sent
}

#[test]
fn what_is_sent_recorded_and_logged_of_strange_values_is_clean() {
    let strange = "a\u{0}\r\nX-Injected: 1\u{1b}[31m\u{202e}\u{1F9A6} b";
    let json = with_context(json!({
        "traceparent": format!("{PARENT}\r\nX-Injected: 1"),
        "tracestate": strange,
        "baggage": format!("a=1,{strange}=2,b=%0D%0A,c=\u{1F9A6}"),
        "X-Request-ID": strange,
    }));
    let lines = Lines::default();
    let layer = JsonLayer::new().with_writer(lines.clone());
    let mut sent = Vec::new();
    let trace = tracing::subscriber::with_default(tracing_subscriber::registry().with(layer), || {
        capture(|| sent = work(serde_json::from_str(&json).unwrap()))
    });
    let span = trace.span("process rows");
    let id = text(&span, "request.id");
    assert!(id.starts_with("req-"), "{id}");
    assert_eq!(span.parent_id(), None, "what came was no trace");
    let kept = text(&span, "request.id.replaced");
    assert!(kept.starts_with(r"a\x00\r\nX-Injected: 1\x1b[31m\xe2\x80\xae") && kept.is_ascii(), "{kept}");
    let sent: BTreeMap<_, _> = sent.into_iter().collect();
    assert_eq!(sent.keys().collect::<Vec<_>>(), ["X-Request-ID", "baggage", "traceparent"]);
    assert_eq!(sent["X-Request-ID"], id);
    assert_eq!(sent["baggage"], "a=1,b=%0D%0A");
    let lines = lines.take();
    let line: serde_json::Value = serde_json::from_str(&lines[0]).unwrap();
    assert_eq!((&line["request_id"], &line["row"]), (&json!(id), &json!(7)));
    assert!(!lines.concat().contains("X-Injected"), "{lines:?}");
}
