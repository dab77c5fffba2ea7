//! A program that works on the messages of a queue of RabbitMQ, and is never done with one: its arguments are where the
//! broker is, and the queue. Tests kill it; it ends with them too, by the end of its standard input.

use std::future::pending;
use std::io;

use futures_util::StreamExt;
use lapin::options::BasicConsumeOptions;
use lapin::types::FieldTable;
use lapin::{Connection, ConnectionProperties};
use throughline::testing::MemorySink;
use throughline_lapin::DeliveryExt;

#[tokio::main(flavor = "current_thread")]
async fn main() -> lapin::Result<()> {
    std::thread::Builder::new().spawn(|| {
        let _ = io::copy(&mut io::stdin(), &mut io::sink());
        std::process::exit(1);
    })?;
    let _guard = throughline::builder().sink(MemorySink::new()).init();
    let [uri, queue] = [1, 2].map(|argument| std::env::args().nth(argument).unwrap());
    let connection = Connection::connect(&uri, ConnectionProperties::default()).await?;
    let channel = connection.create_channel().await?;
    let (options, arguments) = (BasicConsumeOptions::default(), FieldTable::default());
    let mut messages = channel.basic_consume(queue.as_str().into(), "".into(), options, arguments).await?;
    while let Some(message) = messages.next().await {
        let work = async || {
            tracing::info!("in the middle of the message");
            pending::<()>().await;
        };
        message?.traced(&queue).run(work).await;
    }
    Ok(())
}
