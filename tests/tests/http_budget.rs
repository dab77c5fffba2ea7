//! How many allocations the layer of a server costs.
#![allow(unsafe_code, reason = "a global allocator that counts can be had no other way")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::convert::Infallible;
use std::task::{Context, Poll, Waker};

use http::{Request, Response};
use http_body::Body;
use http_body_util::Full;
use throughline::http::ServerLayer;
use throughline_tests::recorded::Recorder;
use tower::{Layer, Service, service_fn};

struct Counting;

thread_local!(static COUNT: Cell<u64> = const { Cell::new(0) });

// SAFETY: every call goes to the system's allocator unchanged.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        COUNT.with(|count| count.set(count.get() + 1));
        // SAFETY: the caller's promises are passed on.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        // SAFETY: the caller's promises are passed on.
        unsafe { System.dealloc(memory, layout) }
    }

    unsafe fn realloc(&self, memory: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        COUNT.with(|count| count.set(count.get() + 1));
        // SAFETY: the caller's promises are passed on.
        unsafe { System.realloc(memory, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

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
        let before = COUNT.with(Cell::get);
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
        last = COUNT.with(Cell::get) - before;
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
