//! Messages that come again.

use std::time::Duration;

use lapin::BasicProperties;
use lapin::options::{BasicAckOptions, BasicNackOptions, BasicRejectOptions};
use lapin::types::AMQPValue;
use throughline::span::Outcome;
use throughline::testing::Trace;
use throughline::{FutureExt, request_id};
use throughline_lapin::DeliveryExt;
use throughline_test_servers::RabbitMq;
use tokio::sync::oneshot;

use crate::broker::{captured, connect, consume, ids, in_request, linked, next, publish, queue, text};

/// A consumer dies while it works on a message, which another one gets then.
fn with_a_dying_consumer(name: &'static str, kind: &[(&str, AMQPValue)]) -> Option<Trace> {
    captured(async |channel| {
        queue(&channel, name, kind).await;
        in_request(publish(&channel, name, BasicProperties::default())).await;

        let process =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let (begins, begun) = oneshot::channel();
        let dying = async move {
            let connection = connect(RabbitMq::shared().unwrap()).await;
            let channel = connection.create_channel().await.unwrap();
            let message = next(&mut consume(&channel, name).await).await;
            let work = async || {
                begins.send(()).unwrap();
                std::future::pending::<()>().await;
            };
            message.traced(name).run(work).await;
        };
        process.spawn(dying.in_context(throughline::current()));
        begun.await.unwrap();
        // The connection breaks off, as it does when a process is killed.
        let killed = tokio::task::spawn_blocking(|| process.shutdown_timeout(Duration::from_secs(60)));
        killed.await.unwrap();

        let message = next(&mut consume(&channel, name).await).await;
        let work = async || {
            assert_eq!(request_id().unwrap(), "req-abc");
            message.ack(BasicAckOptions::default()).await
        };
        assert!(message.traced(name).run(work).await.unwrap());
    })
}

/// The span of the work that was killed is in the trace of the publisher; that of the redelivery is linked to it.
fn assert_redelivered(trace: &Trace, name: &str, attempt: Option<i64>) {
    let published = trace.span(&format!("publish {name}"));
    let spans: Vec<_> = trace.spans_named(&format!("process {name}")).collect();
    let [killed, again] = &spans[..] else { panic!("two deliveries: {}", trace.tree()) };
    assert_eq!((killed.outcome(), killed.parent_id()), (Outcome::Cancelled, Some(published.span_id())));
    assert_eq!(killed.attribute("job.attempt"), Some(1.into()));
    assert_ne!(again.trace_id(), published.trace_id());
    assert_eq!((again.parent_id(), linked(again)), (None, vec![ids(&published)]));
    assert_eq!(again.attribute("job.redelivered"), Some(true.into()));
    assert_eq!(again.attribute("job.attempt"), attempt.map(Into::into));
    assert_eq!(again.attribute("request.id"), Some("req-abc".into()));
    assert_eq!(again.attribute("request.id.minted"), None);
}

#[test]
fn a_quorum_queue_tells_which_delivery_it_is_after_a_consumer_died() {
    let name = "redelivering-quorum";
    let Some(trace) = with_a_dying_consumer(name, &[("x-queue-type", text("quorum"))]) else { return };
    assert_redelivered(&trace, name, Some(2));
}

#[test]
fn a_classic_queue_tells_only_that_it_was_delivered_before() {
    let name = "redelivering-classic";
    let Some(trace) = with_a_dying_consumer(name, &[]) else { return };
    assert_redelivered(&trace, name, None);
}

