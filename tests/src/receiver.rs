//! A receiver of OTLP on a real socket, that answers as it is told and keeps what it got.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{self, Receiver as Channel, Sender};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use flate2::read::GzDecoder;
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use tokio::net::TcpSocket;

/// What a request is answered with.
#[derive(Clone, Debug)]
pub enum Answer {
    /// A status, headers (lines without their ends) and a body.
    Status(u16, Vec<String>, Vec<u8>),
    /// Nothing, ever.
    Silence,
    /// These bytes, whatever they are, and the end of the connection.
    Raw(Vec<u8>),
    /// What the receiver at this address answers to the same request.
    Forwarded(SocketAddr),
}

/// A request as it came.
#[derive(Debug)]
pub struct Request {
    /// The request line.
    pub line: String,
    /// Headers, names in small letters.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
    /// When it was complete.
    pub at: Instant,
}

/// A receiver on a free port of this machine.
#[derive(Debug)]
pub struct Receiver {
    scheme: &'static str,
    address: SocketAddr,
    requests: Channel<Request>,
}

/// An address of this machine where nobody listens. The port is taken as long as this lives, so that no other test gets it.
#[derive(Debug)]
pub struct Nobody {
    address: SocketAddr,
    _port: TcpSocket,
}

/// Longer than anything here takes: a test fails instead of hanging.
const PATIENCE: Duration = Duration::from_secs(60);

impl Nobody {
    /// A port that was free.
    #[expect(clippy::new_without_default, reason = "it takes a port")]
    pub fn new() -> Self {
        let port = TcpSocket::new_v4().expect("a socket");
        port.bind(SocketAddr::from(([127, 0, 0, 1], 0))).expect("a free port");
        Self { address: port.local_addr().expect("an address"), _port: port }
    }

    /// As the beginning of a URL.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The address to send traces to.
    pub fn endpoint(&self) -> String {
        format!("{}/v1/traces", self.url())
    }
}

impl Answer {
    /// A status with headers and no body.
    pub fn status<const N: usize>(status: u16, headers: [&str; N]) -> Self {
        Self::Status(status, headers.map(str::to_owned).into(), Vec::new())
    }

    /// A status with a protobuf body.
    pub fn protobuf(status: u16, body: Vec<u8>) -> Self {
        Self::Status(status, vec!["content-type: application/x-protobuf".to_owned()], body)
    }
}

impl Receiver {
    /// A receiver that gives these answers, then 200 for ever.
    pub fn answering(answers: impl IntoIterator<Item = Answer>) -> Self {
        Self::start("http", answers, Answer::status(200, []), Some)
    }

    /// A receiver that keeps what it passes on to the one at this address, whose answers it passes back.
    pub fn in_front_of(other: SocketAddr) -> Self {
        Self::start("http", [], Answer::Forwarded(other), Some)
    }

    /// The same behind TLS.
    pub fn answering_tls(config: ServerConfig, answers: impl IntoIterator<Item = Answer>) -> Self {
        let config = Arc::new(config);
        Self::start("https", answers, Answer::status(200, []), move |stream| {
            Some(StreamOwned::new(ServerConnection::new(Arc::clone(&config)).ok()?, stream))
        })
    }

    fn start<S: Read + Write + Send + 'static>(
        scheme: &'static str,
        answers: impl IntoIterator<Item = Answer>,
        then: Answer,
        wrap: impl Fn(TcpStream) -> Option<S> + Send + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("an address");
        let answers: Vec<_> = answers.into_iter().collect();
        let answers = Arc::new(Mutex::new(answers.into_iter()));
        let (sender, requests) = mpsc::channel();
        start(move || {
            for stream in listener.incoming().map_while(Result::ok).filter_map(wrap) {
                let (answers, sender) = (Arc::clone(&answers), sender.clone());
                let then = then.clone();
                let next = move || answers.lock().expect("not poisoned").next().unwrap_or(then.clone());
                start(move || serve(stream, next, &sender));
            }
        });
        Self { scheme, address, requests }
    }

    /// The address to send traces to.
    pub fn endpoint(&self) -> String {
        format!("{}://{}/v1/traces", self.scheme, self.address)
    }

    /// The address to send metrics to.
    pub fn metrics_endpoint(&self) -> String {
        format!("{}://{}/v1/metrics", self.scheme, self.address)
    }

    /// The next request; panics when none comes.
    pub fn request(&self) -> Request {
        self.requests.recv_timeout(PATIENCE).expect("a request")
    }

    /// The requests that came and were not asked for yet.
    pub fn rest(&self) -> Vec<Request> {
        self.requests.try_iter().collect()
    }
}

