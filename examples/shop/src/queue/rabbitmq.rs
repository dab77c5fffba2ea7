//! The queue of a RabbitMQ.

use anyhow::Context as _;
use futures_util::StreamExt as _;
use lapin::options::{
    BasicAckOptions, BasicConsumeOptions, BasicNackOptions, BasicPublishOptions, BasicQosOptions,
    ConfirmSelectOptions, QueueDeclareOptions,
};
use lapin::types::{AMQPValue, FieldTable};
use lapin::{BasicProperties, Channel, Connection, ConnectionProperties};
use throughline_lapin::{ChannelExt as _, DeliveryExt as _};

use crate::queue::{ATTEMPTS, ORDERS, OrderPlaced};

/// The queue of a RabbitMQ, of the kind that counts deliveries.
#[derive(Debug)]
pub(crate) struct RabbitMq {
    channel: Channel,
    _connection: Connection,
}

impl RabbitMq {
    pub(super) async fn open(url: &str) -> anyhow::Result<Self> {
        let connection = Connection::connect(url, ConnectionProperties::default()).await;
        let connection = connection.context("AMQP_URL names no RabbitMQ that answers")?;
        let channel = connection.create_channel().await?;
        let mut arguments = FieldTable::default();
        arguments.insert("x-queue-type".into(), AMQPValue::LongString("quorum".into()));
        arguments.insert("x-delivery-limit".into(), AMQPValue::LongLongInt(ATTEMPTS as i64 - 1));
        let options = QueueDeclareOptions { durable: true, ..QueueDeclareOptions::default() };
        channel.queue_declare(ORDERS.into(), options, arguments).await?;
        channel.confirm_select(ConfirmSelectOptions::default()).await?;
        Ok(Self { channel, _connection: connection })
    }

    pub(super) async fn publish(&self, order: &OrderPlaced) -> anyhow::Result<()> {
        let (body, options) = (serde_json::to_vec(order)?, BasicPublishOptions::default());
        let properties = BasicProperties::default().with_delivery_mode(2);
        self.channel
            .basic_publish_traced("".into(), ORDERS.into(), options, &body, properties)
            .await?
            .await?;
        Ok(())
    }

    pub(super) async fn work<W, F>(self, work: W, stop: impl Future<Output = ()>) -> anyhow::Result<()>
    where
        W: Fn(OrderPlaced) -> F,
        F: Future<Output = anyhow::Result<()>>,
    {
        self.channel.basic_qos(1, BasicQosOptions::default()).await?;
        let (options, arguments) = (BasicConsumeOptions::default(), FieldTable::default());
        let messages = self.channel.basic_consume(ORDERS.into(), "worker".into(), options, arguments).await?;
        let mut messages = messages.take_until(Box::pin(stop));
        while let Some(message) = messages.next().await {
            let message = message?;
            let done =
                message.traced(ORDERS).run(async || work(serde_json::from_slice(&message.data)?).await).await;
            match done {
                Ok(()) => message.ack(BasicAckOptions::default()).await?,
                Err(_) => {
                    message.nack(BasicNackOptions { requeue: true, ..BasicNackOptions::default() }).await?
                }
            };
        }
        Ok(())
    }
}
