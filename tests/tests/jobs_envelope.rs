//! Envelopes: what they carry, and what the spans of their delivery are.

use std::collections::HashMap;

use throughline::jobs::{Delivery, Envelope, run_batch};
use throughline::propagation::Extract;
use throughline::span::{Callsite, Kind, Outcome, ValueView};
use throughline::testing::{OwnedValue, SpanRecord};
use throughline::{Context, ContextParts, SpanId, TraceId};
use throughline_tests::recorded::recorded;

fn ids(span: &SpanRecord) -> (TraceId, SpanId) {
    (span.trace_id(), span.span_id())
}

fn linked(span: &SpanRecord) -> Vec<(TraceId, SpanId)> {
    span.links().iter().map(|link| (link.trace_id, link.span_id)).collect()
}

/// An envelope that went through a queue as JSON, put there within a request.
fn through_queue() -> (Envelope<String>, String) {
    let context = Context::from(ContextParts {
        request_id: Some("req-abc".parse().unwrap()),
        ..ContextParts::default()
    });
    let _attached = context.attach();
    let json = throughline::span!("request")
        .in_scope(|| serde_json::to_string(&Envelope::new("emails", "ada@example.org".to_owned())).unwrap());
    (serde_json::from_str(&json).unwrap(), json)
}

#[test]
fn the_first_delivery_is_a_child_of_the_enqueueing() {
    recorded(async |recorder| {
        let (envelope, _) = through_queue();
        let seen = envelope.run(async |address: String| {
            tokio::task::yield_now().await;
            Ok::<_, String>((address, throughline::request_id().unwrap().to_string()))
        });
        assert_eq!(seen.await.unwrap(), ("ada@example.org".to_owned(), "req-abc".to_owned()));
        let spans = recorder.spans();
        let (request, enqueue) = (spans.span("request"), spans.span("enqueue emails"));
        let process = spans.span("process emails");
        assert_eq!((enqueue.kind(), process.kind()), (Kind::Producer, Kind::Consumer));
        assert_eq!(
            (enqueue.parent_id(), process.parent_id()),
            (Some(request.span_id()), Some(enqueue.span_id()))
        );
        assert_eq!(process.trace_id(), request.trace_id());
        assert!(process.parent_is_remote() && process.links().is_empty());
        for (key, value) in [
            ("messaging.destination.name", Some("emails".into())),
            ("messaging.operation.name", Some("process".into())),
            ("messaging.operation.type", Some("process".into())),
            ("job.attempt", Some(1.into())),
            ("request.id", Some("req-abc".into())),
            ("request.id.minted", None),
        ] {
            assert_eq!(process.attribute(key), value, "{key}");
        }
        assert!(matches!(process.attribute("job.queue.latency_ms"), Some(OwnedValue::Int(_))));
        assert_eq!(enqueue.attribute("messaging.operation.type"), Some("create".into()));
    });
}

#[test]
fn a_retry_is_a_trace_of_its_own_linked_to_the_enqueueing() {
    recorded(async |recorder| {
        let (envelope, _) = through_queue();
        let attempt = envelope.attempt() + 1;
        let again = serde_json::to_string(&envelope.at_attempt(attempt)).unwrap();
        let envelope: Envelope<String> = serde_json::from_str(&again).unwrap();
        let id = envelope.run(async |_| Ok::<_, String>(throughline::request_id().unwrap())).await;
        assert_eq!(id.unwrap(), "req-abc");
        let spans = recorder.spans();
        let (enqueue, process) = (spans.span("enqueue emails"), spans.span("process emails"));
        assert_ne!(process.trace_id(), enqueue.trace_id());
        assert_eq!(process.parent_id(), None);
        assert_eq!(linked(&process), [ids(&enqueue)]);
        assert_eq!(process.attribute("job.attempt"), Some(2.into()));
        assert_eq!(process.attribute("request.id"), Some("req-abc".into()));
    });
}

