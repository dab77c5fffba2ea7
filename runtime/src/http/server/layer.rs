//! What a server's layer can be told.

use std::sync::Arc;

use http::Extensions;
use tower_layer::Layer;

use crate::http::server::{Http, Protocol, Server};
use crate::propagation::{Config, Relation};

/// Gives every request a span of kind server, the context it brings and a request ID, which every response carries.
///
/// - The span is a child of the caller's, or with [`public_endpoint`](Self::public_endpoint) linked to it.
/// - The request ID is in the request's extensions ([`RequestId`](crate::http::RequestId)), from
///   `throughline::request_id()`, and in every response under the header it came by, `x-request-id` if it came by none.
///   That holds with tracing off too.
/// - The span ends when the response was sent to its end, since a streamed answer is part of the work; when the client
///   goes away before, it is cancelled.
/// - With the feature `logs` every request ends with one event of `tracing` (target `throughline::request`) that has
///   method, route, status and `duration_ms`.
///
/// Of several layers around each other, such as that of a router and that of one nested in it, the outermost observes the
/// request; one for another protocol, as gRPC in a router of HTTP, adds a span inside of it.
///
/// A panic closes the span as panicked and goes on. Put a layer that turns panics into responses inside of this one,
/// so that those carry the request ID too.
///
/// ```
/// use throughline::http::ServerLayer;
/// use tower::{ServiceBuilder, service_fn};
///
/// # async fn handle(_: http::Request<String>) -> Result<http::Response<String>, std::convert::Infallible> {
/// #     Ok(http::Response::new(String::new()))
/// # }
/// let service = ServiceBuilder::new().layer(ServerLayer::new()).service(service_fn(handle));
/// ```
#[derive(Clone, Debug, Default)]
pub struct ServerLayer<P = Http> {
    options: Options,
    protocol: P,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Options {
    config: Option<Arc<Config>>,
    pub(super) relation: Relation,
}

impl ServerLayer {
    /// A layer with the [`Config`] of the process.
    pub fn new() -> Self {
        Self::default()
    }

    /// Tells callers what their request used, in a header of the response:
    /// `throughline-usage: calls=2;input_tokens=1500;output_tokens=80;cost_usd=0.000435`, and `unpriced_calls` and
    /// `tool_calls` where there are any. For callers who may know that: the header is sent to all.
    ///
    /// It is there where the trace is recorded, and holds what had ended when the head of the response was sent: of an answer that is streamed, the calls before it. A
    /// [`ClientLayer`](crate::http::ClientLayer) records it on the span of the request, as `throughline.llm.remote.*`.
    #[cfg(feature = "llm")]
    #[must_use]
    pub fn report_usage(mut self) -> Self {
        self.protocol.reports_usage = true;
        self
    }

    /// Where to find the route when the layer is called: in the request's extensions. See
    /// [`Route`](crate::http::Route) for routers that know it later.
    #[must_use]
    pub fn route_from(mut self, route: for<'a> fn(&'a Extensions) -> Option<&'a str>) -> Self {
        self.protocol.route_from = Some(route);
        self
    }
}

impl<P: Protocol> ServerLayer<P> {
    /// A layer for requests of another protocol over HTTP, with the [`Config`] of the process.
    pub fn of(protocol: P) -> Self {
        Self { options: Options::default(), protocol }
    }

    /// For servers that strangers call: what they send begins a trace of its own, which is linked to theirs, so that
    /// nobody can add spans to traces of this system or decide which are sampled.
    #[must_use]
    pub fn public_endpoint(mut self) -> Self {
        self.options.relation = Relation::Link;
        self
    }

    /// Reads and answers by this config, not by the one of the process.
    #[must_use]
    pub fn config(mut self, config: Config) -> Self {
        self.options.config = Some(Arc::new(config));
        self
    }
}

impl Options {
    pub(super) fn config(&self) -> &Config {
        self.config.as_deref().unwrap_or_else(|| Config::current())
    }
}

impl<S, P: Clone> Layer<S> for ServerLayer<P> {
    type Service = Server<S, P>;

    fn layer(&self, inner: S) -> Server<S, P> {
        Server::new(inner, self.options.clone(), self.protocol.clone())
    }
}
