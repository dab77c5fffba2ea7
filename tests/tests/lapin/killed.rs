//! Messages whose worker is killed in the middle of them: a process, by a signal that it cannot answer.

use std::process::Stdio;

use lapin::BasicProperties;
use lapin::options::BasicAckOptions;
use lapin::types::AMQPValue;
use serde_json::Value;
use throughline::logs::JsonLayer;
use throughline::span::Outcome;
use throughline::testing::OwnedValue;
use throughline_lapin::DeliveryExt;
use throughline_test_servers::RabbitMq;
use throughline_tests::lines::Lines;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::Command;
use tracing_subscriber::prelude::*;

use crate::broker::{captured, consume, ids, in_request, linked, next, publish, queue, text};

/// Starts a worker on the queue, kills it when it says that it is in the middle of a message, and returns what it said.
async fn killed_worker(queue: &str) -> Value {
    let broker = RabbitMq::shared().unwrap();
    let mut worker = Command::new(env!("CARGO_BIN_EXE_lapin_worker"))
        .args([&*broker.uri(), queue])
        .env_clear()
        .env("THROUGHLINE_LOG", "json")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(worker.stdout.take().unwrap()).lines();
    let line = lines.next_line().await.unwrap().expect("it begins to work");
    worker.kill().await.unwrap();
    serde_json::from_str(&line).unwrap()
}

/// Works on a message that a worker was killed over, and checks that it is known as such: `attempt` is the number of the
/// delivery, where the queue counts.
fn check(name: &'static str, kind: &[(&str, AMQPValue)], attempt: Option<OwnedValue>) {
    let lines = Lines::default();
    let layer = JsonLayer::new().with_writer(lines.clone());
    let _subscribed = tracing::subscriber::set_default(tracing_subscriber::registry().with(layer));
    let mut killed = Value::Null;
    let Some(trace) = captured(async |channel| {
        queue(&channel, name, kind).await;
        in_request(publish(&channel, name, BasicProperties::default())).await;
        killed = killed_worker(name).await;
        let message = next(&mut consume(&channel, name).await).await;
        let work = async || {
            tracing::info!(target: "work", "once more");
            message.ack(BasicAckOptions::default()).await
        };
        assert!(message.traced(name).run(work).await.unwrap(), "acknowledged");
    }) else {
        return;
    };
    let published = trace.span(&format!("publish {name}"));
    assert_eq!(killed["message"], "in the middle of the message");
    assert_eq!(killed["trace_id"], published.trace_id().to_string(), "the first delivery is of its trace");
    assert_eq!(killed["request_id"], "req-abc");

    let again = trace.span(&format!("process {name}"));
    assert_eq!(again.outcome(), Outcome::Ok);
    assert_eq!((again.parent_id(), linked(&again)), (None, vec![ids(&published)]));
    assert_ne!(again.trace_id(), published.trace_id());
    assert_eq!(again.attribute("job.redelivered"), Some(true.into()));
    assert_eq!(again.attribute("job.attempt"), attempt);
    assert_eq!(again.attribute("request.id"), Some("req-abc".into()));
    assert_eq!(again.attribute("request.id.minted"), None);
    let logged: Vec<Value> = lines.take_json().into_iter().filter(|line| line["target"] == "work").collect();
    assert_eq!(logged.len(), 1, "{logged:?}");
    assert_eq!(logged[0]["request_id"], "req-abc");
    assert_eq!(logged[0]["trace_id"], again.trace_id().to_string());
    assert_eq!(logged[0]["span_id"], again.span_id().to_string());
}

#[test]
fn a_quorum_queue_counts_the_delivery_whose_worker_was_killed() {
    check("killed-quorum", &[("x-queue-type", text("quorum"))], Some(2.into()));
}

#[test]
fn a_classic_queue_says_that_it_delivered_before_and_not_how_often() {
    check("killed-classic", &[], None);
}
