//! What a client's layer can be told.

use std::sync::Arc;

use http::Uri;
use throughline::http::ClientLayer as HttpLayer;
use throughline::propagation::Config;
use tower_layer::Layer;

use crate::client::Client;

/// Gives every call a span of kind client and sends the context along in its metadata: `traceparent`, `tracestate`,
/// `baggage` and the request ID.
///
/// - It stands around a [`Channel`](https://docs.rs/tonic/latest/tonic/transport/struct.Channel.html), which alone knows
///   whom it is connected with: so the layer is told.
/// - Trace headers that are there already are replaced, a request ID or baggage is kept, as by the
///   [`ClientLayer`](HttpLayer) of HTTP.
/// - The span ends with the status of the call, which comes after the last message of a stream; a call or a stream that is
///   dropped before is cancelled. Every status but `OK` fails the span.
///
/// ```
/// use throughline_tonic::ClientLayer;
/// use tonic::transport::Endpoint;
/// use tonic_health::pb::health_client::HealthClient;
/// use tower_layer::Layer;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let endpoint = Endpoint::from_static("http://catalog.internal.example:50051");
/// let layer = ClientLayer::new(endpoint.uri());
/// let client = HealthClient::new(layer.layer(endpoint.connect_lazy()));
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct ClientLayer {
    pub(super) host: Arc<str>,
    pub(super) port: Option<u16>,
    pub(super) http: HttpLayer,
}

impl ClientLayer {
    /// A layer for calls of the server at `target`, or of the servers that go by this name.
    pub fn new(target: &Uri) -> Self {
        let host = target.host().unwrap_or_default().trim_matches(['[', ']']);
        Self { host: host.into(), port: target.port_u16(), http: HttpLayer::new() }
    }

    /// Sends context to these hosts only, as [those of HTTP](HttpLayer::allow_hosts): to a layer that is made for any target, it
    /// says which of them get context.
    #[must_use]
    pub fn allow_hosts(mut self, hosts: impl IntoIterator<Item = impl AsRef<str>>) -> Self {
        self.http = self.http.allow_hosts(hosts);
        self
    }

    /// Writes by this config, not by the one of the process.
    #[must_use]
    pub fn config(mut self, config: Config) -> Self {
        self.http = self.http.config(config);
        self
    }
}

impl<S> Layer<S> for ClientLayer {
    type Service = Client<S>;

    fn layer(&self, inner: S) -> Client<S> {
        Client::new(inner, self.clone())
    }
}
