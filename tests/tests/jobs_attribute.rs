//! `#[job]`: functions that work on messages, in the trace and the request of who sent them.

use std::collections::HashMap;
use std::sync::Arc;

use futures_util::{Stream, StreamExt as _, stream};
use throughline::jobs::{Delivery, Envelope, Message};
use throughline::span::{Callsite, Kind, Outcome, ValueView};
use throughline::testing::{OwnedValue, SpanRecord, Trace, capture, capture_async};
use throughline::{Context, FutureExt as _, baggage, job, traced};

const PARENT: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

fn request() -> String {
    throughline::request_id().map_or_else(String::new, |id| id.to_string())
}

/// A message from another process, as it comes out of a queue.
fn queued<T>(payload: T) -> Envelope<T> {
    let context = throughline::extract(&[("traceparent", PARENT), ("x-request-id", "req-abc")]);
    Envelope::with_context("emails", payload, &context)
}

fn linked(span: &SpanRecord) -> Vec<String> {
    span.links().iter().map(|link| format!("00-{}-{}-01", link.trace_id, link.span_id)).collect()
}

fn came_from(span: &SpanRecord) -> Option<String> {
    span.parent_id().map(|parent| format!("00-{}-{parent}-01", span.trace_id()))
}

#[traced]
fn inner() -> String {
    request()
}

#[job]
async fn send_email(email: Envelope<String>, footer: &str) -> Result<String, String> {
    tokio::task::yield_now().await;
    let spawned = tokio::spawn(async { inner() }).await.unwrap();
    assert_eq!(spawned, request());
    match email.payload().as_str() {
        "nobody" => Err("no such user".to_owned()),
        address => Ok(format!("{} {address} {footer}", request())),
    }
}

#[job]
fn send_now(email: Envelope<&str>) -> Result<String, String> {
    assert_eq!(inner(), request());
    Ok(format!("{} {}", request(), email.into_payload()))
}

#[test]
fn the_first_delivery_is_a_child_of_who_sent_it() {
    let trace = capture(|| assert_eq!(send_now(queued("ada")).unwrap(), "req-abc ada"));
    trace.assert_tree(
        "
        process emails [consumer] (remote parent)
          inner
        ",
    );
    let process = trace.span("process emails");
    assert_eq!(process.kind(), Kind::Consumer);
    assert_eq!(came_from(&process).as_deref(), Some(PARENT));
    assert!(process.parent_is_remote() && process.links().is_empty());
    for (key, value) in [
        ("messaging.operation.name", Some("process".into())),
        ("messaging.operation.type", Some("process".into())),
        ("messaging.destination.name", Some("emails".into())),
        ("job.attempt", Some(1.into())),
        ("job.redelivered", None),
        ("request.id", Some("req-abc".into())),
        ("request.id.minted", None),
    ] {
        assert_eq!(process.attribute(key), value, "{key}");
    }
    assert!(matches!(process.attribute("job.queue.latency_ms"), Some(OwnedValue::Int(_))));
    assert!(process.callsite().function().unwrap().ends_with("::send_now"));
}

#[tokio::test]
async fn a_retry_is_a_trace_of_its_own_linked_to_who_sent_it() {
    let trace = capture_async(async {
        let retry = || queued("ada".to_owned()).at_attempt(2);
        assert_eq!(send_email(retry(), "bye").await.unwrap(), "req-abc ada bye");
        assert_eq!(send_now(queued("ada").at_attempt(2)).unwrap(), "req-abc ada");
    })
    .await;
    for process in trace.spans_named("process emails") {
        assert_eq!((process.parent_id(), linked(&process)), (None, vec![PARENT.to_owned()]));
        assert_eq!(process.attribute("job.attempt"), Some(2.into()));
        assert_eq!(process.attribute("job.redelivered"), Some(true.into()));
        assert_eq!(process.attribute("request.id"), Some("req-abc".into()));
    }
    assert_eq!(trace.spans_named("process emails").count(), 2);
}

#[tokio::test]
async fn a_job_belongs_to_its_message_and_not_to_who_called_it() {
    let trace = capture_async(async {
        let context = throughline::extract(&[("x-request-id", "req-loop")]);
        let call = async { send_email(queued("ada".to_owned()), "").await };
        call.in_span(throughline::span!("loop")).in_context(context).await.unwrap();
    })
    .await;
    assert_eq!(came_from(&trace.span("process emails")).as_deref(), Some(PARENT));
    assert_eq!(trace.span("process emails").attribute("request.id"), Some("req-abc".into()));
}

