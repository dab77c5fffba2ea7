//! Tasks through Redis.

mod support;

use std::time::Duration;

use apalis_redis::{Client, Config, ConnectionLike, RedisStorage};
use throughline_apalis::JobLayer;
use throughline_test_servers::Redis;

fn start() -> Option<(String, Redis)> {
    let redis = Redis::start()?;
    Some((redis.uri(), redis))
}

async fn storage(uri: &str) -> RedisStorage<u32, impl ConnectionLike + Clone + Send + Sync + Unpin + use<>> {
    let client = Client::open(uri).unwrap();
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

// Nobody counts the runs whose worker was lost.
support::storage_tests!(crate::start, crate::storage, crate::layer, None);
