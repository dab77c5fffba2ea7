//! A client that observes what it sends.

use std::pin::Pin;
use std::task::{Context, Poll};

use reqwest::{Request, RequestBuilder, Response};
use throughline::http::{Answer, Call, CallFuture, ClientLayer, Outgoing};
use tower_service::Service;

use crate::error;

/// A [`reqwest::Client`] that gives every request a span and sends the context along. Cheap to clone, like the one inside.
#[derive(Clone, Debug, Default)]
pub struct Client {
    inner: reqwest::Client,
    layer: ClientLayer,
}

/// `send` with a span and the context.
pub trait RequestBuilderExt {
    /// Sends the request with a span of kind client and the current context.
    ///
    /// # Errors
    ///
    /// As [`RequestBuilder::send`].
    fn send_traced(self) -> impl Future<Output = reqwest::Result<Response>> + Send;
}

impl RequestBuilderExt for RequestBuilder {
    async fn send_traced(self) -> reqwest::Result<Response> {
        let (client, request) = self.build_split();
        Client::new(client).execute(request?).await
    }
}

impl Client {
    /// A client that sends by `client`.
    pub fn new(client: reqwest::Client) -> Self {
        Self { inner: client, layer: ClientLayer::new() }
    }

    /// Observes by this layer: with a list of hosts that context may go to, or a config of its own.
    ///
    /// reqwest follows redirects by itself, and takes all headers along but those with credentials: with a list of hosts, tell
    /// it which it may follow, or none.
    ///
    /// ```
    /// use throughline::http::ClientLayer;
    /// use throughline_reqwest::Client;
    ///
    /// let inner = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build()?;
    /// let client = Client::new(inner).layer(ClientLayer::new().allow_hosts(["*.internal.example"]));
    /// # Ok::<_, reqwest::Error>(())
    /// ```
    #[must_use]
    pub fn layer(mut self, layer: ClientLayer) -> Self {
        self.layer = layer;
        self
    }

    /// Sends a request. The span begins here, and is a child of what is current here.
    ///
    /// # Errors
    ///
    /// As [`reqwest::Client::execute`].
    pub fn execute(&self, mut request: Request) -> ExecuteFuture {
        let call = self.start(&mut request);
        let client = self.inner.clone();
        let sent: Sent = Box::pin(async move { client.execute(request).await });
        ExecuteFuture { inner: call.run(sent, answer) }
    }

    fn start(&self, request: &mut Request) -> Call {
        let (method, url) = (request.method().clone(), request.url().clone());
        self.layer.start(Outgoing {
            method: &method,
            url: url.as_str(),
            host: url.host_str().unwrap_or_default().trim_matches(['[', ']']),
            port: url.port_or_known_default(),
            headers: request.headers_mut(),
        })
    }
}

impl From<reqwest::Client> for Client {
    fn from(client: reqwest::Client) -> Self {
        Self::new(client)
    }
}

impl Service<Request> for Client {
    type Response = Response;
    type Error = reqwest::Error;
    type Future = ExecuteFuture;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<reqwest::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request) -> ExecuteFuture {
        self.execute(request)
    }
}

type Sent = Pin<Box<dyn Future<Output = reqwest::Result<Response>> + Send>>;

/// The future of [`Client::execute`].
#[derive(Debug)]
#[must_use = "futures do nothing unless polled"]
pub struct ExecuteFuture {
    inner: CallFuture<Sent>,
}

impl Future for ExecuteFuture {
    type Output = reqwest::Result<Response>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        Pin::new(&mut self.inner).poll(cx)
    }
}

fn answer(result: &reqwest::Result<Response>) -> Answer {
    match result {
        Ok(response) => Answer::of(response.status(), response.headers()),
        Err(error) => Answer::Failed { error_type: error::kind(error), message: error::message(error) },
    }
}
