//! The services in Rust: a gateway, a stock, a desk for shipments, and what they record and log.

use std::io::{self, Write};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::routing::{get, post};
use futures_util::StreamExt;
use lapin::options::{BasicAckOptions, BasicConsumeOptions, QueueDeclareOptions};
use lapin::types::FieldTable;
use lapin::{BasicProperties, Channel, Connection, ConnectionProperties, Consumer};
use serde_json::Value;
use throughline::logs::JsonLayer;
use throughline_axum::server_layer;
use throughline_lapin::{ChannelExt, DeliveryExt};
use throughline_reqwest::RequestBuilderExt;
use throughline_test_servers::RabbitMq;
use tokio::net::TcpListener;
use tracing::subscriber::DefaultGuard;
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::prelude::*;

/// The lines of all of them.
#[derive(Clone, Default)]
pub(crate) struct Lines(Arc<Mutex<Vec<u8>>>);

impl Lines {
    /// Logs there, on this thread.
    pub(crate) fn subscribe(&self) -> DefaultGuard {
        let lines = self.clone();
        let layer = JsonLayer::new().with_service("rust").with_writer(move || lines.clone());
        tracing::subscriber::set_default(
            tracing_subscriber::registry().with(layer.with_filter(LevelFilter::INFO)),
        )
    }

    /// What was logged.
    pub(crate) fn read(&self) -> Vec<Value> {
        let lines = String::from_utf8(self.0.lock().unwrap().clone()).unwrap();
        lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

async fn serve(app: Router) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, app.layer(server_layer())).await });
    address
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
