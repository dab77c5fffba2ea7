//! One request to another server.

use http::{HeaderMap, Method};

use crate::context::Context;
use crate::http::client::{Answer, CallFuture, ClientLayer};
use crate::http::{keys, method, url};
use crate::span::{Callsite, Span, ToValue, current};

/// A request that is about to be sent.
#[derive(Debug)]
pub struct Outgoing<'a> {
    /// Its method.
    pub method: &'a Method,
    /// Its absolute URL. Credentials in it are not recorded.
    pub url: &'a str,
    /// The host of the URL.
    pub host: &'a str,
    /// The port of the URL, or the one that belongs to its scheme.
    pub port: Option<u16>,
    /// Where the context is written.
    pub headers: &'a mut HeaderMap,
}

/// A request with its span, made by [`ClientLayer::start`].
#[derive(Debug)]
#[must_use = "the request is not observed unless it is run"]
pub struct Call {
    span: Span,
}

impl ClientLayer {
    /// Opens the span of a request and writes the context into its headers, for clients that are no tower services of
    /// `http::Request`.
    ///
    /// ```
    /// use http::{HeaderMap, Method, StatusCode};
    /// use throughline::http::{Answer, ClientLayer, Outgoing};
    ///
    /// # async fn send(_: HeaderMap) -> StatusCode { StatusCode::OK }
    /// # async fn get() -> StatusCode {
    /// let mut headers = HeaderMap::new();
    /// let call = ClientLayer::new().start(Outgoing {
    ///     method: &Method::GET,
    ///     url: "http://api.example/users",
    ///     host: "api.example",
    ///     port: Some(80),
    ///     headers: &mut headers,
    /// });
    /// call.run(send(headers), |status| Answer::Status(*status)).await
    /// # }
    /// ```
    pub fn start(&self, outgoing: Outgoing<'_>) -> Call {
        let callsite = &method::callsites(outgoing.method).client;
        let span = Span::new(callsite);
        if span.is_recording() {
            span.in_scope(|| describe(callsite, &outgoing));
        }
        self.send_context(&span.context(), outgoing.host, outgoing.headers);
        Call { span }
    }

    /// Writes `context` into the headers of a request to `host` if that is one of those it may go to: for clients of
    /// other protocols over HTTP, whose spans are their own.
    ///
    /// ```
    /// use http::HeaderMap;
    /// use throughline::http::ClientLayer;
    ///
    /// let span = throughline::span!("grpc");
    /// let mut headers = HeaderMap::new();
    /// let layer = ClientLayer::new().allow_hosts(["*.internal.example"]);
    /// layer.send_context(&span.context(), "api.example", &mut headers);
    /// assert!(headers.is_empty());
    /// ```
    pub fn send_context(&self, context: &Context, host: &str, headers: &mut HeaderMap) {
        if self.allows(host) {
            self.current_config().inject(context, headers);
        }
    }
}

impl Call {
    /// Runs `f` with the context of the request current.
    pub fn in_scope<R>(&self, f: impl FnOnce() -> R) -> R {
        self.span.in_scope(f)
    }

    /// The request as a future. The span ends with it, by what `answer` makes of its output; dropped before, it is
    /// cancelled.
    pub fn run<F: Future>(self, request: F, answer: fn(&F::Output) -> Answer) -> CallFuture<F> {
        CallFuture::new(request, answer, self.span)
    }
}

/// Writes the attributes that are known at the start, on the current span.
fn describe(callsite: &'static Callsite, outgoing: &Outgoing<'_>) {
    current::record(
        callsite,
        [
            (keys::SERVER_ADDRESS, outgoing.host.to_value()),
            (keys::SERVER_PORT, outgoing.port.to_value()),
            (keys::URL_FULL, url::redact(outgoing.url).to_value()),
            (keys::HTTP_REQUEST_METHOD_ORIGINAL, method::unknown(callsite, outgoing.method).to_value()),
        ],
    );
}
