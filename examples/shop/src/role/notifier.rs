//! Tells customers what became of their orders.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::post;
use axum::{Json, Router};
use serde::{Deserialize, Serialize};

use crate::role::{Stop, listen};

/// What a customer is told.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Notification {
    pub(super) mail: String,
    pub(super) text: String,
}

/// The mailboxes that were full once.
type Full = Arc<Mutex<HashSet<String>>>;

pub(super) async fn run(stop: Stop) -> anyhow::Result<()> {
    let router = Router::new().route("/notifications", post(notify)).with_state(Full::default());
    let (listener, address) = listen().await?;
    tracing::info!(%address, "open");
    let served = axum::serve(listener, router.layer(throughline_axum::server_layer()));
    Ok(served.with_graceful_shutdown(stop.requested()).await?)
}

/// Delivers to everybody; the mailbox of Grace is full the first time.
async fn notify(State(full): State<Full>, Json(notification): Json<Notification>) -> StatusCode {
    let Notification { mail, text } = notification;
    let is_full =
        mail.starts_with("grace") && full.lock().unwrap_or_else(PoisonError::into_inner).insert(mail);
    if is_full {
        tracing::warn!("the mailbox is full");
        return StatusCode::SERVICE_UNAVAILABLE;
    }
    tracing::info!(notification.bytes = text.len(), "delivered");
    StatusCode::NO_CONTENT
}
