//! Where an annotated async function belongs: to who called it, unless it was put elsewhere.

mod support;

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context as TaskContext, Poll, Waker};

use futures_util::future::join_all;
use support::{check, check_async};
use throughline::{Context, FutureExt as _, traced};

#[traced]
async fn leaf() {
    tokio::task::yield_now().await;
}

#[traced]
async fn spawns() {
    tokio::spawn(leaf()).await.unwrap();
}

#[test]
fn a_spawned_call_is_a_child_of_the_caller() {
    check_async(spawns(), &["spawns", "  leaf"]);
}

#[traced]
async fn joins() {
    join_all([leaf(), leaf(), leaf()]).await;
}

#[test]
fn joined_calls_are_siblings() {
    check_async(joins(), &["joins", "  leaf", "  leaf", "  leaf"]);
}

#[traced]
async fn puts_into_a_span() {
    leaf().in_span(throughline::span!("handle")).await;
}

#[test]
fn a_call_follows_the_span_it_is_put_into() {
    check_async(puts_into_a_span(), &["puts_into_a_span", "  handle", "    leaf"]);
}

#[traced]
fn takes_context() -> Context {
    Context::current()
}

#[test]
fn a_call_follows_the_context_it_is_put_into() {
    check_async(
        async {
            let context = takes_context();
            leaf().in_context(context).await;
        },
        &["takes_context", "  leaf"],
    );
}

/// Polls what it is given on a thread of its own, in whatever span is current there.
struct Pool(Mutex<Vec<Pin<Box<dyn Future<Output = ()> + Send>>>>);

impl Pool {
    fn run(&self) {
        let futures = std::mem::take(&mut *self.0.lock().unwrap());
        for mut future in futures {
            let mut context = TaskContext::from_waker(Waker::noop());
            while future.as_mut().poll(&mut context).is_pending() {}
        }
    }
}

#[traced]
fn submits(pool: &Pool) {
    pool.0.lock().unwrap().push(Box::pin(ready_leaf()));
}

#[traced]
async fn ready_leaf() {}

#[traced]
fn runs(pool: &Pool) {
    pool.run();
}

#[test]
fn a_call_that_a_pool_polls_elsewhere_belongs_to_its_caller() {
    let pool = Pool(Mutex::new(Vec::new()));
    check(
        || {
            submits(&pool);
            runs(&pool);
        },
        &["submits", "  ready_leaf", "runs"],
    );
}

#[traced]
async fn makes_and_returns() -> impl Future<Output = ()> {
    at_poll()
}

#[traced(capture = "poll")]
async fn at_poll() {}

#[traced]
async fn awaits<F: Future<Output = ()>>(future: F) {
    future.await;
}

#[test]
fn capture_at_poll_takes_the_context_of_who_awaits() {
    check_async(
        async {
            let future = makes_and_returns().await;
            awaits(future).await;
        },
        &["makes_and_returns", "awaits", "  at_poll"],
    );
}

#[test]
fn a_call_that_is_awaited_elsewhere_belongs_to_its_caller() {
    #[traced]
    fn makes() -> Pin<Box<dyn Future<Output = ()>>> {
        Box::pin(async move { leaf().await })
    }
    check_async(
        async {
            let future = makes();
            awaits(future).await;
        },
        // Called outside of any span, it follows who awaits it.
        &["awaits", "  makes", "    leaf"],
    );
}

#[traced]
async fn permits(_permit: Permit, _: Permit, (a, _): (u32, Permit), log: Log) {
    log.0.lock().unwrap().push("body");
    tokio::task::yield_now().await;
    let _ = a;
}

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<&'static str>>>);

struct Permit(&'static str, Log);

impl Drop for Permit {
    fn drop(&mut self) {
        self.1.0.lock().unwrap().push(self.0);
    }
}

#[test]
fn an_unused_parameter_is_dropped_when_the_future_ends() {
    let log = Log::default();
    let future = permits(
        Permit("first", log.clone()),
        Permit("second", log.clone()),
        (1, Permit("third", log.clone())),
        log.clone(),
    );
    assert!(log.0.lock().unwrap().is_empty(), "nothing was released at the call");
    support::block_on(future);
    assert_eq!(*log.0.lock().unwrap(), ["body", "third", "second", "first"]);
}

#[traced(root)]
async fn begins_anew() {}

#[traced(parent = parent, fields(n = 1))]
async fn under(parent: &Context) {}

#[traced(parent = parent)]
fn under_sync(parent: Option<&Context>) -> Result<(), String> {
    Ok(())
}

#[traced(follows_from = [other], links = others.iter())]
fn linked(other: &Context, others: Vec<Context>) {}

#[traced]
async fn elsewhere(context: &Context) {
    begins_anew().await;
    under(context).await;
    let _ = under_sync(Some(context));
    let _ = under_sync(None);
    linked(context, vec![context.clone(), context.clone()]);
}

#[test]
fn parents_roots_and_links_are_as_given() {
    check_async(
        async { elsewhere(&takes_context()).await },
        &[
            "takes_context",
            "  under n=1",
            "  under_sync",
            "elsewhere",
            "  linked links=3",
            "begins_anew",
            "under_sync",
        ],
    );
}

#[traced]
async fn panics() -> Result<(), String> {
    leaf().await;
    panic!("on purpose")
}

#[test]
fn a_panic_and_a_cancellation_are_outcomes() {
    let spans = support::spans(|| {
        let caught = std::panic::catch_unwind(|| support::block_on(panics()));
        assert!(caught.is_err());
        let mut future = Box::pin(joins());
        let _: Poll<()> = future.as_mut().poll(&mut TaskContext::from_waker(Waker::noop()));
    });
    assert!(spans.starts_with("panics !Panicked"), "{spans}");
    assert!(spans.contains("\njoins !Cancelled\n  leaf !Cancelled"), "{spans}");
}
