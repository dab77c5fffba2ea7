//! What goes on from work on messages with hostile headers.

use std::collections::BTreeMap;

use lapin::BasicProperties;
use lapin::types::AMQPValue;
use throughline::jobs::run_batch;
use throughline::testing::OwnedValue;
use throughline_lapin::DeliveryExt;

use crate::broker::{captured, consume, header, linked, next, publish, publish_plainly, queue, text};

const PARENT: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

/// Headers of which a request ID and a trace cannot be read, and one value of the baggage can.
fn strange() -> Vec<(&'static str, AMQPValue)> {
    let bytes = |bytes: &[u8]| AMQPValue::LongString(bytes.to_vec().into());
    vec![
        ("traceparent", text(PARENT)),
        ("TraceParent", text(&PARENT.replace("4bf9", "5bf9"))),
        ("tracestate", bytes(b"\xff=\x00\r\n")),
        ("baggage", bytes(b"a=%0D%0A,b\r\nX-Injected: 1=2,c=\xff\xfe")),
        ("X-Request-ID", bytes(b"a\x00\r\nX-Injected: 1\x1b[31m\xff")),
        ("x-filler", bytes(&[b'y'; 100_000])),
    ]
}

#[test]
fn what_is_published_by_work_on_a_hostile_message_is_clean() {
    let mut sent = BTreeMap::new();
    let Some(trace) = captured(async |channel| {
        queue(&channel, "hostile-in", &[]).await;
        queue(&channel, "hostile-out", &[]).await;
        let (mut strangers, mut ours) =
            (consume(&channel, "hostile-in").await, consume(&channel, "hostile-out").await);
        publish_plainly(&channel, "hostile-in", &strange()).await;
        let work = async || publish(&channel, "hostile-out", BasicProperties::default()).await;
        next(&mut strangers).await.traced("hostile-in").run(work).await;
        let message = next(&mut ours).await;
        let keys = message.properties.headers().as_ref().unwrap().inner().keys();
        sent = keys.map(|key| (key.to_string(), header(&message, key.as_str()).unwrap())).collect();
    }) else {
        return;
    };
    let span = trace.span("process hostile-in");
    assert_eq!(span.parent_id(), None, "two traces are none");
    let id = span.request_id().unwrap();
    let replaced: OwnedValue = r"a\x00\r\nX-Injected: 1\x1b[31m\xff".into();
    assert_eq!((id.starts_with("req-"), span.attribute("request.id.replaced")), (true, Some(replaced)));
    assert_eq!(sent.keys().collect::<Vec<_>>(), ["X-Request-ID", "baggage", "traceparent"]);
    assert_eq!((&sent["X-Request-ID"], sent["baggage"].as_str()), (&id, "a=%0D%0A"));
    let parent = format!("00-{}-", span.trace_id());
    assert!(sent["traceparent"].starts_with(&parent), "{sent:?}");
}

#[test]
fn a_batch_with_hostile_messages_links_to_those_that_say_who_sent_them() {
    let Some(trace) = captured(async |channel| {
        let name = "hostile-batch";
        queue(&channel, name, &[]).await;
        let mut consumer = consume(&channel, name).await;
        let mut messages = Vec::new();
        for headers in [strange(), vec![("traceparent", text(PARENT))], strange()] {
            publish_plainly(&channel, name, &headers).await;
            messages.push(next(&mut consumer).await);
        }
        run_batch(name, messages.iter().map(|message| message.traced(name)), async || ()).await;
    }) else {
        return;
    };
    let batch = trace.span("process hostile-batch");
    let linked: Vec<String> =
        linked(&batch).iter().map(|(trace, span)| format!("00-{trace}-{span}-01")).collect();
    assert_eq!((batch.parent_id(), linked), (None, vec![PARENT.to_owned()]));
    assert!(batch.request_id().unwrap().starts_with("req-"));
}
