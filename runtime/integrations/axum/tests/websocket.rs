//! A WebSocket over a real connection.

use axum::Router;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::response::Response;
use axum::routing::get;
use throughline::testing::assert_propagates_async;
use throughline::{FutureExt, traced};
use throughline_axum::server_layer;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

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

/// A text of a client, masked with zeros.
fn frame(text: &str) -> Vec<u8> {
    let length = u8::try_from(text.len()).expect("a short text");
    [&[0x81, 0x80 | length, 0, 0, 0, 0], text.as_bytes()].concat()
}

#[tokio::test]
async fn what_is_said_over_a_websocket_belongs_to_the_request_that_opened_it() {
    assert_propagates_async(&["GET /talk", "talk"], async |request| {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let mut client = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        let app: Router = Router::new().route("/talk", get(connect)).layer(server_layer());
        let server = tokio::spawn(async { axum::serve(listener, app).await });

        let context: String =
            request.headers().iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        let opening = format!(
            "GET /talk HTTP/1.1\r\nHost: shop\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
             Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n{context}\r\n"
        );
        client.write_all(opening.as_bytes()).await.unwrap();
        client.write_all(&frame("hello")).await.unwrap();
        let mut answer = Vec::new();
        client.read_to_end(&mut answer).await.unwrap();
        let answer = String::from_utf8_lossy(&answer);
        assert!(answer.starts_with("HTTP/1.1 101 "), "{answer}");
        assert!(answer.ends_with("req-assert-propagates said hello"), "{answer}");
        server.abort();
    })
    .await;
}
