//! Work on messages.

use lapin::BasicProperties;
use lapin::message::Delivery;
use lapin::options::{BasicAckOptions, BasicGetOptions, QueueBindOptions};
use lapin::types::FieldTable;
use throughline::jobs::run_batch;
use throughline::span::{Kind, Outcome};
use throughline::testing::OwnedValue;
use throughline_lapin::{ChannelExt, DeliveryExt};

use crate::broker::{captured, consume, ids, in_request, linked, next, publish, publish_plainly, queue};

#[test]
fn a_message_is_worked_on_in_the_trace_and_the_request_of_its_publisher() {
    let Some(trace) = captured(async |channel| {
        let name = "delivering-orders";
        queue(&channel, name, &[]).await;
        let (options, arguments) = (QueueBindOptions::default(), FieldTable::default());
        channel
            .queue_bind(name.into(), "amq.topic".into(), "delivered.*".into(), options, arguments)
            .await
            .unwrap();
        let properties = BasicProperties::default().with_message_id("m-1".into());
        let published = channel.basic_publish_traced(
            "amq.topic".into(),
            "delivered.new".into(),
            Default::default(),
            b"hello",
            properties.with_correlation_id("c-1".into()),
        );
        in_request(published).await.unwrap();

        let mut consumer = consume(&channel, name).await;
        let message = next(&mut consumer).await;
        let traced = message.traced(consumer.queue().as_str());
        // The work owns the message, and can be a task of its own.
        let done = tokio::spawn(traced.run(async move || {
            tokio::task::yield_now().await;
            throughline::span!("pack").end();
            assert_eq!(throughline::request_id().unwrap(), "req-abc");
            message.ack(BasicAckOptions::default()).await
        }));
        assert!(done.await.unwrap().unwrap(), "acknowledged");
    }) else {
        return;
    };
    trace.assert_tree(
        "
        request
          publish amq.topic:delivered.new [producer]
            process amq.topic:delivered.new:delivering-orders [consumer]
              pack
        ",
    );
    let process = trace.span("process amq.topic:delivered.new:delivering-orders");
    assert_eq!((process.kind(), process.outcome()), (Kind::Consumer, Outcome::Ok));
    assert!(process.parent_is_remote() && process.links().is_empty());
    for (key, value) in [
        ("messaging.system", Some("rabbitmq".into())),
        ("messaging.operation.name", Some("process".into())),
        ("messaging.operation.type", Some("process".into())),
        ("messaging.destination.name", Some("amq.topic:delivered.new:delivering-orders".into())),
        ("messaging.rabbitmq.destination.routing_key", Some("delivered.new".into())),
        ("messaging.rabbitmq.message.delivery_tag", Some(1.into())),
        ("messaging.message.body.size", Some(5.into())),
        ("messaging.message.id", Some("m-1".into())),
        ("messaging.message.conversation_id", Some("c-1".into())),
        ("job.attempt", Some(1.into())),
        ("job.redelivered", None),
        ("job.queue.latency_ms", None),
        ("request.id", Some("req-abc".into())),
        ("request.id.minted", None),
    ] {
        assert_eq!(process.attribute(key), value, "{key}");
    }
}

#[test]
fn a_message_of_somebody_else_gets_a_request_id_and_its_span_says_so() {
    let Some(trace) = captured(async |channel| {
        let name = "delivering-plain";
        queue(&channel, name, &[]).await;
        publish_plainly(&channel, name, &[]).await;
        // As it is asked for, instead of waited for.
        let message =
            channel.basic_get(name.into(), BasicGetOptions { no_ack: true }).await.unwrap().unwrap();
        let id = message.traced(name).run(async || Ok::<_, String>(throughline::request_id())).await;
        throughline::span!("check", id = id.unwrap().unwrap().to_string()).end();
    }) else {
        return;
    };
    let process = trace.span("process delivering-plain");
    assert_eq!(process.attribute("request.id"), trace.span("check").attribute("id"));
    assert_eq!(process.attribute("request.id.minted"), Some(true.into()));
    assert_eq!((process.parent_id(), process.links().len()), (None, 0));
}

#[test]
fn the_time_in_the_queue_is_known_where_the_publisher_said_when() {
    let Some(trace) = captured(async |channel| {
        let name = "delivering-late";
        queue(&channel, name, &[]).await;
        for seconds in [1, u64::MAX] {
            publish(&channel, name, BasicProperties::default().with_timestamp(seconds)).await;
        }
        let mut consumer = consume(&channel, name).await;
        for _ in 0..2 {
            next(&mut consumer).await.traced(name).run_blocking(|| ());
        }
    }) else {
        return;
    };
    let latencies: Vec<_> = trace
        .spans_named("process delivering-late")
        .map(|span| span.attribute("job.queue.latency_ms").and_then(|value| value.as_int()).unwrap())
        .collect();
    assert!(latencies.iter().any(|latency| *latency > 0), "since 1970: {latencies:?}");
    assert!(latencies.contains(&0), "in a future of the publisher's: {latencies:?}");
}

#[test]
fn work_that_fails_is_a_failed_span_and_the_error_is_the_callers() {
    let Some(trace) = captured(async |channel| {
        let name = "delivering-failure";
        queue(&channel, name, &[]).await;
        publish(&channel, name, BasicProperties::default()).await;
        let message = next(&mut consume(&channel, name).await).await;
        let failed = message.traced(name).run(async || Err::<(), _>("no such user")).await;
        assert_eq!(failed, Err("no such user"));
    }) else {
        return;
    };
    let process = trace.span("process delivering-failure");
    assert_eq!((process.outcome(), process.message()), (Outcome::Error, Some("no such user")));
}

#[test]
fn a_batch_links_to_each_message() {
    let Some(trace) = captured(async |channel| {
        let name = "delivering-batch";
        queue(&channel, name, &[]).await;
        for _ in 0..3 {
            in_request(publish(&channel, name, BasicProperties::default())).await;
        }
        let mut consumer = consume(&channel, name).await;
        let mut batch: Vec<Delivery> = Vec::new();
        while batch.len() < 3 {
            batch.push(next(&mut consumer).await);
        }
        let deliveries = batch.iter().map(|message| message.traced(name));
        let acknowledge = BasicAckOptions { multiple: true };
        let done = run_batch(name, deliveries, async || batch[2].ack(acknowledge).await).await;
        assert!(done.unwrap());
    }) else {
        return;
    };
    let process = trace.span("process delivering-batch");
    let mut published: Vec<_> =
        trace.spans_named("publish delivering-batch").map(|span| ids(&span)).collect();
    let mut linked = linked(&process);
    published.sort();
    linked.sort();
    assert_eq!((process.parent_id(), linked), (None, published));
    assert_eq!(process.attribute("messaging.batch.message_count"), Some(3.into()));
    assert_eq!(process.attribute("messaging.system"), Some("rabbitmq".into()));
    assert!(matches!(process.attribute("request.id"), Some(OwnedValue::Str(id)) if id != "req-abc"));
}
