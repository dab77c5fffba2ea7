//! Calls whose spans a filter switched off. The filter is one for the whole process: hence a file of its own.

use std::pin::Pin;

use throughline::http::ServerLayer;
use throughline::span::{Outcome, set_filter};
use throughline::testing::capture_returning;
use throughline::traced;
use throughline_tonic::{ClientLayer, server_layer};
use tokio::net::TcpListener;
use tokio_stream::wrappers::TcpListenerStream;
use tonic::Code;
use tonic::transport::{Endpoint, Server};
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_client::HealthClient;
use tower_layer::Layer;

/// Gets no answer, and can do without.
#[traced]
async fn tries() {
    // Nobody listens there.
    let endpoint = Endpoint::from_static("http://127.0.0.1:1");
    let channel = ClientLayer::new(endpoint.uri()).layer(endpoint.connect_lazy());
    let mut client = HealthClient::new(channel);
    let status = client.check(HealthCheckRequest::default()).await.unwrap_err();
    assert_eq!(status.code(), Code::Unavailable);
}

/// Answers a call that knows no such service, behind a layer for HTTP.
async fn answers() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = Endpoint::from_shared(format!("http://{}", listener.local_addr().unwrap())).unwrap();
    let mut server = Server::builder().layer(ServerLayer::new()).layer(server_layer());
    let server = server.add_service(tonic_health::server::health_reporter().1);
    tokio::spawn(server.serve_with_incoming(TcpListenerStream::new(listener)));
    let mut client = HealthClient::new(endpoint.connect().await.unwrap());
    let status = client.check(HealthCheckRequest { service: "none".to_owned() }).await.unwrap_err();
    assert_eq!(status.code(), Code::NotFound);
}

#[test]
fn a_call_without_a_span_writes_nothing_on_the_one_around_it() {
    set_filter(|callsite| callsite.target != "throughline::grpc");
    let run = |work: Pin<Box<dyn Future<Output = ()>>>| {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        capture_returning(|| runtime.block_on(work)).1
    };
    for (trace, name) in [(run(Box::pin(tries())), "tries"), (run(Box::pin(answers())), "POST")] {
        let span = trace.root();
        assert_eq!((trace.len(), span.name()), (1, name));
        assert_eq!(span.outcome(), Outcome::Ok, "{:?}", span.message());
        assert!(
            span.attribute("rpc.method").is_none() && span.attribute("rpc.response.status_code").is_none()
        );
    }
}