#[test]
fn a_redelivery_that_nobody_counted_is_a_retry_without_a_number() {
    recorded(async |recorder| {
        let (envelope, _) = through_queue();
        let mut headers = HashMap::new();
        let _attached = envelope.context().attach();
        throughline::inject(&mut headers);
        Delivery::extract("emails", &headers).redelivered().run_blocking(|| ());
        let spans = recorder.spans();
        let (enqueue, process) = (spans.span("enqueue emails"), spans.span("process emails"));
        assert_ne!(process.trace_id(), enqueue.trace_id());
        assert_eq!(linked(&process), [ids(&enqueue)]);
        assert_eq!(process.attribute("job.redelivered"), Some(true.into()));
        assert_eq!(process.attribute("job.attempt"), None);
        assert_eq!(process.attribute("request.id"), Some("req-abc".into()));
    });
}

#[test]
fn the_time_before_a_message_was_due_is_no_latency() {
    recorded(async |recorder| {
        let headers: [(String, String); 0] = [];
        let at = || Delivery::extract("emails", &headers).enqueued_at(0);
        at().run_blocking(|| ());
        at().scheduled_at(u64::MAX).run_blocking(|| ());
        let latencies: Vec<_> =
            recorder.spans().spans().map(|span| span.attribute("job.queue.latency_ms")).collect();
        assert!(matches!(latencies[0], Some(OwnedValue::Int(since_1970)) if since_1970 > 0), "{latencies:?}");
        assert_eq!(latencies[1], Some(0.into()));
    });
}

