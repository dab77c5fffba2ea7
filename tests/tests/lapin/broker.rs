//! A connection to the broker, with what tests say over and over.

use futures_util::StreamExt;
use lapin::message::Delivery;
use lapin::options::{BasicConsumeOptions, BasicPublishOptions, QueueDeclareOptions};
use lapin::types::{AMQPValue, FieldTable, ShortString};
use lapin::{BasicProperties, Channel, Connection, ConnectionProperties, Consumer};
use throughline::testing::{SpanRecord, Trace, capture_async};
use throughline::{Context, ContextParts, FutureExt, SpanId, TraceId};
use throughline_lapin::ChannelExt;
use throughline_test_servers::RabbitMq;

/// Runs `test` with a channel, and returns what it recorded; `None` where there is no broker.
pub(crate) fn captured(test: impl AsyncFnOnce(Channel)) -> Option<Trace> {
    let broker = RabbitMq::shared()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    Some(runtime.block_on(capture_async(async {
        let connection = connect(broker).await;
        let channel = connection.create_channel().await.unwrap();
        test(channel.clone()).await;
        connection.close(200, "done".into()).await.unwrap();
    })))
}

pub(crate) async fn connect(broker: &RabbitMq) -> Connection {
    Connection::connect(&broker.uri(), ConnectionProperties::default()).await.unwrap()
}

/// Runs `work` in the span `request`, of the request `req-abc`.
pub(crate) fn in_request<F: Future>(work: F) -> impl Future<Output = F::Output> {
    let request_id = Some("req-abc".parse().unwrap());
    let _attached = Context::from(ContextParts { request_id, ..ContextParts::default() }).attach();
    work.in_span(throughline::span!("request"))
}

/// Declares a queue that goes away with its connection, unless its arguments say what it is.
pub(crate) async fn queue(channel: &Channel, name: &str, arguments: &[(&str, AMQPValue)]) {
    let is_quorum = arguments.iter().any(|(key, _)| *key == "x-queue-type");
    let options = QueueDeclareOptions { durable: is_quorum, ..QueueDeclareOptions::default() };
    channel.queue_declare(name.into(), options, table(arguments)).await.unwrap();
}

pub(crate) fn table(entries: &[(&str, AMQPValue)]) -> FieldTable {
    let mut table = FieldTable::default();
    for (key, value) in entries {
        table.insert(ShortString::from(*key), value.clone());
    }
    table
}

pub(crate) fn text(text: &str) -> AMQPValue {
    AMQPValue::LongString(text.into())
}

/// Publishes `hello` to the queue, and waits for what the broker says.
pub(crate) async fn publish(channel: &Channel, queue: &str, properties: BasicProperties) {
    let options = BasicPublishOptions::default();
    let published = channel.basic_publish_traced("".into(), queue.into(), options, b"hello", properties);
    published.await.unwrap().await.unwrap();
}

/// The same without the adapter, as somebody else would.
pub(crate) async fn publish_plainly(channel: &Channel, queue: &str, headers: &[(&str, AMQPValue)]) {
    let properties = BasicProperties::default().with_headers(table(headers));
    let options = BasicPublishOptions::default();
    let published = channel.basic_publish("".into(), queue.into(), options, b"hello", properties);
    published.await.unwrap().await.unwrap();
}

pub(crate) async fn consume(channel: &Channel, queue: &str) -> Consumer {
    let (options, arguments) = (BasicConsumeOptions::default(), FieldTable::default());
    channel.basic_consume(queue.into(), "".into(), options, arguments).await.unwrap()
}

pub(crate) async fn next(consumer: &mut Consumer) -> Delivery {
    consumer.next().await.expect("a message").unwrap()
}

/// The text of a header, as it was sent.
pub(crate) fn header(message: &Delivery, key: &str) -> Option<String> {
    let value = message.properties.headers().as_ref()?.inner().get(key)?;
    Some(value.as_long_string().expect("a long string").to_string())
}

pub(crate) fn ids(span: &SpanRecord) -> (TraceId, SpanId) {
    (span.trace_id(), span.span_id())
}

pub(crate) fn linked(span: &SpanRecord) -> Vec<(TraceId, SpanId)> {
    span.links().iter().map(|link| (link.trace_id, link.span_id)).collect()
}
