//! How many allocations the layer of a server costs, and what strangers can make of them.

use std::convert::Infallible;
use std::task::{Context, Poll, Waker};

use http::{HeaderMap, HeaderName, Request, Response};
use http_body::Body;
use http_body_util::Full;
use throughline::http::ServerLayer;
use throughline_tests::memory::{Counting, of_this_thread};
use throughline_tests::recorded::Recorder;
use tower::{Layer, Service, service_fn};

#[global_allocator]
static MEMORY: Counting = Counting;

async fn hello(_: Request<()>) -> Result<Response<Full<&'static [u8]>>, Infallible> {
    let response = Response::builder().header("content-type", "text/plain");
    Ok(response.body(Full::new(&b"hello"[..])).unwrap())
}

/// The allocations of one request, after warm-up.
fn allocations<S, R>(service: &mut S) -> u64
where
    S: Service<Request<()>, Response = Response<R>, Error = Infallible>,
    R: Body,
{
    let mut last = 0;
    for _ in 0..100 {
        let before = of_this_thread().0;
        let request = Request::get("/ask/7")
            .header("host", "shop.example:8080")
            .header("user-agent", "curl/8")
            .header("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")
            .header("x-request-id", "req-abc")
            .body(())
            .unwrap();
        let mut context = Context::from_waker(Waker::noop());
        let Poll::Ready(Ok(response)) = std::pin::pin!(service.call(request)).poll(&mut context) else {
            panic!("the service answers at once");
        };
        let mut body = std::pin::pin!(response.into_body());
        while body.as_mut().poll_frame(&mut context).map(|frame| frame.is_some()) == Poll::Ready(true) {}
        last = of_this_thread().0 - before;
    }
    last
}

#[test]
fn a_request_with_a_trace_and_an_id_costs_six_allocations_at_most() {
    let recorder = Recorder::new();
    let _entered = recorder.enter();
    let bare = allocations(&mut service_fn(hello));
    let observed = allocations(&mut ServerLayer::new().layer(service_fn(hello)));
    assert!(observed - bare <= 6, "{observed} after {bare}");
    assert_eq!(recorder.spans().len(), 100);
}

/// The allocations of reading as many headers with request IDs.
fn allocations_of_reading(ids: usize) -> u64 {
    let headers: HeaderMap =
        std::iter::repeat_n((HeaderName::from_static("x-request-id"), "two words".parse().unwrap()), ids)
            .collect();
    let before = of_this_thread().0;
    let context = throughline::extract(&headers);
    let allocations = of_this_thread().0 - before;
    assert!(context.request_id().is_some());
    allocations
}

#[test]
fn twenty_thousand_request_ids_cost_no_more_than_those_that_are_kept() {
    // What is built once, is.
    allocations_of_reading(1);
    assert_eq!(allocations_of_reading(20_000), allocations_of_reading(20));
}