impl Request {
    /// The body, unpacked.
    pub fn content(&self) -> Vec<u8> {
        if self.header("content-encoding") != Some("gzip") {
            return self.body.clone();
        }
        let mut content = Vec::new();
        GzDecoder::new(&self.body[..]).read_to_end(&mut content).expect("gzip");
        content
    }

    /// The value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| &**value)
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the far side of a connection, which no pipeline has to do with"
)]
fn start(work: impl FnOnce() + Send + 'static) {
    thread::spawn(work);
}

fn serve(stream: impl Read + Write, mut next: impl FnMut() -> Answer, requests: &Sender<Request>) {
    let mut reader = BufReader::new(stream);
    while let Some(request) = read(&mut reader) {
        // The answer is chosen before the request is shown, so that tests see both in one order.
        let answer = match next() {
            Answer::Forwarded(to) => forward(&request, to),
            answer => answer,
        };
        if requests.send(request).is_err() {
            return;
        }
        match answer {
            Answer::Status(status, headers, body) => respond(reader.get_mut(), status, &headers, &body),
            Answer::Raw(bytes) => {
                let _ = reader.get_mut().write_all(&bytes);
                return;
            }
            Answer::Silence | Answer::Forwarded(_) => {
                // Until the other side hangs up.
                let _ = reader.read(&mut [0]);
                return;
            }
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "the time of arrival, which only the test's own clock knows")]
fn read(reader: &mut impl BufRead) -> Option<Request> {
    let mut lines = std::iter::from_fn(|| {
        let mut line = String::new();
        reader.read_line(&mut line).ok().filter(|read| *read > 0)?;
        Some(line.trim_end().to_owned())
    });
    let line = lines.next()?;
    let headers: Vec<(String, String)> = lines
        .take_while(|line| !line.is_empty())
        .filter_map(|line| {
            line.split_once(':').map(|(name, value)| (name.to_lowercase(), value.trim().to_owned()))
        })
        .collect();
    let len = headers.iter().find(|(name, _)| name == "content-length")?.1.parse().ok()?;
    let mut body = vec![0; len];
    reader.read_exact(&mut body).ok()?;
    Some(Request { line, headers, body, at: Instant::now() })
}

/// Sends the request with its body byte for byte, and returns the answer.
fn forward(Request { line, headers, body, .. }: &Request, to: SocketAddr) -> Answer {
    let mut stream = TcpStream::connect(to).expect("the receiver behind listens");
    let headers: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    stream.write_all(format!("{line}\r\n{headers}\r\n").as_bytes()).expect("it reads");
    stream.write_all(body).expect("it reads");
    // A response is read as a request is: its first line is one of status.
    let Request { line, headers, body, .. } = read(&mut BufReader::new(stream)).expect("it answers");
    let status = line.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
    let kept = headers.into_iter().filter(|(name, _)| name == "content-type" || name == "retry-after");
    Answer::Status(status, kept.map(|(name, value)| format!("{name}: {value}")).collect(), body)
}

fn respond(stream: &mut impl Write, status: u16, headers: &[String], body: &[u8]) {
    let mut response = format!("HTTP/1.1 {status} Said\r\ncontent-length: {}\r\n", body.len());
    headers.iter().for_each(|header| response.extend([header, "\r\n"]));
    response.push_str("\r\n");
    let _ = stream.write_all(&[response.as_bytes(), body].concat());
}
