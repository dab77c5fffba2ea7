//! A receiver of OTLP over HTTP, as a real collector would be: it decodes the protobuf of what it gets.

use std::io::Read as _;
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use flate2::read::GzDecoder;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use prost::Message as _;
use tokio::net::TcpListener;

use super::received::Received;

/// A receiver that listens as long as the process lives.
#[derive(Debug)]
pub struct Collector {
    endpoint: String,
    requests: Arc<Mutex<Vec<ExportTraceServiceRequest>>>,
}

impl Collector {
    /// Starts to listen on a free port.
    pub fn start() -> Self {
        let requests = Arc::default();
        let (tell, told) = mpsc::channel();
        let router = Router::new().route("/v1/traces", post(receive)).with_state(Arc::clone(&requests));
        thread::spawn(move || {
            let runtime =
                tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
            runtime.block_on(async move {
                let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
                tell.send(listener.local_addr().expect("an address")).expect("a test that waits");
                axum::serve(listener, router).await.expect("a server");
            });
        });
        let address = told.recv().expect("the receiver listens");
        Self { endpoint: format!("http://{address}"), requests }
    }

    /// What to set as `OTEL_EXPORTER_OTLP_ENDPOINT`.
    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// All that came so far.
    pub fn received(&self) -> Received {
        Received::new(&self.requests.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

async fn receive(
    State(requests): State<Arc<Mutex<Vec<ExportTraceServiceRequest>>>>,
    headers: HeaderMap,
    body: Bytes,
) -> StatusCode {
    assert_eq!(headers["content-type"], "application/x-protobuf");
    let mut bytes = Vec::new();
    if headers.get("content-encoding").is_some_and(|encoding| encoding == "gzip") {
        GzDecoder::new(&*body).read_to_end(&mut bytes).expect("gzip");
    } else {
        bytes.extend_from_slice(&body);
    }
    let request = ExportTraceServiceRequest::decode(&*bytes).expect("protobuf of OTLP");
    requests.lock().unwrap_or_else(PoisonError::into_inner).push(request);
    StatusCode::OK
}
