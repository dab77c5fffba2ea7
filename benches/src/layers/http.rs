//! A request through the layer of a server, without a socket.

use std::convert::Infallible;
use std::hint::black_box;

use http::{Request, Response};
use http_body::Body;
use http_body_util::{BodyExt, Full};
use throughline::http::ServerLayer;
use tower::{Layer, Service, service_fn};

use super::repeat;
use crate::driver::{FEW, Scenario, block_on, nothing, unprepared};
use crate::ours::{collect, flush};

pub(super) fn observed() -> Scenario {
    let round = || requests(ServerLayer::new().layer(service_fn(hello)));
    Scenario { prepare: collect, round, settle: flush }
}

pub(super) fn bare() -> Scenario {
    Scenario { prepare: unprepared, round: || requests(service_fn(hello)), settle: nothing }
}

async fn hello(_: Request<()>) -> Result<Response<Full<&'static [u8]>>, Infallible> {
    Ok(Response::new(Full::new(b"hello")))
}

fn requests<S, B>(service: S)
where
    S: Service<Request<()>, Response = Response<B>, Error = Infallible> + Clone,
    B: Body,
{
    repeat(FEW, |_| {
        let Ok(response) = block_on(service.clone().call(black_box(request())));
        let _ = black_box(block_on(response.into_body().collect()));
    });
}

/// With a trace and an ID.
fn request() -> Request<()> {
    Request::get("/ask/7")
        .header("host", "shop.example:8080")
        .header("user-agent", "curl/8")
        .header("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")
        .header("x-request-id", "req-abc")
        .body(())
        .expect("all of it is valid")
}