#[test]
fn a_damaged_envelope_loses_its_context_and_never_its_payload() {
    for json in [
        r#"{"payload": 7}"#,
        r#"{"payload": 7, "context": null}"#,
        r#"{"payload": 7, "context": "lost"}"#,
        r#"{"payload": 7, "context": [1, {"a": 2}]}"#,
        r#"{"payload": 7, "context": {"traceparent": 5, "X-Request-ID": {"a": []}}}"#,
        r#"{"payload": 7, "context": {"traceparent": "00-zz", "X-Request-ID": "two words"}}"#,
        r#"{"payload": 7, "attempt": "first", "destination": 1.5, "enqueued_at": -3}"#,
        r#"{"payload": 7, "attempt": 99999999999999999999, "enqueued_at": {"secs": 1}}"#,
        r#"{"version": 9, "payload": 7, "tags": ["new"], "attempt": null, "destination": null}"#,
    ] {
        let envelope: Envelope<u32> = serde_json::from_str(json).unwrap();
        assert_eq!((*envelope.payload(), envelope.attempt()), (7, 1), "{json}");
        assert_eq!(envelope.context().trace_id(), None, "{json}");
        assert_eq!(envelope.run_blocking(Ok::<_, String>), Ok(7), "{json}");
    }
    assert!(serde_json::from_str::<Envelope<u32>>(r#"{"payload": "seven"}"#).is_err());
    assert!(serde_json::from_str::<Envelope<u32>>(r#"{"context": {}}"#).is_err());
}

#[test]
fn what_is_left_of_a_damaged_context_is_used() {
    let json = r#"{"payload": 7, "context": {"traceparent": 5, "x-request-id": "req-abc", "new": [1]}}"#;
    let envelope: Envelope<u32> = serde_json::from_str(json).unwrap();
    assert_eq!(envelope.context().request_id().unwrap(), "req-abc");
}

#[test]
fn an_envelope_reads_what_it_wrote() {
    recorded(async |_| {
        let (envelope, json) = through_queue();
        assert_eq!(serde_json::to_string(&envelope).unwrap(), json);
        let value: serde_json::Value = serde_json::from_str(&json).unwrap();
        assert_eq!(value["context"]["X-Request-ID"], "req-abc");
        assert_eq!(value["context"]["traceparent"].as_str().unwrap().len(), 55);
        assert_eq!(envelope.destination(), "emails");
    });
}

#[test]
fn a_context_that_the_caller_chose_goes_with_the_payload() {
    recorded(async |recorder| {
        let context = throughline::extract(&[
            ("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"),
            ("x-request-id", "req-abc"),
        ]);
        let envelope = Envelope::with_context("emails", (), &context);
        assert_eq!(envelope.context().to_parts(), context.to_parts());
        assert!(recorder.spans().is_empty(), "without a span");
    });
}

#[test]
fn a_message_without_an_id_gets_one_and_its_span_says_so() {
    recorded(async |recorder| {
        let headers: HashMap<String, String> = HashMap::new();
        let id =
            Delivery::extract("emails", &headers).run(async || Ok::<_, String>(throughline::request_id()));
        let id = id.await.unwrap().unwrap();
        let spans = recorder.spans();
        let process = spans.span("process emails");
        assert_eq!(process.attribute("request.id"), Some(id.to_string().into()));
        assert_eq!(process.attribute("request.id.minted"), Some(true.into()));
        assert_eq!(process.attribute("job.queue.latency_ms"), None, "nobody told");
    });
}

#[test]
fn errors_panics_and_drops_are_the_outcome_of_the_span() {
    recorded(async |recorder| {
        let headers: [(&str, &str); 0] = [];
        let delivery = || Delivery::extract("emails", &headers);
        let _ = delivery().run(async || Err::<(), _>("no such user")).await;
        let spans = recorder.take();
        let process = spans.span("process emails");
        assert_eq!((process.outcome(), process.message()), (Outcome::Error, Some("no such user")));
        assert_eq!(process.attribute("error.type"), Some("&str".into()));

        let task = tokio::spawn(
            delivery().run(async || -> Result<(), String> { panic!("this test wants a panic") }),
        );
        assert!(task.await.unwrap_err().is_panic());
        assert_eq!(recorder.take().span("process emails").outcome(), Outcome::Panicked);

        drop(delivery().run(async || std::future::pending::<()>().await));
        assert_eq!(recorder.take().span("process emails").outcome(), Outcome::Cancelled);

        delivery().run(async || ()).await;
        assert_eq!(recorder.take().span("process emails").outcome(), Outcome::Ok);
    });
}

#[test]
fn a_batch_links_to_each_message() {
    recorded(async |recorder| {
        let messages: Vec<Vec<(String, String)>> = (0..3)
            .map(|_| {
                let mut headers = Vec::new();
                throughline::jobs::enqueue("rows").in_scope(|| throughline::inject(&mut headers));
                headers
            })
            .collect();
        let mut parents = Vec::new();
        messages[0].each("traceparent", &mut |value| parents.push(value.to_vec()));
        assert_eq!(parents.len(), 1);
        let deliveries = messages.iter().map(|headers| Delivery::extract("rows", headers));
        run_batch("rows", deliveries, async || ()).await;
        let spans = recorder.spans();
        let enqueued: Vec<_> = spans.spans_named("enqueue rows").map(|span| ids(&span)).collect();
        let process = spans.span("process rows");
        assert_eq!((process.parent_id(), linked(&process)), (None, enqueued));
        assert_eq!(process.attribute("messaging.batch.message_count"), Some(3.into()));
    });
}

#[test]
fn what_an_adapter_says_of_a_message_is_on_its_span_and_of_its_system_on_that_of_a_batch() {
    static CONSUME: Callsite = Callsite::new("consume", module_path!(), file!(), line!(), &[])
        .with_kind(Kind::Consumer)
        .with_constants(&[("messaging.system", ValueView::Str("nats"))]);
    recorded(async |recorder| {
        let headers: [(&str, &str); 0] = [];
        let delivery = || Delivery::extract("rows", &headers).at(&CONSUME);
        delivery().describe(|| throughline::set("messaging.message.body.size", 5)).run_blocking(|| ());
        let span = recorder.only();
        assert_eq!(
            (span.name(), span.attribute("messaging.message.body.size")),
            ("consume rows", Some(5.into()))
        );
        run_batch("rows", [delivery()], async || ()).await;
        let span = recorder.only();
        assert_eq!((span.name(), span.attribute("messaging.system")), ("consume rows", Some("nats".into())));
    });
}

#[test]
fn in_a_capture_a_delivery_has_the_same_ids_each_time() {
    let run = || {
        throughline::testing::capture(|| {
            let json = throughline::span!("request")
                .in_scope(|| serde_json::to_string(&Envelope::new("emails", 7)).unwrap());
            let envelope: Envelope<u32> = serde_json::from_str(&json).unwrap();
            envelope.run_blocking(|_| throughline::span!("send").end());
        })
    };
    let (one, two) = (run(), run());
    for name in ["request", "enqueue emails", "process emails", "send"] {
        assert_eq!(one.span(name).span_id(), two.span(name).span_id(), "{name}");
        assert_eq!(one.span(name).trace_id(), two.span(name).trace_id(), "{name}");
    }
}