#[test]
fn a_message_that_is_put_back_is_counted_on() {
    let name = "redelivering-requeued";
    let Some(trace) = captured(async |channel| {
        queue(&channel, name, &[("x-queue-type", text("quorum"))]).await;
        in_request(publish(&channel, name, BasicProperties::default())).await;
        let mut consumer = consume(&channel, name).await;
        for _ in 0..2 {
            let message = next(&mut consumer).await;
            let back = BasicNackOptions { requeue: true, ..BasicNackOptions::default() };
            message.traced(name).run(async || message.nack(back).await).await.unwrap();
        }
        let message = next(&mut consumer).await;
        message.traced(name).run(async || message.ack(BasicAckOptions::default()).await).await.unwrap();
    }) else {
        return;
    };
    let attempts: Vec<_> = trace
        .spans_named("process redelivering-requeued")
        .map(|span| span.attribute("job.attempt"))
        .collect();
    assert_eq!(attempts, [1, 2, 3].map(|attempt| Some(attempt.into())));
    let traces = trace.trace_ids();
    assert_eq!(traces.len(), 3, "each retry is one of its own");
}

#[test]
fn a_count_that_a_publisher_made_up_counts_for_nothing() {
    let name = "redelivering-made-up";
    let Some(trace) = captured(async |channel| {
        queue(&channel, name, &[]).await;
        let headers = [("x-delivery-count", AMQPValue::LongLongInt(i64::MAX))];
        crate::broker::publish_plainly(&channel, name, &headers).await;
        next(&mut consume(&channel, name).await).await.traced(name).run_blocking(|| ());
    }) else {
        return;
    };
    assert_eq!(trace.span("process redelivering-made-up").attribute("job.attempt"), Some(1.into()));
}

#[test]
fn a_dead_letter_is_first_delivered_to_whoever_looks_after_them() {
    let (name, dead) = ("redelivering-rejected", "redelivering-dead");
    let Some(trace) = captured(async |channel| {
        queue(&channel, dead, &[]).await;
        let to = [("x-dead-letter-exchange", text("")), ("x-dead-letter-routing-key", text(dead))];
        queue(&channel, name, &to).await;
        in_request(publish(&channel, name, BasicProperties::default())).await;
        let message = next(&mut consume(&channel, name).await).await;
        let away = BasicRejectOptions { requeue: false };
        message.traced(name).run(async || message.reject(away).await).await.unwrap();
        next(&mut consume(&channel, dead).await).await.traced(dead).run_blocking(|| ());
    }) else {
        return;
    };
    let published = trace.span("publish redelivering-rejected");
    for name in ["process redelivering-rejected", "process redelivering-dead"] {
        let span = trace.span(name);
        assert_eq!(
            (span.parent_id(), span.attribute("job.attempt")),
            (Some(published.span_id()), Some(1.into()))
        );
        assert_eq!(span.attribute("request.id"), Some("req-abc".into()));
    }
}

#[test]
fn a_message_that_comes_back_from_a_queue_of_delays_has_the_number_of_its_rejections() {
    let (name, delays) = ("redelivering-delayed", "redelivering-delays");
    let Some(trace) = captured(async |channel| {
        let back = [("x-dead-letter-exchange", text("")), ("x-dead-letter-routing-key", text(name))];
        let delay = [back[0].clone(), back[1].clone(), ("x-message-ttl", AMQPValue::LongInt(1))];
        queue(&channel, delays, &delay).await;
        let away = [("x-dead-letter-exchange", text("")), ("x-dead-letter-routing-key", text(delays))];
        queue(&channel, name, &away).await;
        in_request(publish(&channel, name, BasicProperties::default())).await;
        let mut consumer = consume(&channel, name).await;
        for _ in 0..3 {
            let message = next(&mut consumer).await;
            let away = BasicRejectOptions { requeue: false };
            message.traced(name).run(async || message.reject(away).await).await.unwrap();
        }
    }) else {
        return;
    };
    let published = trace.span("publish redelivering-delayed");
    let spans: Vec<_> = trace.spans_named("process redelivering-delayed").collect();
    let attempts: Vec<_> = spans.iter().map(|span| span.attribute("job.attempt")).collect();
    assert_eq!(attempts, [1, 2, 3].map(|attempt| Some(attempt.into())));
    assert_eq!(spans[0].parent_id(), Some(published.span_id()));
    for retry in &spans[1..] {
        assert_eq!((retry.parent_id(), linked(retry)), (None, vec![ids(&published)]));
        assert_eq!(retry.attribute("request.id"), Some("req-abc".into()));
    }
}
