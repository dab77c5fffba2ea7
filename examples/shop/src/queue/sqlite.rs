//! The queue of apalis, in a file.

use std::time::Duration;

use anyhow::Context as _;
use apalis::layers::retry::RetryPolicy;
use apalis::prelude::*;
use apalis_sqlite::{Config, SqlitePool, SqliteStorage};
use throughline_apalis::{EnqueueExt as _, JobLayer};

use crate::queue::{ATTEMPTS, ORDERS, OrderPlaced};
use crate::role::settings;

/// How often the worker looks for jobs.
const INTERVAL: Duration = Duration::from_millis(50);

/// The queue of apalis, in a file.
#[derive(Clone, Debug)]
pub(crate) struct Sqlite(SqlitePool);

impl Sqlite {
    pub(super) async fn open() -> anyhow::Result<Self> {
        let file = settings::folder()?.join("queue.db");
        let pool = SqlitePool::connect(&format!("sqlite:{}?mode=rwc", file.display())).await;
        let pool = pool.context("no queue can be made")?;
        SqliteStorage::setup(&pool).await.context("no table for the queue can be made")?;
        Ok(Self(pool))
    }

    pub(super) async fn publish(&self, order: OrderPlaced) -> anyhow::Result<()> {
        let mut orders = SqliteStorage::new(&self.0).with_config(Config::default().queue(ORDERS));
        Ok(orders.enqueue(ORDERS, order).await?)
    }

    pub(super) async fn work<W, F>(
        self,
        work: W,
        stop: impl Future<Output = ()> + Send + 'static,
    ) -> anyhow::Result<()>
    where
        W: Fn(OrderPlaced) -> F + Clone + Send + Sync + 'static,
        F: Future<Output = anyhow::Result<()>> + Send + 'static,
    {
        let orders = SqliteStorage::new(&self.0).with_config(Config::default().queue(ORDERS));
        let handle = move |order: OrderPlaced| {
            let work = work(order);
            async move { work.await.map_err(BoxDynError::from) }
        };
        // By itself it looks less and less often: up to half a minute apart.
        let worker = WorkerBuilder::new("worker").backend(orders.poll_with_interval(INTERVAL));
        // Around the layer of jobs, so that each try is a trace of its own.
        let worker = worker.retry(RetryPolicy::retries(ATTEMPTS - 1)).layer(JobLayer::new()).build(handle);
        let stop = async {
            stop.await;
            Ok::<(), std::io::Error>(())
        };
        worker.run_until(stop).await?;
        Ok(())
    }
}
