//! The services in Rust: a gateway, a stock, a desk for shipments, and what they record and log.

use std::net::SocketAddr;

use axum::Router;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::routing::{get, post};
use futures_util::StreamExt;
use lapin::options::{BasicAckOptions, BasicConsumeOptions, QueueDeclareOptions};
use lapin::types::FieldTable;
use lapin::{BasicProperties, Channel, Connection, ConnectionProperties, Consumer};
use throughline::logs::JsonLayer;
use throughline_axum::server_layer;
use throughline_lapin::{ChannelExt, DeliveryExt};
use throughline_reqwest::RequestBuilderExt;
use throughline_test_servers::RabbitMq;
use throughline_tests::lines::Lines;
use tracing::subscriber::DefaultGuard;
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::prelude::*;

/// Logs there, on this thread.
pub(crate) fn subscribe(lines: &Lines) -> DefaultGuard {
    let layer =
        JsonLayer::new().with_service("rust").with_writer(lines.clone()).with_filter(LevelFilter::INFO);
    tracing::subscriber::set_default(tracing_subscriber::registry().with(layer))
}

async fn serve(app: Router) -> SocketAddr {
    throughline_tests::wire::serve(app.layer(server_layer())).await
}

/// Says how much there is of an item.
pub(crate) async fn stock() -> SocketAddr {
    let count = async || {
        tracing::info!("counted");
        "7"
    };
    serve(Router::new().route("/stock/{item}", get(count))).await
}

/// Passes orders on to the service in Python.
pub(crate) async fn gateway(service: SocketAddr) -> SocketAddr {
    let pass_on = async move |Path(item): Path<String>| {
        tracing::info!("passing on");
        let request = reqwest::Client::new().post(format!("http://{service}/orders/{item}"));
        request.send_traced().await.unwrap().text().await.unwrap()
    };
    serve(Router::new().route("/orders/{item}", post(pass_on))).await
}

/// Queues shipments for the consumer in Python.
pub(crate) async fn shipments(channel: Channel) -> SocketAddr {
    let queue = async move |Path(item): Path<String>| {
        tracing::info!("shipping");
        let (to, properties) = ("shipments".into(), BasicProperties::default());
        let sent =
            channel.basic_publish_traced("".into(), to, Default::default(), item.as_bytes(), properties);
        sent.await.unwrap().await.unwrap();
        StatusCode::ACCEPTED
    };
    serve(Router::new().route("/shipments/{item}", post(queue))).await
}

pub(crate) async fn channel(broker: &RabbitMq) -> (Connection, Channel) {
    let connection = Connection::connect(&broker.uri(), ConnectionProperties::default()).await.unwrap();
    let channel = connection.create_channel().await.unwrap();
    (connection, channel)
}

pub(crate) async fn consume(channel: &Channel, queue: &str) -> Consumer {
    channel.queue_declare(queue.into(), QueueDeclareOptions::default(), FieldTable::default()).await.unwrap();
    let (options, arguments) = (BasicConsumeOptions::default(), FieldTable::default());
    channel.basic_consume(queue.into(), "worker".into(), options, arguments).await.unwrap()
}

/// Works on the next message.
pub(crate) async fn work(consumer: &mut Consumer) {
    let message = consumer.next().await.expect("a message").unwrap();
    let done = message.traced(consumer.queue().as_str()).run(async || {
        tracing::info!("packing");
        message.ack(BasicAckOptions::default()).await
    });
    assert!(done.await.unwrap());
}
