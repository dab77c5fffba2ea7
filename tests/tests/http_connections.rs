//! Requests over connections of HTTP/1 and 2, to a server of hyper alone: when they end, and how.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;

use futures_util::{StreamExt, stream};
use http::{HeaderMap, Request, Response, StatusCode};
use http_body::Frame;
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Empty, Full, StreamBody};
use hyper::body::{Bytes, Incoming};
use hyper::client::conn::{http1, http2};
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use hyper_util::service::TowerToHyperService;
use throughline::http::ServerLayer;
use throughline::span::{Kind, Outcome};
use throughline_tests::recorded::{Recorder, recorded};
use throughline_tests::wire::exchange;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, mpsc};
use tower::{Layer, service_fn};

type Body = UnsyncBoxBody<Bytes, Infallible>;

/// Serves requests by `handler`, behind the layer.
async fn serve<F>(handler: impl Fn(Request<Incoming>) -> F + Clone + Send + 'static) -> SocketAddr
where
    F: Future<Output = Response<Body>> + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let handler = service_fn(move |request| {
        let response = handler(request);
        async { Ok::<_, Infallible>(response.await) }
    });
    let service = TowerToHyperService::new(ServerLayer::new().layer(handler));
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let service = service.clone();
            tokio::spawn(async move {
                let server = auto::Builder::new(TokioExecutor::new());
                let _ = server.serve_connection_with_upgrades(TokioIo::new(stream), service).await;
            });
        }
    });
    address
}

/// One connection of a client.
enum Connection {
    One(http1::SendRequest<Empty<Bytes>>),
    Two(http2::SendRequest<Empty<Bytes>>),
}

const VERSIONS: [&str; 2] = ["1.1", "2"];

impl Connection {
    async fn open(version: &str, to: SocketAddr) -> Self {
        let stream = TokioIo::new(TcpStream::connect(to).await.unwrap());
        if version == "2" {
            let (sender, connection) = http2::handshake(TokioExecutor::new(), stream).await.unwrap();
            tokio::spawn(connection);
            return Self::Two(sender);
        }
        let (sender, connection) = http1::handshake(stream).await.unwrap();
        tokio::spawn(connection);
        Self::One(sender)
    }

    async fn get(&mut self, path: &str) -> Response<Incoming> {
        let request = match self {
            Self::One(_) => Request::get(path).header("host", "shop.example:8080"),
            Self::Two(_) => Request::get(format!("http://shop.example:8080{path}")),
        };
        let request = request.header("te", "trailers").body(Empty::new()).unwrap();
        match self {
            Self::One(sender) => sender.send_request(request).await.unwrap(),
            Self::Two(sender) => sender.send_request(request).await.unwrap(),
        }
    }
}

