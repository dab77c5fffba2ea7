//! Functions become the spans of a trace, and log lines carry its request ID: `cargo run --example quickstart`.
use std::time::Duration;

use throughline::traced;

#[traced(fields(cart.items = items.len()))]
async fn checkout(items: &[&str]) -> Result<(), String> {
    for item in items {
        reserve(item).await?;
    }
    let receipt = throughline::spawn(send_receipt()); // the context goes along
    tracing::info!("thank you");
    receipt.await.map_err(|error| error.to_string())
}

#[traced(fields(item = item))]
async fn reserve(item: &str) -> Result<(), String> {
    tokio::time::sleep(Duration::from_millis(3)).await;
    if item == "gold" { Err(format!("no {item} left")) } else { Ok(()) }
}

#[traced]
async fn send_receipt() {
    tracing::info!("receipt sent");
}

#[tokio::main]
async fn main() {
    let _guard = throughline::init();
    let _ = checkout(&["tea", "milk"]).await;
    let _ = checkout(&["tea", "gold"]).await;
}
