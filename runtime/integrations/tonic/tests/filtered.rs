//! Calls whose spans a filter switched off. The filter is one for the whole process: hence a file of its own.

use throughline::span::{Outcome, set_filter};
use throughline::testing::capture_returning;
use throughline::traced;
use throughline_tonic::ClientLayer;
use tonic::Code;
use tonic::transport::Endpoint;
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

#[test]
fn a_call_without_a_span_writes_nothing_on_the_one_around_it() {
    set_filter(|callsite| callsite.target != "throughline::grpc");
    let ((), trace) = capture_returning(|| {
        tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(tries());
    });
    trace.assert_tree("tries");
    let span = trace.root();
    assert_eq!(span.outcome(), Outcome::Ok, "{:?}", span.message());
    assert_eq!(span.attribute("rpc.response.status_code"), None);
}
