//! A shop of five processes: what `cargo run --example shop` runs.
//!
//! The program starts itself once for each [`role`]: a gateway (axum) takes orders, asks `auth` and `catalog` (tonic), and puts
//! a job into a queue; a worker takes it and sends a notification to the notifier. The process that was started by the
//! user is no part of the shop: it sends the [`orders`], [collects](collected) spans and log lines of the five, and
//! [shows](report) them.

pub mod args;
pub mod collected;
pub mod orders;
mod proto;
mod queue;
pub mod report;
pub mod role;
pub mod shop;

use args::Command;
use collected::Collected;
use orders::ORDERS;
use shop::Shop;
use std::io::Write as _;
use std::pin::pin;

use tokio::signal;

/// Does what the command line asks for.
///
/// # Errors
///
/// When a process of the shop does not start or ends too early, or an order is answered otherwise than it should be.
pub async fn run(command: Command) -> anyhow::Result<()> {
    match command {
        Command::Help => Ok(std::io::stdout().write_all(args::HELP.as_bytes())?),
        Command::Play(role) => role::play(role).await,
        Command::Open { keep } => open(keep).await,
    }
}

/// Opens the shop, until all was shown or it is to be closed.
async fn open(keep: bool) -> anyhow::Result<()> {
    let mut closing = pin!(closing()?);
    let collected = Collected::start().await?;
    let mut shop = tokio::select! {
        shop = Shop::start(&collected) => shop?,
        () = &mut closing => return Ok(()),
    };
    tokio::select! {
        done = sell(&mut shop, &collected, keep) => done?,
        () = closing => {}
    }
    shop.stop().await
}

/// Sends the orders, and shows what became of them.
async fn sell(shop: &mut Shop, collected: &Collected, keep: bool) -> anyhow::Result<()> {
    let mut requests = Vec::new();
    for order in &ORDERS {
        requests.push((order.title, order.send(shop.gateway()).await?));
    }
    for (_, request_id) in &requests {
        collected.lines.settled(request_id).await?;
    }
    shop.flush().await?;
    for (title, request_id) in &requests {
        report::print(title, request_id, collected)?;
    }
    if keep {
        shop.keep(collected).await?;
    }
    Ok(())
}

/// Done when the user, or the system, wants the shop closed.
fn closing() -> std::io::Result<impl Future<Output = ()>> {
    #[cfg(unix)]
    let mut terminated = signal::unix::signal(signal::unix::SignalKind::terminate())?;
    Ok(async move {
        #[cfg(unix)]
        tokio::select! {
            _ = signal::ctrl_c() => {}
            _ = terminated.recv() => {}
        }
        #[cfg(not(unix))]
        let _ = signal::ctrl_c().await;
    })
}