#[tokio::test]
async fn errors_panics_and_drops_are_the_outcome() {
    let outcome = |trace: Trace| trace.span("process emails").outcome();
    let trace = capture_async(async {
        assert_eq!(send_email(queued("nobody".to_owned()), "").await, Err("no such user".to_owned()));
    })
    .await;
    assert_eq!(trace.span("process emails").message(), Some("no such user"));
    assert_eq!(outcome(trace), Outcome::Error);

    #[job]
    async fn never(email: Envelope<()>) -> Result<(), String> {
        let () = email.into_payload();
        std::future::pending().await
    }
    let trace = capture_async(async {
        let mut work = Box::pin(never(queued(())));
        assert!(futures_util::poll!(&mut work).is_pending());
    })
    .await;
    assert_eq!(outcome(trace), Outcome::Cancelled);

    #[job]
    fn breaks(_email: Envelope<()>) -> Result<(), String> {
        panic!("this test wants a panic")
    }
    let trace = capture(|| assert!(std::panic::catch_unwind(|| breaks(queued(()))).is_err()));
    assert_eq!(outcome(trace), Outcome::Panicked);
}

struct Worker {
    footer: &'static str,
}

#[traced(root, fields(worker.footer = self.footer))]
impl Worker {
    #[job(message = mail, destination = "mail-v2", fields(mail.len = mail.payload().len()))]
    fn send(&self, times: usize, mail: Envelope<String>) -> String {
        format!("{}{}", mail.payload().repeat(times), self.footer)
    }

    #[job(name = "send later", level = "debug")]
    async fn send_later<T: AsRef<str> + Send>(&mut self, mail: &Envelope<T>) -> usize {
        mail.payload().as_ref().len()
    }
}

#[tokio::test]
async fn methods_name_their_message_their_queue_and_their_span() {
    let mut worker = Worker { footer: "!" };
    let trace = capture_async(async {
        assert_eq!(worker.send(2, queued("ab".to_owned())), "abab!");
        assert_eq!(worker.send_later(&queued("abc")).await, 3);
    })
    .await;
    let named = trace.span("process mail-v2");
    assert_eq!(named.attribute("messaging.destination.name"), Some("mail-v2".into()));
    assert_eq!(named.attribute("mail.len"), Some(2.into()));
    assert_eq!(named.attribute("worker.footer"), Some("!".into()));
    assert_eq!(came_from(&named).as_deref(), Some(PARENT), "`root` of the block is not for jobs");
    let later = trace.span("send later");
    assert_eq!(later.attribute("messaging.destination.name"), Some("emails".into()));
    assert_eq!(later.attribute("messaging.operation.name"), Some("process".into()));
}

/// A message of a queue of its own.
struct Popped {
    headers: HashMap<String, String>,
    again: bool,
}

static CONSUME: Callsite = Callsite::new("consume", module_path!(), file!(), line!(), &[])
    .with_kind(Kind::Consumer)
    .with_constants(&[("messaging.system", ValueView::Str("ours")), ("shard", ValueView::Int(3))]);

impl Message for Popped {
    fn delivery(&self) -> Delivery {
        let delivery = Delivery::extract("topic", &self.headers).at(&CONSUME);
        if self.again { delivery.redelivered() } else { delivery }
    }
}

#[job]
fn of_any<M: Message>(message: Arc<M>, seen: &mut Vec<String>) {
    let _ = message;
    seen.push(request());
}

