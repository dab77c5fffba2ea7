//! Takes orders over HTTP.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::json;
use throughline::traced;
use tonic::{Code, Status};

use crate::proto::{Basket, Credentials, Customer, Line, Reservation};
use crate::queue::{OrderPlaced, Queue};
use crate::role::{Stop, clients, listen, settings};

/// What the gateway asks.
struct Gateway {
    auth: clients::Auth,
    catalog: clients::Catalog,
    queue: Queue,
}

/// An order, as a client sends it.
#[derive(Debug, Deserialize)]
struct Order {
    items: Vec<Item>,
    #[serde(default)]
    one_by_one: bool,
    #[serde(default)]
    with_report: bool,
}

#[derive(Debug, Deserialize)]
struct Item {
    item: String,
    count: u32,
}

pub(super) async fn run(stop: Stop) -> anyhow::Result<()> {
    let gateway = Gateway {
        auth: clients::auth(&settings::read(settings::AUTH)?)?,
        catalog: clients::catalog(&settings::read(settings::CATALOG)?)?,
        queue: Queue::open().await?,
    };
    let router = Router::new().route("/orders", post(order)).with_state(Arc::new(gateway));
    let (listener, address) = listen().await?;
    tracing::info!(%address, "open");
    let served = axum::serve(listener, router.layer(throughline_axum::server_layer()));
    Ok(served.with_graceful_shutdown(stop.requested()).await?)
}

/// Takes an order. Each state that it comes to is a line of the log.
async fn order(
    State(gateway): State<Arc<Gateway>>,
    headers: HeaderMap,
    Json(order): Json<Order>,
) -> Response {
    tracing::info!(state = "received", order.lines = order.items.len(), "an order came in");
    match place(&gateway, &headers, order).await {
        Ok(reservation) => {
            let total = reservation.total_cents;
            (StatusCode::ACCEPTED, Json(json!({ "total_cents": total }))).into_response()
        }
        Err(status) => {
            tracing::error!(state = "failed", grpc.status = ?status.code(), "{}", status.message());
            (http_status(status.code()), Json(json!({ "error": status.message() }))).into_response()
        }
    }
}

#[traced]
async fn place(gateway: &Gateway, headers: &HeaderMap, order: Order) -> Result<Reservation, Status> {
    let customer = authenticate(gateway, headers).await?;
    throughline::logs::bind("customer.id", customer.id.clone());
    tracing::info!(state = "authenticated", "the customer is known");
    let lines = order.items.into_iter().map(|Item { item, count }| Line { item, count }).collect();
    let basket = Basket { lines, one_by_one: order.one_by_one, with_report: order.with_report };
    tracing::info!(state = "processing", "the catalog is asked");
    let reservation = gateway.catalog.clone().reserve(basket).await?.into_inner();
    let placed = OrderPlaced { mail: customer.mail, total_cents: reservation.total_cents };
    // Said first: a worker can be done with the job before the queue has answered.
    tracing::info!(state = "queued", order.total_cents = reservation.total_cents, "the rest is a job");
    gateway.queue.publish(placed).await.map_err(|error| Status::unavailable(format!("{error:#}")))?;
    Ok(reservation)
}

async fn authenticate(gateway: &Gateway, headers: &HeaderMap) -> Result<Customer, Status> {
    let value = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let token = value.and_then(|value| value.strip_prefix("Bearer ")).unwrap_or_default().to_owned();
    Ok(gateway.auth.clone().authenticate(Credentials { token }).await?.into_inner())
}

const fn http_status(code: Code) -> StatusCode {
    match code {
        Code::NotFound => StatusCode::NOT_FOUND,
        Code::FailedPrecondition => StatusCode::CONFLICT,
        Code::InvalidArgument => StatusCode::BAD_REQUEST,
        Code::Unauthenticated => StatusCode::UNAUTHORIZED,
        Code::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        _ => StatusCode::BAD_GATEWAY,
    }
}
