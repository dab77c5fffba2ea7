//! The queue between the gateway and the worker.

mod rabbitmq;
mod sqlite;

use std::env;

use serde::{Deserialize, Serialize};

use rabbitmq::RabbitMq;
use sqlite::Sqlite;

/// Its name.
const ORDERS: &str = "orders";
/// How often a job is tried.
const ATTEMPTS: usize = 3;

/// A job: an order that is to be confirmed.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct OrderPlaced {
    pub(crate) mail: String,
    pub(crate) total_cents: u64,
}

/// The queue between the gateway and the worker.
#[derive(Debug)]
pub(crate) enum Queue {
    /// Of apalis, in a file.
    Sqlite(Sqlite),
    /// Of a broker.
    RabbitMq(Box<RabbitMq>),
}

impl Queue {
    /// The queue of the broker at `AMQP_URL`, or that in a file.
    pub(crate) async fn open() -> anyhow::Result<Self> {
        match env::var("AMQP_URL").ok().filter(|url| !url.is_empty()) {
            Some(url) => Ok(Self::RabbitMq(Box::new(RabbitMq::open(&url).await?))),
            None => Ok(Self::Sqlite(Sqlite::open().await?)),
        }
    }

    /// Puts a job into it.
    pub(crate) async fn publish(&self, order: OrderPlaced) -> anyhow::Result<()> {
        match self {
            Self::Sqlite(queue) => queue.publish(order).await,
            Self::RabbitMq(queue) => queue.publish(&order).await,
        }
    }

    /// Works on the jobs that are in it, until `stop`. One that fails is tried again.
    pub(crate) async fn work<W, F>(
        self,
        work: W,
        stop: impl Future<Output = ()> + Send + 'static,
    ) -> anyhow::Result<()>
    where
        W: Fn(OrderPlaced) -> F + Clone + Send + Sync + 'static,
        F: Future<Output = anyhow::Result<()>> + Send + 'static,
    {
        match self {
            Self::Sqlite(queue) => queue.work(work, stop).await,
            Self::RabbitMq(queue) => queue.work(work, stop).await,
        }
    }
}
