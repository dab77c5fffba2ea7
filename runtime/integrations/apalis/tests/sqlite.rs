//! Tasks through SQLite, in a file.

mod support;

use std::sync::Arc;
use std::time::Duration;

use apalis::prelude::*;
use apalis_sqlite::{Config, SqlitePool, SqliteStorage};
use support::{
    Seen, Sent, assert_clean, assert_retried, fails_once, hostile_task, is_lost_once, ordering, recorded,
    sends_on,
};
use throughline::span::{Kind, Outcome};
use throughline::testing::OwnedValue;
use throughline_apalis::{EnqueueExt as _, JobLayer};
use throughline_test_servers::Scratch;
use tokio::sync::Notify;

async fn storage(scratch: &Scratch) -> SqliteStorage<u32> {
    let file = scratch.path().join("jobs.db");
    let pool = SqlitePool::connect(&format!("sqlite:{}?mode=rwc", file.display())).await.unwrap();
    SqliteStorage::setup(&pool).await.unwrap();
    // A worker counts as lost by whole seconds: by these, at the first heartbeat of another.
    let config =
        Config::default().queue("emails").heartbeat_interval(Duration::from_millis(100)).missed_heartbeats(1);
    SqliteStorage::new(&pool).with_config(config)
}

#[test]
fn a_task_that_fails_once_is_two_runs_in_two_traces_of_one_request() {
    let scratch = Scratch::new("apalis");
    let test = async || {
        let mut emails = storage(&scratch).await;
        ordering(async || emails.enqueue("emails", 7).await).await.unwrap();
        let seen = Seen::default();
        let worker = WorkerBuilder::new("mailer").backend(emails).layer(JobLayer::new()).data(seen.clone());
        worker.build(fails_once).run().await.unwrap();
        seen.all()
    };
    recorded(test, |seen, trace| {
        assert_eq!(seen, ["req-abc", "req-abc"]);
        let [first, second] = assert_retried(&trace, Some(2));
        assert_eq!((first.outcome(), first.message()), (Outcome::Error, Some("the server is away")));
        assert_eq!(second.outcome(), Outcome::Ok);
        assert_eq!(
            (first.kind(), first.attribute("messaging.client.id")),
            (Kind::Consumer, Some("mailer".into()))
        );
        let (order, enqueue) = (trace.span("order"), trace.span("enqueue emails"));
        assert_eq!((enqueue.kind(), enqueue.parent_id()), (Kind::Producer, Some(order.span_id())));
        assert_eq!(enqueue.attribute("messaging.operation.type"), Some("send".into()));
        let sends: Vec<_> = trace.spans_named("send").map(|send| send.parent_id()).collect();
        assert_eq!(sends, [Some(first.span_id()), Some(second.span_id())]);
    });
}

#[test]
fn a_task_whose_worker_is_lost_is_run_again_in_a_trace_of_its_own() {
    let scratch = Scratch::new("apalis");
    let test = async || {
        let mut emails = storage(&scratch).await;
        ordering(async || emails.enqueue("emails", 7).await).await.unwrap();
        let (seen, begun) = (Seen::default(), Arc::new(Notify::new()));
        let worker = |name: &str, emails| {
            let worker = WorkerBuilder::new(name).backend(emails).layer(JobLayer::new());
            worker.data(seen.clone()).data(begun.clone()).build(is_lost_once)
        };
        tokio::select! {
            ended = worker("lost", storage(&scratch).await).run() => panic!("{ended:?}"),
            () = begun.notified() => {}
        }
        worker("mailer", storage(&scratch).await).run().await.unwrap();
        seen.all()
    };
    recorded(test, |seen, trace| {
        assert_eq!(seen, ["req-abc", "req-abc"]);
        let [first, second] = assert_retried(&trace, Some(2));
        assert_eq!((first.outcome(), second.outcome()), (Outcome::Cancelled, Outcome::Ok));
    });
}

#[test]
fn hostile_metadata_costs_the_context_and_not_the_task() {
    let scratch = Scratch::new("apalis");
    let test = async || {
        let mut emails = storage(&scratch).await;
        emails.push_task(hostile_task()).await.unwrap();
        let sent = Sent::default();
        let worker = WorkerBuilder::new("mailer").backend(emails).layer(JobLayer::new()).data(sent.clone());
        worker.build(sends_on).run().await.unwrap();
        sent
    };
    recorded(test, |sent, trace| assert_clean(&sent, &trace));
}

#[test]
fn a_task_that_is_due_later_waits_from_then_on() {
    let scratch = Scratch::new("apalis");
    let test = async || {
        let mut emails = storage(&scratch).await;
        let since_1970 = TaskBuilder::new(7).run_at_timestamp(1).build();
        emails.push_task(since_1970).await.unwrap();
        let sent = Sent::default();
        let worker = WorkerBuilder::new("mailer").backend(emails).layer(JobLayer::new()).data(sent);
        worker.build(sends_on).run().await.unwrap();
    };
    recorded(test, |(), trace| {
        let run = trace.span("process emails");
        let waited = run.attribute("job.queue.latency_ms");
        assert!(
            matches!(waited, Some(OwnedValue::Int(since_1970)) if since_1970 > 1_000_000_000_000),
            "{waited:?}"
        );
        assert_eq!(
            run.attribute("request.id.minted"),
            Some(true.into()),
            "nobody enqueued it with a context"
        );
    });
}
