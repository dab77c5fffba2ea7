//! Tasks through PostgreSQL.

mod support;

use std::time::Duration;

use apalis_postgres::{Config, PgPool, PostgresStorage};
use throughline_apalis::JobLayer;
use throughline_test_servers::Postgres;

fn start() -> Option<(String, Postgres)> {
    let postgres = Postgres::start()?;
    Some((postgres.url(), postgres))
}

async fn storage(url: &str) -> PostgresStorage<u32> {
    let pool = PgPool::connect(url).await.unwrap();
    PostgresStorage::setup(&pool).await.unwrap();
    // A worker counts as lost by whole seconds: by one, at a heartbeat of another.
    let config =
        Config::default().queue("emails").heartbeat_interval(Duration::from_millis(500)).missed_heartbeats(2);
    PostgresStorage::new(&pool).with_config(config)
}

support::storage_tests!(crate::start, crate::storage, crate::JobLayer::new, Some(2));
