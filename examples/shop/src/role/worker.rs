//! Takes jobs out of the queue.

use anyhow::Context as _;
use reqwest::Client;
use throughline::traced;
use throughline_reqwest::RequestBuilderExt as _;

use crate::queue::{OrderPlaced, Queue};
use crate::role::notifier::Notification;
use crate::role::{Stop, settings};

pub(super) async fn run(stop: Stop) -> anyhow::Result<()> {
    let queue = Queue::open().await?;
    let (client, notifier) = (Client::default(), settings::read(settings::NOTIFIER)?);
    tracing::info!("open");
    let work = move |order| confirm(client.clone(), notifier.clone(), order);
    queue.work(work, stop.requested()).await
}

/// Tells a customer that an order is on its way.
async fn confirm(client: Client, notifier: String, order: OrderPlaced) -> anyhow::Result<()> {
    match notify(&client, &notifier, order).await {
        Ok(()) => {
            tracing::info!(state = "completed", "the customer was told");
            Ok(())
        }
        Err(error) => {
            tracing::warn!("the customer was not told, which is tried again: {error:#}");
            Err(error)
        }
    }
}

#[traced]
async fn notify(client: &Client, notifier: &str, order: OrderPlaced) -> anyhow::Result<()> {
    let text =
        format!("Your order of {}.{:02} is on its way.", order.total_cents / 100, order.total_cents % 100);
    let request =
        client.post(format!("{notifier}/notifications")).json(&Notification { mail: order.mail, text });
    request.send_traced().await.context("the notifier does not answer")?.error_for_status()?;
    Ok(())
}