/// Runs a test on both versions.
fn on_each_version(test: impl AsyncFn(&Recorder, &'static str)) {
    for version in VERSIONS {
        recorded(async |recorder| test(recorder, version).await);
    }
}

fn full(text: &'static str) -> Response<Body> {
    Response::new(Full::from(text).boxed_unsync())
}

fn frames(frames: impl stream::Stream<Item = Frame<Bytes>> + Send + 'static) -> Response<Body> {
    Response::new(StreamBody::new(frames.map(Ok)).boxed_unsync())
}

fn piece(text: &'static str) -> Frame<Bytes> {
    Frame::data(Bytes::from_static(text.as_bytes()))
}

/// Tells that it was dropped.
struct Gone(Arc<Notify>);

impl Drop for Gone {
    fn drop(&mut self) {
        self.0.notify_one();
    }
}

#[test]
fn a_server_without_a_framework_is_observed() {
    on_each_version(async |recorder, version| {
        let server = serve(async |_| full("hello")).await;
        let mut connection = Connection::open(version, server).await;
        let mut traces = Vec::new();
        for _ in 0..2 {
            let response = connection.get("/ask?key=secret").await;
            assert!(response.headers().contains_key("x-request-id"));
            assert_eq!(response.into_body().collect().await.unwrap().to_bytes(), "hello");
            let span = recorder.only();
            assert_eq!((span.name(), span.kind(), span.outcome()), ("GET", Kind::Server, Outcome::Ok));
            for (key, value) in [
                ("network.protocol.version", version.into()),
                ("server.address", "shop.example".into()),
                ("server.port", 8080.into()),
                ("url.path", "/ask".into()),
                ("url.scheme", "http".into()),
                ("http.response.status_code", 200.into()),
            ] {
                assert_eq!(span.attribute(key), Some(value), "{key} of version {version}");
            }
            traces.push(span.trace_id());
        }
        assert_ne!(traces[0], traces[1], "requests of one connection have nothing in common");
    });
}

#[test]
fn a_request_lasts_as_long_as_its_body_and_not_as_its_head() {
    on_each_version(async |recorder, version| {
        let (pieces, mut come) = mpsc::unbounded_channel();
        let come = stream::poll_fn(move |cx| come.poll_recv(cx));
        let come = Arc::new(std::sync::Mutex::new(Some(come)));
        let server = serve(move |_| {
            let body = come.lock().unwrap().take().unwrap();
            async { frames(body) }
        })
        .await;
        let mut body = Connection::open(version, server).await.get("/").await.into_body();
        for text in ["a", "b"] {
            pieces.send(piece(text)).unwrap();
            assert_eq!(body.frame().await.unwrap().unwrap().into_data().unwrap(), text);
            assert!(recorder.take().is_empty(), "version {version}");
        }
        drop(pieces);
        assert!(body.collect().await.unwrap().to_bytes().is_empty());
        assert_eq!(recorder.only().outcome(), Outcome::Ok, "version {version}");
    });
}

#[test]
fn trailers_end_a_request() {
    on_each_version(async |recorder, version| {
        let trailers = HeaderMap::from_iter([("checksum".parse().unwrap(), "7".parse().unwrap())]);
        let server = serve(move |_| {
            // What comes after them is never asked for.
            let all = stream::iter([piece("a"), Frame::trailers(trailers.clone())]).chain(stream::pending());
            let mut response = frames(all);
            response.headers_mut().insert("trailer", "checksum".parse().unwrap());
            async { response }
        })
        .await;
        let body = Connection::open(version, server).await.get("/").await.into_body();
        assert_eq!(body.collect().await.unwrap().trailers().unwrap()["checksum"], "7");
        assert_eq!(recorder.only().outcome(), Outcome::Ok, "version {version}");
    });
}

#[test]
fn a_client_that_goes_away_before_the_response_cancels_the_request() {
    on_each_version(async |recorder, version| {
        let gone = Arc::new(Notify::new());
        let (asked, mut is_asked) = mpsc::unbounded_channel();
        let server = serve({
            let gone = Arc::clone(&gone);
            move |_| {
                asked.send(()).unwrap();
                let gone = Gone(Arc::clone(&gone));
                async move {
                    let _gone = gone;
                    std::future::pending().await
                }
            }
        })
        .await;
        let mut connection = Connection::open(version, server).await;
        tokio::select! {
            _ = connection.get("/") => panic!("nobody answers"),
            _ = is_asked.recv() => {}
        }
        drop(connection);
        gone.notified().await;
        let span = recorder.only();
        assert_eq!(span.outcome(), Outcome::Cancelled, "version {version}");
        assert_eq!(span.attribute("http.response.status_code"), None);
    });
}

#[test]
fn a_client_that_goes_away_amid_the_body_cancels_the_request() {
    on_each_version(async |recorder, version| {
        let gone = Arc::new(Notify::new());
        let server = serve({
            let gone = Arc::clone(&gone);
            move |_| {
                let gone = Gone(Arc::clone(&gone));
                let pieces = stream::iter([piece("a")]).chain(stream::pending()).map(move |piece| {
                    let _gone = &gone;
                    piece
                });
                async { frames(pieces) }
            }
        })
        .await;
        let mut connection = Connection::open(version, server).await;
        let mut body = connection.get("/").await.into_body();
        assert_eq!(body.frame().await.unwrap().unwrap().into_data().unwrap(), "a");
        drop((body, connection));
        gone.notified().await;
        let span = recorder.only();
        assert_eq!(span.outcome(), Outcome::Cancelled, "version {version}");
        assert_eq!(span.attribute("http.response.status_code"), Some(200.into()));
    });
}

#[test]
fn a_request_that_becomes_another_protocol_ends_with_the_answer_to_it() {
    recorded(async |recorder| {
        let server = serve(async |mut request: Request<Incoming>| {
            let upgraded = hyper::upgrade::on(&mut request);
            throughline::spawn(async move {
                let mut stream = TokioIo::new(upgraded.await.unwrap());
                let mut word = [0; 5];
                stream.read_exact(&mut word).await.unwrap();
                throughline::span!("said").in_scope(|| ());
                stream.write_all(&word).await.unwrap();
                stream.shutdown().await.unwrap();
            });
            let mut response = Response::new(Empty::new().boxed_unsync());
            *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
            for (name, value) in [("connection", "upgrade"), ("upgrade", "echo")] {
                response.headers_mut().insert(name, value.parse().unwrap());
            }
            response
        })
        .await;
        let mut stream = TcpStream::connect(server).await.unwrap();
        let request = b"GET / HTTP/1.1\r\nhost: a\r\nconnection: upgrade\r\nupgrade: echo\r\n\r\n";
        stream.write_all(request).await.unwrap();
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(stream.read_u8().await.unwrap());
        }
        assert!(head.starts_with(b"HTTP/1.1 101 "));
        let request = recorder.only();
        assert_eq!((request.name(), request.outcome()), ("GET", Outcome::Ok));
        assert_eq!(request.attribute("http.response.status_code"), Some(101.into()));
        stream.write_all(b"hello").await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        assert_eq!(answer, "hello");
        let said = recorder.only();
        assert_eq!((said.name(), said.parent_id()), ("said", Some(request.span_id())));
    });
}

#[test]
fn what_is_no_request_is_no_span() {
    recorded(async |recorder| {
        let server = serve(async |_| full("hello")).await;
        assert_eq!(exchange(server, "GET / HTTP/9.9", &[]).await.status(), 400);
        assert!(recorder.take().is_empty());
    });
}
