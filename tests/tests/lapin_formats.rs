//! Baggage in headers of other tracing systems, through RabbitMQ: the formats are those of the process, so that this one is
//! its own.

use futures_util::StreamExt as _;
use lapin::options::{BasicConsumeOptions, BasicPublishOptions, QueueDeclareOptions};
use lapin::types::{AMQPValue, FieldTable, ShortString};
use lapin::{BasicProperties, Channel, Connection, ConnectionProperties};
use throughline::propagation::{Config, Propagators};
use throughline::testing::capture_async;
use throughline::{Context, ContextParts, FutureExt as _};
use throughline_lapin::{ChannelExt as _, DeliveryExt as _};
use throughline_test_servers::RabbitMq;

const QUEUE: &str = "formats";

async fn channel(broker: &RabbitMq) -> (Connection, Channel) {
    let connection = Connection::connect(&broker.uri(), ConnectionProperties::default()).await.unwrap();
    let channel = connection.create_channel().await.unwrap();
    channel.queue_declare(QUEUE.into(), QueueDeclareOptions::default(), FieldTable::default()).await.unwrap();
    (connection, channel)
}

fn baggage() -> Context {
    let mut parts = ContextParts::default();
    parts.baggage.set("tenant", "Löwe & Co", "");
    parts.baggage.set("user", "ada", "");
    parts.into()
}

#[test]
fn baggage_in_headers_of_its_own_goes_through_rabbitmq() {
    let Some(broker) = RabbitMq::shared() else { return };
    let mut config = Config::default();
    config.propagators = Propagators::parse("jaeger,ottrace").propagators;
    config.install().expect("the first one");
    let options = BasicPublishOptions::default;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let trace = runtime.block_on(capture_async(async {
        let (connection, channel) = channel(broker).await;
        let publish = channel.basic_publish_traced(
            "".into(),
            QUEUE.into(),
            options(),
            b"ours",
            BasicProperties::default(),
        );
        publish.in_context(baggage()).await.unwrap().await.unwrap();
        let headers = [
            ("UBER-Trace-Id", "deadbeef:deadbef0:0:1"),
            ("UberCtx-Tenant", "L%C3%B6we%20&%20Co"),
            ("Ot-Tracer-TraceId", "deadbeef"),
            ("Ot-Tracer-SpanId", "deadbef0"),
            ("Ot-Baggage-User", "ada"),
        ];
        let mut table = FieldTable::default();
        for (key, value) in headers {
            table.insert(ShortString::from(key), AMQPValue::LongString(value.into()));
        }
        let theirs = BasicProperties::default().with_headers(table);
        channel
            .basic_publish("".into(), QUEUE.into(), options(), b"theirs", theirs)
            .await
            .unwrap()
            .await
            .unwrap();

        let (consuming, arguments) = (BasicConsumeOptions::default(), FieldTable::default());
        let mut consumer =
            channel.basic_consume(QUEUE.into(), "".into(), consuming, arguments).await.unwrap();
        for _ in 0..2 {
            let message = consumer.next().await.expect("a message").unwrap();
            let read = async || {
                assert_eq!(throughline::baggage::get("tenant").as_deref(), Some("Löwe & Co"));
                assert_eq!(throughline::baggage::get("user").as_deref(), Some("ada"));
            };
            message.traced(QUEUE).run(read).await;
        }
        connection.close(200, "done".into()).await.unwrap();
    }));
    assert_eq!(trace.spans_named("process formats").count(), 2);
}
