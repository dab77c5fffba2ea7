//! Requests by gRPC.

mod codec;
mod status;

use std::cell::OnceCell;
use std::error::Error;
use std::io;
use std::iter::successors;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::uri::PathAndQuery;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::Notify;
use tokio::time::error::Elapsed;
use tokio::time::timeout;
use tonic::client::Grpc;
use tonic::codec::CompressionEncoding;
use tonic::metadata::{Ascii, MetadataKey, MetadataValue};
use tonic::transport::{Certificate, Channel, ClientTlsConfig, Endpoint, Identity};
use tonic::{Request, Status};

use codec::Encoded;

use super::LONGEST_TIMEOUT;
use crate::export::otlp::answer::Answer;
use crate::export::otlp::reply::{Failure, Reply};
use crate::export::otlp::signal::Signal;
use crate::export::otlp::{Compression, OtlpConfig};

/// Sends bodies to one address. The connection, and the runtime that it needs, live on the thread that sends: nothing runs
/// while nothing is sent.
#[derive(Debug)]
pub(in crate::export::otlp) struct GrpcTransport {
    signal: Signal,
    endpoint: Endpoint,
    headers: Vec<(MetadataKey<Ascii>, MetadataValue<Ascii>)>,
    compressed: bool,
    timeout: Duration,
    connection: OnceCell<(Runtime, Grpc<Channel>)>,
    broken_off: Arc<Notify>,
}

impl GrpcTransport {
    /// Fails when the address, a certificate or a key of the config is malformed.
    pub(super) fn new(config: &OtlpConfig) -> io::Result<Self> {
        // The error itself says no more than "transport error".
        let endpoint = endpoint(config).map_err(|error| match causes(&error).last() {
            Some(cause) => io::Error::other(cause.to_string()),
            None => io::Error::other(error),
        })?;
        // What HTTP does not allow is reported where variables are read.
        let headers = config.headers.iter();
        let headers = headers
            .filter_map(|(name, value)| Some((name.to_ascii_lowercase().parse().ok()?, value.parse().ok()?)));
        Ok(Self {
            signal: config.signal,
            endpoint,
            headers: headers.collect(),
            compressed: config.compression == Compression::Gzip,
            timeout: config.timeout.min(LONGEST_TIMEOUT),
            connection: OnceCell::new(),
            broken_off: Arc::default(),
        })
    }

    /// What breaks off the request under way, from another thread.
    pub(super) fn breaker(&self) -> impl FnOnce() + Send + use<> {
        let broken_off = Arc::clone(&self.broken_off);
        move || broken_off.notify_one()
    }

    /// Sends a body with this number of spans or data points.
    pub(super) fn send(&self, body: &[u8], items: usize) -> Reply {
        let (runtime, client) = match self.connection() {
            Ok(connection) => connection,
            Err(error) => return Reply::Never(Failure::of(error.to_string(), "see what the system lacks")),
        };
        let call = call(client.clone(), self.request(body), self.signal.grpc_path());
        runtime.block_on(async {
            tokio::select! {
                answered = timeout(self.timeout, call) => self.reply(answered, items),
                () = self.broken_off.notified() => Reply::Later(Failure::of("it was broken off".to_owned(), "")),
            }
        })
    }

    fn reply(&self, answered: Result<Result<Bytes, Status>, Elapsed>, items: usize) -> Reply {
        match answered {
            Ok(Ok(answer)) => Reply::taken(&Answer::Protobuf(&answer), items),
            Ok(Err(status)) => status::reply(self.signal, &status),
            Err(elapsed) => Reply::Later(Failure::of(elapsed.to_string(), self.signal.advice_on_timeout())),
        }
    }

    fn request(&self, body: &[u8]) -> Request<Bytes> {
        let mut request = Request::new(Bytes::copy_from_slice(body));
        request.set_timeout(self.timeout);
        for (name, value) in &self.headers {
            request.metadata_mut().append(name.clone(), value.clone());
        }
        request
    }

    /// Made by the thread that sends, so that a program's own runtime never sees it.
    fn connection(&self) -> io::Result<&(Runtime, Grpc<Channel>)> {
        if let Some(connection) = self.connection.get() {
            return Ok(connection);
        }
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let channel = {
            let _entered = runtime.enter();
            self.endpoint.connect_lazy()
        };
        let mut client = Grpc::new(channel).accept_compressed(CompressionEncoding::Gzip);
        if self.compressed {
            client = client.send_compressed(CompressionEncoding::Gzip);
        }
        Ok(self.connection.get_or_init(|| (runtime, client)))
    }
}

fn endpoint(config: &OtlpConfig) -> Result<Endpoint, tonic::transport::Error> {
    let endpoint = Endpoint::from_shared(config.endpoint.clone())?
        .user_agent(concat!("throughline-otlp/", env!("CARGO_PKG_VERSION")))?;
    let is_secure = endpoint.uri().scheme_str() == Some("https");
    if is_secure { endpoint.tls_config(tls(config)) } else { Ok(endpoint) }
}

/// What an error comes from, the outermost first.
fn causes(error: &dyn Error) -> impl Iterator<Item = &(dyn Error + 'static)> {
    successors(error.source(), |error: &&(dyn Error + 'static)| (*error).source())
}

async fn call(
    mut client: Grpc<Channel>,
    request: Request<Bytes>,
    path: &'static str,
) -> Result<Bytes, Status> {
    client.ready().await.map_err(|error| Status::from_error(error.into()))?;
    client.unary(request, PathAndQuery::from_static(path), Encoded).await.map(tonic::Response::into_inner)
}

fn tls(config: &OtlpConfig) -> ClientTlsConfig {
    let tls = match &config.root_certificates {
        Some(pem) => ClientTlsConfig::new().ca_certificate(Certificate::from_pem(pem)),
        None => ClientTlsConfig::new().with_webpki_roots(),
    };
    match &config.client_certificate {
        Some((chain, key)) => tls.identity(Identity::from_pem(chain, key)),
        None => tls,
    }
}
