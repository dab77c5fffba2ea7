//! Tasks through PostgreSQL.

mod support;

use std::sync::Arc;
use std::time::Duration;

use apalis::prelude::*;
use apalis_postgres::{Config, PgPool, PostgresStorage};
use support::{Seen, Sent, assert_clean, assert_retried, fails_once, hostile_task, is_lost_once};
use support::{ordering, recorded, sends_on};
use throughline::span::Outcome;
use throughline_apalis::{EnqueueExt as _, JobLayer};
use throughline_test_servers::Postgres;
use tokio::sync::Notify;

async fn storage(postgres: &Postgres) -> PostgresStorage<u32> {
    let pool = PgPool::connect(&postgres.url()).await.unwrap();
    PostgresStorage::setup(&pool).await.unwrap();
    // A worker counts as lost by whole seconds: by one, at a heartbeat of another.
    let config =
        Config::default().queue("emails").heartbeat_interval(Duration::from_millis(500)).missed_heartbeats(2);
    PostgresStorage::new(&pool).with_config(config)
}

#[test]
fn a_task_that_fails_once_is_two_runs_in_two_traces_of_one_request() {
    let Some(postgres) = Postgres::start() else { return };
    let test = async || {
        let mut emails = storage(&postgres).await;
        ordering(async || emails.enqueue("emails", 7).await).await.unwrap();
        let seen = Seen::default();
        let worker = WorkerBuilder::new("mailer").backend(emails).layer(JobLayer::new()).data(seen.clone());
        worker.build(fails_once).run().await.unwrap();
        seen.all()
    };
    recorded(test, |seen, trace| {
        assert_eq!(seen, ["req-abc", "req-abc"]);
        let [first, second] = assert_retried(&trace, Some(2));
        assert_eq!((first.outcome(), second.outcome()), (Outcome::Error, Outcome::Ok));
    });
}

#[test]
fn a_task_whose_worker_is_lost_is_run_again_in_a_trace_of_its_own() {
    let Some(postgres) = Postgres::start() else { return };
    let test = async || {
        let mut emails = storage(&postgres).await;
        ordering(async || emails.enqueue("emails", 7).await).await.unwrap();
        let (seen, begun) = (Seen::default(), Arc::new(Notify::new()));
        let worker = |name: &str, emails| {
            let worker = WorkerBuilder::new(name).backend(emails).layer(JobLayer::new());
            worker.data(seen.clone()).data(begun.clone()).build(is_lost_once)
        };
        tokio::select! {
            ended = worker("lost", storage(&postgres).await).run() => panic!("{ended:?}"),
            () = begun.notified() => {}
        }
        worker("mailer", storage(&postgres).await).run().await.unwrap();
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
    let Some(postgres) = Postgres::start() else { return };
    let test = async || {
        let mut emails = storage(&postgres).await;
        emails.push_task(hostile_task()).await.unwrap();
        let sent = Sent::default();
        let worker = WorkerBuilder::new("mailer").backend(emails).layer(JobLayer::new()).data(sent.clone());
        worker.build(sends_on).run().await.unwrap();
        sent
    };
    recorded(test, |sent, trace| assert_clean(&sent, &trace));
}
