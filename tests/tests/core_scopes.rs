//! Futures with a span that are polled elsewhere than where they were made, handed out, or dropped badly.
#![allow(clippy::disallowed_methods, reason = "tests start threads of their own")]

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::mpsc;
use std::task::{Context as Waking, Poll, Waker};
use std::time::Duration;

use throughline::sampling::Sampler;
use throughline::span::guard::Guard;
use throughline::span::{Callsite, Outcome, Parent, current, future};
use throughline::testing::{MemorySink, Trace};
use throughline::{Context, ContextParts, Flags, FutureExt, Pipeline, Span, baggage};
use throughline_tests::guarded::in_span;
use throughline_tests::recorded::Recorder;

static OUTER: Callsite = Callsite::new("outer", module_path!(), file!(), line!(), &[]);
static INNER: Callsite = Callsite::new("inner", module_path!(), file!(), line!(), &[]);
static OTHER: Callsite = Callsite::new("other", module_path!(), file!(), line!(), &[]);

/// Runs `code` on a pipeline of its own, inside of a span, and returns the spans it recorded.
fn recorded(code: impl FnOnce(&Pipeline)) -> Trace {
    let recorder = Recorder::new();
    {
        let _entered = recorder.enter();
        in_span(&OUTER, || ()); // what happens for the first time on a thread goes another way
        recorder.take();
        in_span(&OUTER, || code(&recorder.pipeline));
    }
    recorder.take()
}

/// A future with a span, as of an annotated function.
fn traced<F: Future>(callsite: &'static Callsite, body: F) -> Pin<Box<impl Future<Output = F::Output>>> {
    Box::pin(future::traced(callsite, body, |_| ()))
}

fn poll<F: Future + Unpin>(future: &mut F) -> Poll<F::Output> {
    Pin::new(future).poll(&mut Waking::from_waker(Waker::noop()))
}

/// Is pending once.
async fn wait_once() {
    let mut waited = false;
    std::future::poll_fn(
        |_| {
            if std::mem::replace(&mut waited, true) { Poll::Ready(()) } else { Poll::Pending }
        },
    )
    .await;
}

fn found(key: &str) -> Option<String> {
    baggage::get(key)
}

#[test]
fn a_root_that_is_not_sampled_gets_no_second_chance() {
    let sink = MemorySink::default();
    let pipeline = Pipeline::builder().sink(sink.clone()).sampler(Sampler::ratio(0.25)).start().unwrap();
    let _entered = pipeline.enter();
    (0..20_000).for_each(|_| in_span(&OUTER, || in_span(&INNER, || ())));
    assert!(pipeline.flush(Duration::from_secs(20)));
    let count = sink.take().len();
    assert!((9_000..11_000).contains(&count), "{count} of 40,000 spans");
}

#[test]
fn a_future_that_panics_while_it_is_dropped_ends_its_span_as_panicked() {
    struct Panics;

    impl Drop for Panics {
        fn drop(&mut self) {
            panic!("on purpose");
        }
    }

    let spans = recorded(|_| {
        let mut inner = traced(&INNER, async {
            let _panics = Panics;
            wait_once().await;
        });
        assert!(poll(&mut inner).is_pending());
        assert!(catch_unwind(AssertUnwindSafe(|| drop(inner))).is_err());
        assert_eq!(throughline::span_id(), throughline::current().span_id());
    });
    assert_eq!(spans.span("inner").outcome(), Outcome::Panicked);
    assert_eq!(spans.span("inner").parent_id(), Some(spans.span("outer").span_id()));
}

#[test]
fn what_another_thread_writes_on_the_first_span_of_a_trace_reaches_it() {
    let spans = recorded(|pipeline| {
        let (give, given) = mpsc::channel::<Context>();
        let (say, said) = mpsc::channel::<()>();
        let (release, released) = mpsc::channel::<()>();
        std::thread::scope(|scope| {
            scope.spawn(move || {
                let attached = given.recv().unwrap().attach();
                current::set("late", true);
                drop(attached);
                say.send(()).unwrap();
                // Its log is read before it has ended.
                let _ = released.recv();
            });
            let mut inner = traced(&INNER, async {
                give.send(throughline::current()).unwrap();
                said.recv().unwrap();
            });
            assert!(poll(&mut inner).is_ready());
            assert!(pipeline.flush(Duration::from_secs(20)));
            drop(release);
        });
    });
    assert!(spans.span("inner").attribute("late").is_some());
}

/// A future that was called inside of a wrapper, and the context of that.
fn called_inside(wrapper: Span) -> (Pin<Box<impl Future<Output = ()> + Send>>, Context) {
    let mut called = None;
    let body = async {
        called = Some((Box::pin(future::traced(&INNER, async {}, |()| ())), throughline::current()))
    };
    let mut wrapper = Box::pin(body.in_span(wrapper));
    assert!(poll(&mut wrapper).is_ready());
    drop(wrapper);
    called.unwrap()
}

#[test]
fn a_future_polled_in_a_wrapper_leaves_it_as_created_where_it_was() {
    let spans = recorded(|_| {
        let (inner, context) = called_inside(throughline::span!("wrapper"));
        in_span(&OTHER, || {
            // Called where the wrapper around it is made: it becomes a child of what the wrapper carries.
            let follows = future::traced(&INNER, async { current::rename("follows") }, |()| ());
            let both = async {
                inner.await;
                follows.await;
            };
            assert!(poll(&mut Box::pin(both.in_context(context))).is_ready());
        });
    });
    assert_eq!(spans.span("follows").parent_id(), Some(spans.span("wrapper").span_id()));
}

