//! A WebSocket over a real connection.

use axum::Router;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::http::HeaderName;
use axum::response::Response;
use axum::routing::get;
use futures_util::{SinkExt as _, StreamExt as _};
use throughline::testing::assert_propagates_async;
use throughline::{FutureExt, traced};
use throughline_axum::server_layer;
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;

async fn connect(upgrade: WebSocketUpgrade) -> Response {
    let context = throughline::current();
    upgrade.on_upgrade(|socket| talk(socket).in_context(context))
}

#[traced]
async fn talk(mut socket: WebSocket) {
    let Some(Ok(message)) = socket.recv().await else { return };
    let id = throughline::request_id().map(|id| id.to_string()).unwrap_or_default();
    let answer = format!("{id} said {}", message.to_text().unwrap_or_default());
    let _ = socket.send(Message::text(answer)).await;
}

#[tokio::test]
async fn what_is_said_over_a_websocket_belongs_to_the_request_that_opened_it() {
    assert_propagates_async(&["GET /talk", "talk"], async |request| {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let app: Router = Router::new().route("/talk", get(connect)).layer(server_layer());
        let server = tokio::spawn(async { axum::serve(listener, app).await });

        let mut opening = format!("ws://{address}/talk").into_client_request().unwrap();
        for (name, value) in request.headers() {
            let name: HeaderName = name.parse().unwrap();
            opening.headers_mut().insert(name, value.parse().unwrap());
        }
        let connection = TcpStream::connect(address).await.unwrap();
        let (mut client, _) = tokio_tungstenite::client_async(opening, connection).await.unwrap();
        client.send("hello".into()).await.unwrap();
        let answer = client.next().await.unwrap().unwrap();
        assert_eq!(answer.to_text().unwrap(), "req-assert-propagates said hello");
        // The other side has left before the trace is looked at.
        while let Some(Ok(_)) = client.next().await {}
        server.abort();
    })
    .await;
}
