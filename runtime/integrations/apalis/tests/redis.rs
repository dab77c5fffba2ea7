//! Tasks through Redis.

mod support;

use std::sync::Arc;
use std::time::Duration;

use apalis::prelude::*;
use apalis_core::task::status::Status;
use apalis_core::task::task_id::TaskId;
use apalis_redis::{Client, Config, ConnectionLike, RedisStorage};
use support::{Seen, Sent, assert_clean, assert_retried, fails_once, hostile_task, is_lost_once};
use support::{ordering, recorded, sends_on};
use throughline::span::Outcome;
use throughline_apalis::{EnqueueExt as _, JobLayer};
use throughline_test_servers::Redis;
use tokio::sync::Notify;

async fn storage(
    redis: &Redis,
) -> RedisStorage<u32, impl ConnectionLike + Clone + Send + Sync + Unpin + 'static> {
    let client = Client::open(redis.uri()).unwrap();
    let mut connection = client.get_multiplexed_async_connection().await.unwrap();
    // It waits half a second otherwise, which is short for the largest values on a slow machine.
    connection.set_response_timeout(Duration::from_secs(60));
    // A worker counts as lost by whole seconds: by one, at the second heartbeat of another.
    let config =
        Config::default().queue("emails").heartbeat_interval(Duration::from_millis(500)).missed_heartbeats(2);
    RedisStorage::new(connection).with_config(config)
}

fn layer() -> JobLayer {
    JobLayer::new().queue("emails")
}

#[test]
fn a_task_that_fails_once_is_two_runs_in_two_traces_of_one_request() {
    let Some(redis) = Redis::start() else { return };
    let test = async || {
        let mut emails = storage(&redis).await;
        ordering(async || emails.enqueue("emails", 7).await).await.unwrap();
        let seen = Seen::default();
        let worker = WorkerBuilder::new("mailer").backend(emails).layer(layer()).data(seen.clone());
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
fn a_task_whose_worker_is_lost_is_run_again_and_nobody_counts() {
    let Some(redis) = Redis::start() else { return };
    let test = async || {
        let mut emails = storage(&redis).await;
        let id: TaskId = "01ARZ3NDEKTSV4RRFFQ69G5FAV".parse().unwrap();
        let task = TaskBuilder::new(7).task_id(id.clone()).build();
        ordering(async || emails.enqueue_task("emails", task).await).await.unwrap();
        let (seen, begun) = (Seen::default(), Arc::new(Notify::new()));
        let worker = |name: &str, emails| {
            let worker = WorkerBuilder::new(name).backend(emails).layer(layer());
            worker.data(seen.clone()).data(begun.clone()).build(is_lost_once)
        };
        let is_known_to_run = async {
            begun.notified().await;
            while emails.fetch_by_id(&id).await.unwrap().unwrap().status() != Status::Running {
                tokio::task::yield_now().await;
            }
        };
        tokio::select! {
            ended = worker("lost", storage(&redis).await).run() => panic!("{ended:?}"),
            () = is_known_to_run => {}
        }
        worker("mailer", storage(&redis).await).run().await.unwrap();
        seen.all()
    };
    recorded(test, |seen, trace| {
        assert_eq!(seen, ["req-abc", "req-abc"]);
        let [first, second] = assert_retried(&trace, None);
        assert_eq!((first.outcome(), second.outcome()), (Outcome::Cancelled, Outcome::Ok));
    });
}

#[test]
fn hostile_metadata_costs_the_context_and_not_the_task() {
    let Some(redis) = Redis::start() else { return };
    let test = async || {
        let mut emails = storage(&redis).await;
        emails.push_task(hostile_task()).await.unwrap();
        let sent = Sent::default();
        let worker = WorkerBuilder::new("mailer").backend(emails).layer(layer()).data(sent.clone());
        worker.build(sends_on).run().await.unwrap();
        sent
    };
    recorded(test, |sent, trace| assert_clean(&sent, &trace));
}