#[test]
fn a_future_polled_in_an_attached_context_leaves_nothing_behind() {
    let spans = recorded(|_| {
        let mut stays = traced(&INNER, async { current::rename("stays") });
        let (mut inner, context) = called_inside(throughline::span!("wrapper"));
        let request = Context::from(ContextParts {
            trace_id: Some("4bf92f3577b34da6a3ce929d0e0e4736".parse().unwrap()),
            span_id: Some("00f067aa0ba902b7".parse().unwrap()),
            flags: Flags::SAMPLED,
            ..ContextParts::default()
        });
        let elsewhere = || {
            let attached = context.attach();
            in_span(&OTHER, || ());
            assert!(poll(&mut inner).is_ready());
            drop(attached);
            let _attached = request.attach();
            assert!(poll(&mut stays).is_ready());
        };
        std::thread::scope(|scope| scope.spawn(elsewhere).join().unwrap());
    });
    assert_eq!(spans.span("stays").parent_id(), Some(spans.span("outer").span_id()));
}

#[test]
fn what_a_future_bound_goes_with_it_wherever_it_is_polled() {
    let binding = || {
        traced(&INNER, async {
            baggage::set("bound", "yes");
            wait_once().await;
            found("bound")
        })
    };
    recorded(|_| {
        let mut moves = binding();
        assert!(poll(&mut moves).is_pending());
        let polled = std::thread::spawn(move || poll(&mut moves)).join().unwrap();
        assert_eq!(polled, Poll::Ready(Some("yes".to_owned())));
    });
    recorded(|_| {
        let span = throughline::span!("entered at each poll");
        let mut stays = span.in_scope(binding);
        assert!(span.in_scope(|| poll(&mut stays)).is_pending());
        assert_eq!(span.in_scope(|| poll(&mut stays)), Poll::Ready(Some("yes".to_owned())));
    });
}

#[test]
fn what_a_future_bound_is_known_to_what_is_awaited_after_it() {
    let outer = |waits: bool| {
        traced(&OTHER, async move {
            let bind = traced(&INNER, async move {
                baggage::set("bound", "yes");
                if waits {
                    wait_once().await;
                }
            });
            // Entered the way that takes everything.
            bind.in_context(throughline::current()).await;
            traced(&INNER, async { found("bound") }).await
        })
    };
    for waits in [false, true] {
        recorded(|_| {
            let mut outer = outer(waits);
            let mut polled = poll(&mut outer);
            if waits {
                assert!(polled.is_pending());
                polled = poll(&mut outer);
            }
            assert_eq!(polled, Poll::Ready(Some("yes".to_owned())), "waits: {waits}");
        });
        let trace = throughline::testing::capture(|| {
            let mut outer = outer(waits);
            while poll(&mut outer).is_pending() {}
            assert_eq!(poll(&mut traced(&OTHER, async { found("bound") })), Poll::Ready(None));
        });
        assert_eq!(trace.spans().filter(|span| span.name() == "inner").count(), 2);
    }
    assert_requests_are_whole();
}

#[test]
fn a_future_keeps_its_request_where_its_parent_is_current_without_it() {
    recorded(|_| {
        let before = throughline::current();
        baggage::set("bound", "yes");
        let mut inner = traced(&INNER, async {
            wait_once().await;
            found("bound")
        });
        assert!(poll(&mut inner).is_pending());
        let _attached = before.attach();
        assert_eq!(poll(&mut inner), Poll::Ready(Some("yes".to_owned())));
    });
}

/// A context of a request with this ID.
fn request(id: &str) -> Context {
    Context::from(ContextParts { request_id: Some(id.parse().unwrap()), ..ContextParts::default() })
}

/// Whether as many requests as there may have been slots given back too early have their IDs.
fn assert_requests_are_whole() {
    let ids: Vec<_> = (0..64).map(|number| format!("request-{number}")).collect();
    let requests: Vec<_> = ids.iter().map(|id| request(id)).collect();
    for (id, request) in ids.iter().zip(&requests) {
        assert_eq!(request.request_id().unwrap(), id.as_str());
    }
}

#[test]
fn a_parent_whose_request_is_over_is_followed_without_it() {
    recorded(|_| {
        let mut follows = traced(&INNER, async {});
        let body = async {
            let mut guard = Guard::new();
            let over = request("over");
            guard.enter_with(&OTHER, Parent::Of(&over));
            drop(over);
            let next = request("next");
            assert!(poll(&mut follows).is_ready());
            drop(follows);
            assert_eq!(next.request_id().unwrap(), "next");
        };
        assert!(poll(&mut Box::pin(body.in_span(throughline::span!("wrapper")))).is_ready());
    });
    assert_requests_are_whole();
}

#[test]
fn a_context_attached_across_an_await_harms_no_other_request() {
    recorded(|_| {
        let span = throughline::span!("wrapper");
        baggage::set("bound", "yes");
        let context = throughline::current();
        let mut wrapper = Box::pin(
            async {
                let _attached = context.attach();
                wait_once().await;
            }
            .in_span(span),
        );
        assert!(poll(&mut wrapper).is_pending());
        assert!(poll(&mut wrapper).is_ready());
    });
    assert_requests_are_whole();
}
