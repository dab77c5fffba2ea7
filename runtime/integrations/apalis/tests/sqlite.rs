//! Tasks through SQLite, in a file.

mod support;

use std::time::Duration;

use apalis::prelude::*;
use apalis_sqlite::{Config, SqlitePool, SqliteStorage};
use support::{Sent, recorded, sends_on};
use throughline::testing::OwnedValue;
use throughline_apalis::JobLayer;
use throughline_test_servers::Scratch;

fn start() -> Option<(String, Scratch)> {
    let scratch = Scratch::new("apalis");
    Some((format!("sqlite:{}?mode=rwc", scratch.path().join("jobs.db").display()), scratch))
}

async fn storage(url: &str) -> SqliteStorage<u32> {
    let pool = SqlitePool::connect(url).await.unwrap();
    SqliteStorage::setup(&pool).await.unwrap();
    // A worker counts as lost by whole seconds: by these, at the first heartbeat of another.
    let config =
        Config::default().queue("emails").heartbeat_interval(Duration::from_millis(100)).missed_heartbeats(1);
    SqliteStorage::new(&pool).with_config(config)
}

support::storage_tests!(crate::start, crate::storage, crate::JobLayer::new, Some(2));

#[test]
fn a_task_that_is_due_later_waits_from_then_on() {
    let Some((place, _scratch)) = start() else { return };
    let test = async || {
        let mut emails = storage(&place).await;
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
