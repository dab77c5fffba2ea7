//! HTTP over real sockets, byte by byte where clients would not send what a test needs.

mod head;
mod mirror;

pub use head::{Head, exchange};
pub use mirror::mirror;

use std::net::SocketAddr;

use axum::Router;
use tokio::net::TcpListener;

/// A client that talks to servers of this machine directly, whatever proxy the environment names.
pub fn client() -> reqwest::Client {
    reqwest::Client::builder().no_proxy().build().unwrap()
}

/// Serves `app` on a port of its own.
pub async fn serve(app: Router) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, app).await });
    address
}
