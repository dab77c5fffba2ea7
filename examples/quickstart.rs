//! Functions become spans of one trace: `cargo run --example quickstart`.
use throughline::traced;

#[traced(fields(order.items = items.len()))]
async fn checkout(items: &[&str]) -> Result<u32, String> {
    let mut total = 0;
    for item in items {
        total += reserve(item).await?;
    }
    throughline::set("order.total", total);
    throughline::spawn(send_receipt(total));
    Ok(total)
}

#[traced(fields(item))]
async fn reserve(item: &str) -> Result<u32, String> {
    throughline::set("item", item);
    if item == "gold" { Err("out of stock".into()) } else { Ok(item.len() as u32) }
}

#[traced]
async fn send_receipt(total: u32) {
    tracing::info!(total, "receipt sent");
}

#[tokio::main]
async fn main() {
    let _guard = throughline::init();
    for cart in [&["tea", "milk"], &["tea", "gold"]] {
        match checkout(cart).await {
            Ok(total) => tracing::info!(total, "thank you"),
            Err(error) => tracing::warn!(error, "no sale"),
        }
    }
}
