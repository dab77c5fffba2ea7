//! A receiver of OTLP over gRPC: tonic's server on a real socket, that answers as it is told and keeps what it got.

use std::net::SocketAddr;
use std::sync::mpsc::{self, Receiver as Channel, Sender};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use opentelemetry_proto::tonic::collector::metrics::v1::metrics_service_server::{
    MetricsService, MetricsServiceServer,
};
use opentelemetry_proto::tonic::collector::metrics::v1::{
    ExportMetricsServiceRequest, ExportMetricsServiceResponse,
};
use opentelemetry_proto::tonic::collector::trace::v1::trace_service_server::{
    TraceService, TraceServiceServer,
};
use opentelemetry_proto::tonic::collector::trace::v1::{
    ExportTracePartialSuccess, ExportTraceServiceRequest, ExportTraceServiceResponse,
};
use opentelemetry_proto::tonic::trace::v1::Span;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tonic::codec::CompressionEncoding;
use tonic::metadata::MetadataMap;
use tonic::transport::server::TcpIncoming;
use tonic::transport::{Server, ServerTlsConfig};
use tonic::{Request, Response, Status};

/// What a call is answered with.
#[derive(Clone, Debug)]
pub enum GrpcAnswer {
    /// All but so many spans are taken, and this is said.
    Partial(i64, String),
    /// This status.
    Fails(Status),
    /// Nothing, ever.
    Silence,
}

/// A call as it came.
#[derive(Debug)]
#[expect(missing_docs, reason = "what gRPC has words for")]
pub struct GrpcCall {
    pub metadata: MetadataMap,
    pub traces: ExportTraceServiceRequest,
    pub metrics: ExportMetricsServiceRequest,
    /// When it came.
    pub at: Instant,
}

/// A receiver on a free port of this machine.
#[derive(Debug)]
pub struct GrpcReceiver {
    scheme: &'static str,
    address: SocketAddr,
    calls: Channel<GrpcCall>,
    /// The server ends with it.
    _stop: oneshot::Sender<()>,
}

/// Longer than anything here takes: a test fails instead of hanging.
const PATIENCE: Duration = Duration::from_secs(60);

impl GrpcReceiver {
    /// A receiver that gives these answers, then takes everything.
    pub fn answering(answers: impl IntoIterator<Item = GrpcAnswer>) -> Self {
        Self::start("http", "127.0.0.1:0".parse().expect("an address"), None, answers)
    }

    /// The same behind TLS.
    pub fn answering_tls(tls: ServerTlsConfig) -> Self {
        // tonic's server takes that of the process, which rustls does not choose where the tests' crates bring two.
        let _ = rustls::crypto::ring::default_provider().install_default();
        Self::start("https", "127.0.0.1:0".parse().expect("an address"), Some(tls), [])
    }

    /// Another one where one was.
    pub fn again(address: SocketAddr) -> Self {
        Self::start("http", address, None, [])
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "the far side of a connection, which no pipeline has to do with"
    )]
    fn start(
        scheme: &'static str,
        address: SocketAddr,
        tls: Option<ServerTlsConfig>,
        answers: impl IntoIterator<Item = GrpcAnswer>,
    ) -> Self {
        let answers = Arc::new(Mutex::new(answers.into_iter().collect::<Vec<_>>().into_iter()));
        let (sender, calls) = mpsc::channel();
        let (stop, stopped) = oneshot::channel::<()>();
        let (started, address_of) = mpsc::channel();
        thread::spawn(move || {
            let runtime =
                tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
            let served = runtime.block_on(async {
                let listener = TcpListener::bind(address).await.expect("a free port");
                started.send(listener.local_addr().expect("an address")).expect("it is waited for");
                let mut server = Server::builder();
                if let Some(tls) = tls {
                    server = server.tls_config(tls).expect("certificates");
                }
                let service = Service { answers, calls: sender };
                let traces = TraceServiceServer::new(service.clone())
                    .accept_compressed(CompressionEncoding::Gzip)
                    .send_compressed(CompressionEncoding::Gzip);
                let metrics = MetricsServiceServer::new(service).accept_compressed(CompressionEncoding::Gzip);
                let serving = server.add_service(traces).add_service(metrics);
                tokio::select! {
                    served = serving.serve_with_incoming(TcpIncoming::from(listener)) => served,
                    _ = stopped => Ok(()),
                }
            });
            served.expect("it serves");
        });
        let address = address_of.recv_timeout(PATIENCE).expect("it listens");
        Self { scheme, address, calls, _stop: stop }
    }

    /// The address to send to.
    pub fn endpoint(&self) -> String {
        format!("{}://{}", self.scheme, self.address)
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The next call; panics when none comes.
    pub fn call(&self) -> GrpcCall {
        self.calls.recv_timeout(PATIENCE).expect("a call")
    }

    /// The calls that came and were not asked for yet.
    pub fn rest(&self) -> Vec<GrpcCall> {
        self.calls.try_iter().collect()
    }

    /// Ends it, with all connections.
    pub fn end(self) {
        let Self { calls, _stop: stop, .. } = self;
        drop(stop);
        // Its thread has the other end.
        while calls.recv_timeout(PATIENCE).is_ok() {}
    }
}

impl GrpcCall {
    /// All spans of the call.
    pub fn spans(&self) -> Vec<Span> {
        let resources = self.traces.resource_spans.iter();
        resources.flat_map(|resource| &resource.scope_spans).flat_map(|scope| scope.spans.clone()).collect()
    }

    /// The value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.metadata.get(name).and_then(|value| value.to_str().ok())
    }
}

#[derive(Clone)]
struct Service {
    answers: Arc<Mutex<std::vec::IntoIter<GrpcAnswer>>>,
    calls: Sender<GrpcCall>,
}

impl Service {
    /// Keeps a call, and says what it is answered with.
    #[expect(
        clippy::disallowed_methods,
        reason = "the time of arrival, which only the test's own clock knows"
    )]
    async fn answer(
        &self,
        metadata: MetadataMap,
        traces: ExportTraceServiceRequest,
        metrics: ExportMetricsServiceRequest,
    ) -> Result<(i64, String), Status> {
        let answer = self.answers.lock().expect("not poisoned").next();
        // A test that has ended asks for nothing.
        let _ = self.calls.send(GrpcCall { metadata, traces, metrics, at: Instant::now() });
        match answer {
            None => Ok((0, String::new())),
            Some(GrpcAnswer::Partial(rejected, message)) => Ok((rejected, message)),
            Some(GrpcAnswer::Fails(status)) => Err(status),
            Some(GrpcAnswer::Silence) => std::future::pending().await,
        }
    }
}

#[tonic::async_trait]
impl TraceService for Service {
    async fn export(
        &self,
        request: Request<ExportTraceServiceRequest>,
    ) -> Result<Response<ExportTraceServiceResponse>, Status> {
        let (metadata, _, traces) = request.into_parts();
        let (rejected_spans, error_message) = self.answer(metadata, traces, Default::default()).await?;
        let partial_success = (rejected_spans > 0 || !error_message.is_empty())
            .then_some(ExportTracePartialSuccess { rejected_spans, error_message });
        Ok(Response::new(ExportTraceServiceResponse { partial_success }))
    }
}

#[tonic::async_trait]
impl MetricsService for Service {
    async fn export(
        &self,
        request: Request<ExportMetricsServiceRequest>,
    ) -> Result<Response<ExportMetricsServiceResponse>, Status> {
        let (metadata, _, metrics) = request.into_parts();
        self.answer(metadata, Default::default(), metrics).await?;
        Ok(Response::new(ExportMetricsServiceResponse::default()))
    }
}
