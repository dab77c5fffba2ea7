//! One exchange of bytes.

use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// A response or request as it came: its first line, its headers, its body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// `HTTP/1.1 200 OK`, or `GET / HTTP/1.1`.
    pub first: String,
    /// The headers in order, names as sent.
    pub headers: Vec<(String, String)>,
    /// What follows.
    pub body: String,
}

impl Head {
    /// Takes the text of a message apart.
    pub fn parse(text: &str) -> Self {
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or((text, ""));
        let mut lines = head.split("\r\n");
        let first = lines.next().unwrap_or_default().to_owned();
        let split =
            |line: &str| line.split_once(": ").map(|(name, value)| (name.to_owned(), value.to_owned()));
        Self { first, headers: lines.filter_map(split).collect(), body: body.to_owned() }
    }

    /// All values of a header.
    pub fn all(&self, name: &str) -> Vec<&str> {
        let same = self.headers.iter().filter(|(known, _)| known.eq_ignore_ascii_case(name));
        same.map(|(_, value)| value.as_str()).collect()
    }

    /// The only value of a header.
    pub fn get(&self, name: &str) -> Option<&str> {
        let all = self.all(name);
        assert!(all.len() < 2, "{name} is there more than once: {all:?}");
        all.first().copied()
    }

    /// The status code of a response.
    pub fn status(&self) -> u16 {
        self.first.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0)
    }
}

/// Sends a request with these header lines, as bytes, and reads the response to its end.
pub async fn exchange(to: SocketAddr, request_line: &str, headers: &[&[u8]]) -> Head {
    let mut bytes = format!("{request_line} HTTP/1.1\r\nhost: {to}\r\nconnection: close\r\n").into_bytes();
    for line in headers {
        bytes.extend_from_slice(line);
        bytes.extend_from_slice(b"\r\n");
    }
    bytes.extend_from_slice(b"\r\n");
    let mut stream = TcpStream::connect(to).await.unwrap();
    stream.write_all(&bytes).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    Head::parse(&String::from_utf8_lossy(&answer))
}