#[test]
fn a_message_of_ones_own_says_what_it_is() {
    let headers = HashMap::from([("traceparent".to_owned(), PARENT.to_owned())]);
    let mut seen = Vec::new();
    let trace = capture(|| {
        of_any(Arc::new(Popped { headers: headers.clone(), again: false }), &mut seen);
        of_any(Arc::new(Popped { headers, again: true }), &mut seen);
    });
    let spans: Vec<_> = trace.spans_named("consume topic").collect();
    let first = spans.iter().find(|span| span.parent_id().is_some()).unwrap();
    let again = spans.iter().find(|span| span.parent_id().is_none()).unwrap();
    assert_eq!(first.attribute("messaging.system"), Some("ours".into()));
    assert_eq!(first.attribute("shard"), Some(3.into()));
    assert_eq!(linked(again), [PARENT]);
    assert_eq!(
        (again.attribute("job.attempt"), again.attribute("job.redelivered")),
        (None, Some(true.into()))
    );
    for (span, id) in [first, again].into_iter().zip(&seen) {
        assert_eq!(span.attribute("request.id").unwrap(), id.as_str());
        assert_eq!(span.attribute("request.id.minted"), Some(true.into()), "none came");
    }
    assert_ne!(seen[0], seen[1]);
}

#[job("import")]
fn import_from(message: Envelope<()>) {
    let _ = message;
}

#[test]
fn a_queue_that_nobody_named_is_not_recorded() {
    let nameless = serde_json::from_str(r#"{"payload":null}"#).unwrap();
    let trace = capture(|| {
        import_from(nameless);
        import_from(queued(()));
    });
    let queues: Vec<_> =
        trace.spans_named("import").map(|span| span.attribute("messaging.destination.name")).collect();
    assert_eq!(queues, [None, Some("emails".into())]);
}

#[job(destination = "rows")]
fn rows(table: Envelope<Vec<u8>>) -> impl Stream<Item = Result<u8, String>> {
    let work = |row: u8| if row == 0 { Err(format!("{} is empty", request())) } else { Ok(row) };
    stream::iter(table.into_payload()).map(work)
}

#[job]
fn boxed(table: Envelope<u8>) -> futures_util::future::BoxFuture<'static, u8> {
    Box::pin(async move { table.into_payload() + u8::try_from(request().len()).unwrap() })
}

#[tokio::test]
async fn streams_and_boxed_futures_are_jobs_too() {
    let trace = capture_async(async {
        let rows: Vec<_> = rows(queued(vec![1, 0])).collect().await;
        assert_eq!(rows, [Ok(1), Err("req-abc is empty".to_owned())]);
        assert_eq!(boxed(queued(1)).await, 8);
    })
    .await;
    assert_eq!(trace.span("process rows").outcome(), Outcome::Error);
    for name in ["process rows", "process emails"] {
        assert_eq!(came_from(&trace.span(name)).as_deref(), Some(PARENT), "{name}");
    }
}

#[test]
fn baggage_comes_along_at_a_retry_too() {
    #[job]
    fn tenant(_message: Envelope<()>) -> Option<String> {
        baggage::get("tenant").map(|tenant| tenant.to_string())
    }
    let context = throughline::extract(&[("traceparent", PARENT), ("baggage", "tenant=acme")]);
    let message = || Envelope::with_context("emails", (), &context);
    assert_eq!(tenant(message()).as_deref(), Some("acme"));
    assert_eq!(tenant(message().at_attempt(2)).as_deref(), Some("acme"));
}

#[test]
fn without_tracing_the_request_goes_along_or_begins() {
    assert_eq!(send_now(queued("ada")).unwrap(), "req-abc ada");
    let id = send_now(Envelope::with_context("emails", "ada", &Context::default())).unwrap();
    assert!(id.starts_with("req-") && id.ends_with(" ada"), "{id}");
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let again = queued("ada".to_owned()).at_attempt(2);
    assert_eq!(runtime.block_on(send_email(again, "bye")).unwrap(), "req-abc ada bye");
    let fresh = Envelope::with_context("emails", "ada".to_owned(), &Context::default());
    assert!(runtime.block_on(send_email(fresh, "")).unwrap().starts_with("req-"));
}

#[test]
fn an_id_that_is_none_is_replaced_and_kept() {
    let json = r#"{"payload": "ada", "context": {"X-Request-ID": "two words"}, "destination": "emails"}"#;
    let mut sent = String::new();
    let trace = capture(|| sent = send_now(serde_json::from_str(json).unwrap()).unwrap());
    let process = trace.span("process emails");
    assert_eq!(process.attribute("request.id.replaced"), Some("two words".into()));
    let id = process.attribute("request.id").unwrap();
    assert_eq!(id, sent.trim_end_matches(" ada"));
    assert_eq!(process.attribute("request.id.minted"), None);
}
