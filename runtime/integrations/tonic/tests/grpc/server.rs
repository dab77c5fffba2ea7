//! A server on a port of its own, and clients of it.

use std::net::SocketAddr;
use std::sync::Arc;

use throughline::testing::{Trace, capture_returning};
use throughline_tonic::{Client, ClientLayer, server_layer};
use tokio::net::TcpListener;
use tokio::sync::Notify;
use tokio_stream::StreamExt;
use tokio_stream::wrappers::TcpListenerStream;
use tonic::codegen::{BoxFuture, BoxStream};
use tonic::transport::{Channel, Endpoint, Server};
use tonic::{Request, Response, Status, Streaming};
use tower_layer::Layer;

use crate::talk::Line;
use crate::talk::talk_client::TalkClient;
use crate::talk::talk_server::{Talk, TalkServer};

pub(crate) type Answer = Result<Response<Line>, Status>;
type Say = dyn Fn(Request<Line>) -> BoxFuture<Response<Line>, Status> + Send + Sync;

/// Runs `test` on a runtime of this thread, servers and clients in it, and returns the spans that ended in it.
pub(crate) fn observed<R>(test: impl AsyncFnOnce() -> R) -> (R, Trace) {
    crate::line::keep();
    capture_returning(|| {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(test())
    })
}

/// The service: `say` is a test's own, the others answer the words they are told.
#[derive(Clone)]
pub(crate) struct Talker {
    say: Arc<Say>,
    /// Told when a handler, or the stream that it returned, is dropped.
    pub(crate) gone: Arc<Notify>,
}

impl Talker {
    /// A service whose method `Say` is this function.
    pub(crate) fn saying<F>(say: impl Fn(Request<Line>) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Answer> + Send + 'static,
    {
        Self { say: Arc::new(move |request| Box::pin(say(request))), gone: Arc::default() }
    }

    /// A service whose method `Say` says what it was told.
    pub(crate) fn echo() -> Self {
        Self::saying(async |request| Ok(Response::new(request.into_inner())))
    }

    /// A service whose method `Say` never answers.
    pub(crate) fn silent() -> Self {
        Self::saying(async |_| std::future::pending().await)
    }

    fn guard(&self) -> Gone {
        Gone(Arc::clone(&self.gone))
    }

    /// The words of `text`: `wait` is waited at for ever, `fail` ends them with a status, and so does `panic` otherwise.
    fn words(&self, text: &str) -> BoxStream<Line> {
        let words: Vec<String> = text.split(' ').map(str::to_owned).collect();
        let gone = self.guard();
        Box::pin(tokio_stream::iter(words).then(move |word| {
            let _gone = &gone;
            async move {
                throughline::span!("word").in_scope(|| ());
                match &*word {
                    "wait" => std::future::pending().await,
                    "fail" => Err(Status::data_loss("a word is missing")),
                    "panic" => panic!("this test wants a panic"),
                    _ => Ok(line(&word)),
                }
            }
        }))
    }
}

/// Tells that it was dropped.
struct Gone(Arc<Notify>);

impl Drop for Gone {
    fn drop(&mut self) {
        self.0.notify_one();
    }
}

pub(crate) fn line(text: &str) -> Line {
    Line { text: text.to_owned() }
}

#[tonic::async_trait]
impl Talk for Talker {
    async fn say(&self, request: Request<Line>) -> Answer {
        let _gone = self.guard();
        (self.say)(request).await
    }

    async fn tell(&self, request: Request<Streaming<Line>>) -> Answer {
        let _gone = self.guard();
        let mut lines = request.into_inner();
        let mut told = Vec::new();
        while let Some(line) = lines.message().await? {
            throughline::span!("told").in_scope(|| told.push(line.text));
        }
        Ok(Response::new(line(&told.join(" "))))
    }

    type ListenStream = BoxStream<Line>;

    async fn listen(&self, request: Request<Line>) -> Result<Response<BoxStream<Line>>, Status> {
        Ok(Response::new(self.words(&request.into_inner().text)))
    }

    type ChatStream = BoxStream<Line>;

    async fn chat(&self, request: Request<Streaming<Line>>) -> Result<Response<BoxStream<Line>>, Status> {
        let gone = self.guard();
        let answers = request.into_inner().map(move |said| {
            let _gone = &gone;
            throughline::span!("answered").in_scope(|| said)
        });
        Ok(Response::new(Box::pin(answers)))
    }
}

/// Serves `talker` behind the layer, as most do.
pub(crate) async fn serve(talker: &Talker) -> SocketAddr {
    let (listener, address) = listen().await;
    let server = Server::builder().layer(server_layer()).add_service(TalkServer::new(talker.clone()));
    tokio::spawn(server.serve_with_incoming(TcpListenerStream::new(listener)));
    address
}

/// A port of its own.
pub(crate) async fn listen() -> (TcpListener, SocketAddr) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    (listener, address)
}

pub(crate) type Caller = TalkClient<Client<Channel>>;

/// A client of the server at this address.
pub(crate) fn caller(to: SocketAddr) -> Caller {
    let endpoint = endpoint(to);
    TalkClient::new(ClientLayer::new(endpoint.uri()).layer(endpoint.connect_lazy()))
}

/// A client that nobody observes, which sends what it is told and nothing else.
pub(crate) fn stranger(to: SocketAddr) -> TalkClient<Channel> {
    TalkClient::new(endpoint(to).connect_lazy())
}

pub(crate) fn endpoint(to: SocketAddr) -> Endpoint {
    Endpoint::from_shared(format!("http://{to}")).unwrap()
}
