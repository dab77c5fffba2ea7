//! Libraries that know nothing of Throughline and make spans and events of `tracing`, on a real connection.

use axum::Router;
use axum::extract::State;
use axum::routing::get;
use sqlx::SqlitePool;
use throughline::traced;
use tower_http::trace::{DefaultMakeSpan, TraceLayer};
use tracing::{Instrument, Level, info_span};

/// A request over HTTP/2, a handler that asks a database.
#[tokio::main(flavor = "current_thread")]
pub(super) async fn all() {
    let pool = SqlitePool::connect("sqlite::memory:").await.expect("a database");
    let spans = TraceLayer::new_for_http().make_span_with(DefaultMakeSpan::new().level(Level::INFO));
    let service = Router::new().route("/orders", get(orders)).layer(spans).with_state(pool.clone());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(axum::serve(listener, service).into_future());
    let client = reqwest::Client::builder().http2_prior_knowledge().no_proxy().build().expect("a client");
    let answer = call(&client, &format!("http://{address}/orders")).await;
    assert_eq!(answer, "1");
    // Its thread keeps the span that was current when it was asked, until it has done with that.
    pool.close().await;
}

#[traced]
async fn call(client: &reqwest::Client, url: &str) -> String {
    let answer = async { client.get(url).send().await.expect("an answer").text().await.expect("a text") };
    answer.instrument(info_span!("middleware", otel.kind = "client", otel.name = "GET /orders")).await
}

#[traced]
async fn orders(State(pool): State<SqlitePool>) -> String {
    tracing::info!(target: "program", "inside");
    let one: i64 = sqlx::query_scalar("select 1").fetch_one(&pool).await.expect("a row");
    one.to_string()
}
