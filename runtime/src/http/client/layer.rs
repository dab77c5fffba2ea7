//! What a client's layer can be told.

use std::sync::Arc;

use tower_layer::Layer;

use crate::http::Client;
use crate::http::client::hosts::Hosts;
use crate::propagation::Config;

/// Gives every request a span of kind client and sends the context along: `traceparent`, `tracestate`, `baggage` and
/// the request ID.
///
/// - Trace headers that are there already are replaced: they are most often left over from a request that is being
///   forwarded, and the span made here is the parent of what the server does. A request ID or baggage that is there
///   is kept.
/// - The span ends when the head of the response is there, as
///   [the conventions](https://opentelemetry.io/docs/specs/semconv/http/http-spans/#http-client-span-duration) want it
///   where a program need not read a body to its end.
/// - A status of 400 and above, or an error, fails the span.
/// - What a server says that it used of models (`ServerLayer::report_usage`) is recorded as `throughline.llm.remote.*`. It is
///   in no total.
///
/// It takes the context of who calls it. tower's `buffer` calls what is inside of it from a task of its own, which has none:
/// put this layer around the buffer.
///
/// For clients that are no tower services of `http::Request` there is [`start`](Self::start).
///
/// ```
/// use throughline::http::ClientLayer;
/// use tower::{ServiceBuilder, service_fn};
///
/// # async fn send(_: http::Request<String>) -> Result<http::Response<String>, std::convert::Infallible> {
/// #     Ok(http::Response::new(String::new()))
/// # }
/// let layer = ClientLayer::new().allow_hosts(["*.internal.example"]);
/// let client = ServiceBuilder::new().layer(layer).service(service_fn(send));
/// ```
#[derive(Clone, Debug, Default)]
pub struct ClientLayer {
    config: Option<Arc<Config>>,
    hosts: Option<Arc<Hosts>>,
}

impl ClientLayer {
    /// A layer with the [`Config`] of the process, which sends context to every host.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sends context to these hosts only, also no trace: names as in the URL, without port, and `*.` before those whose
    /// subdomains are meant. Calls of other hosts have their span all the same.
    ///
    /// A client inside of this layer that follows redirects by itself takes the headers along, whichever host it is sent to:
    /// keep it from following them to others.
    #[must_use]
    pub fn allow_hosts(mut self, hosts: impl IntoIterator<Item = impl AsRef<str>>) -> Self {
        self.hosts = Some(Arc::new(Hosts::new(hosts)));
        self
    }

    /// Writes by this config, not by the one of the process.
    #[must_use]
    pub fn config(mut self, config: Config) -> Self {
        self.config = Some(Arc::new(config));
        self
    }

    pub(super) fn current_config(&self) -> &Config {
        self.config.as_deref().unwrap_or_else(|| Config::current())
    }

    pub(super) fn allows(&self, host: &str) -> bool {
        self.hosts.as_ref().is_none_or(|hosts| hosts.allow(host))
    }
}

impl<S> Layer<S> for ClientLayer {
    type Service = Client<S>;

    fn layer(&self, inner: S) -> Client<S> {
        Client::new(inner, self.clone())
    }
}
