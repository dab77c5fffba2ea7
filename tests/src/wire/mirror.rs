//! A server that answers with the bytes of the request.

use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// A server whose responses have the head of the request as their body, byte by byte. The status is that of the
/// path, such as `/404`, else 200.
pub async fn mirror() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(answer(stream));
        }
    });
    address
}

async fn answer(mut stream: TcpStream) {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read_u8().await {
            Ok(byte) => head.push(byte),
            Err(_) => return,
        }
    }
    let path = String::from_utf8_lossy(&head);
    let status = path.split(' ').nth(1).and_then(|path| path[1..].parse::<u16>().ok()).unwrap_or(200);
    let len = head.len();
    let start = format!("HTTP/1.1 {status} Status\r\ncontent-length: {len}\r\nconnection: close\r\n\r\n")
        .into_bytes();
    let _ = stream.write_all(&[start, head].concat()).await;
}
