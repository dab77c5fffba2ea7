//! What makes requests slow, and how it looks as a trace: `cargo run --example slow`. docs/using-traces.md reads it.

use std::sync::Arc;
use std::time::Duration;

use throughline::traced;
use tokio::sync::Mutex;
use tokio::time::sleep;

/// Stands for the work that a function does.
async fn work(milliseconds: u64) {
    sleep(Duration::from_millis(milliseconds)).await;
}

#[traced(fields(sku = sku))]
async fn query_price(sku: usize) -> u64 {
    work(4).await;
    sku as u64 * 100
}

#[traced]
async fn query_prices(skus: &[usize]) -> u64 {
    work(6).await;
    skus.iter().map(|sku| *sku as u64 * 100).sum()
}

/// Asks once for each item.
#[traced]
async fn price_each() -> u64 {
    let mut sum = 0;
    for sku in 1..=12 {
        sum += query_price(sku).await;
    }
    sum
}

/// Asks once for all of them.
#[traced]
async fn price_all() -> u64 {
    query_prices(&[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]).await
}

#[traced]
async fn load_user() {
    work(20).await;
}

#[traced]
async fn load_cart() {
    work(30).await;
}

#[traced]
async fn load_offers() {
    work(25).await;
}

/// Waits for each before it begins the next, though none needs another.
#[traced]
async fn page_in_turn() {
    load_user().await;
    load_cart().await;
    load_offers().await;
}

/// Begins all of them, then waits.
#[traced]
async fn page_at_once() {
    tokio::join!(load_user(), load_cart(), load_offers());
}

/// Holds the stock while it works; what is waited for is a span of its own.
#[traced(fields(order = order))]
async fn reserve(stock: Arc<Mutex<u32>>, order: u32) {
    let mut left = {
        let wait = throughline::span!("wait for stock");
        let locked = throughline::FutureExt::in_span(stock.lock(), wait);
        locked.await
    };
    work(15).await;
    *left -= 1;
}

#[traced]
async fn reserve_for_all() {
    let stock = Arc::new(Mutex::new(3));
    tokio::join!(reserve(stock.clone(), 1), reserve(stock.clone(), 2), reserve(stock, 3));
}

#[traced]
async fn render() {
    work(2).await;
    // Nothing is annotated here: it is time of the function itself.
    work(40).await;
}

#[traced]
async fn show_order() {
    load_user().await;
    render().await;
}

#[traced]
async fn charge() -> Result<(), std::io::Error> {
    work(5).await;
    Err(std::io::Error::other("card declined"))
}

#[traced]
async fn notify() -> Result<(), std::io::Error> {
    work(3).await;
    Err(std::io::Error::new(std::io::ErrorKind::TimedOut, "mail server"))
}

/// One failure is passed on, the other is not.
#[traced]
async fn pay() -> Result<(), std::io::Error> {
    load_cart().await;
    let _ = notify().await;
    charge().await
}

#[tokio::main]
async fn main() {
    let _guard = throughline::init();
    show_order().await;
    price_each().await;
    price_all().await;
    page_in_turn().await;
    page_at_once().await;
    reserve_for_all().await;
    let _ = pay().await;
}
