//! Whether a request reaches everywhere.

use std::future::Future;

use crate::span::future::FutureExt;
use crate::testing::capture::{PATIENCE, capture_returning, finished, start};
use crate::testing::losses::losses;
use crate::testing::{Incoming, Trace};

/// Asserts that a request and its trace cross `work`: a handler, a client, a queue, threads.
///
/// The work is done for a request that comes from another service. Then all that was recorded has to be in its trace, or in one
/// that is linked to it, as that of a job that is tried again; each part that stands at a border of the process has to have its
/// request ID; what was [sent](Incoming::sent) has to carry both; and a span of each name in `hops` has to be among them. Name
/// those where the work ends up: what lost its context in another thread is seen nowhere.
///
/// ```
/// use throughline::testing::assert_propagates;
/// use throughline::traced;
///
/// #[traced]
/// fn order(item: &str) -> Vec<(String, String)> {
///     std::thread::spawn(|| charge()).join().unwrap(); // takes the context along, as it is written in an annotated function
///     let mut message = Vec::new();
///     throughline::inject(&mut message);
///     message
/// }
///
/// #[traced]
/// fn charge() {}
///
/// assert_propagates(&["order", "charge"], |request| request.sent(&order("tea")));
/// ```
///
/// A handler that takes the context out of headers is given those of the request:
///
/// ```
/// use throughline::jobs::Delivery;
/// use throughline::testing::assert_propagates;
///
/// assert_propagates(&["process emails"], |request| {
///     Delivery::extract("emails", &request.headers()).run_blocking(|| { /* .. */ });
/// });
/// ```
///
/// Where it was lost is said by file and line:
///
/// ```should_panic
/// use throughline::testing::assert_propagates;
/// use throughline::traced;
///
/// #[traced]
/// fn work(jobs: std::sync::mpsc::Receiver<()>) {
///     jobs.iter().for_each(|()| send());
/// }
///
/// #[traced]
/// fn send() {}
///
/// assert_propagates(&["send"], |_| {
///     let (jobs, taken) = std::sync::mpsc::channel();
///     let worker = std::thread::spawn(|| work(taken));
///     jobs.send(()).unwrap(); // `Carried` would take the context along
///     drop(jobs);
///     worker.join().unwrap();
/// });
/// ```
///
/// Returns what was captured, to be asked for more.
///
/// # Panics
///
/// When the request was lost, and as [`capture`](crate::testing::capture).
#[track_caller]
pub fn assert_propagates<R>(hops: &[&str], work: impl FnOnce(&Incoming) -> R) -> Trace {
    let (incoming, trace) = capture_returning(|| {
        let incoming = Incoming::new();
        let _attached = incoming.context().attach();
        drop(work(&incoming));
        incoming
    });
    check(&trace, &incoming, hops);
    trace
}

/// The same for async work; see [`assert_propagates`].
///
/// On a runtime of one thread, which `#[tokio::test]` makes, tasks that lost the context are seen and told of too. On one of
/// several, servers of the test that run in tasks have no part in the capture, whatever they are sent.
///
/// ```
/// use throughline::testing::assert_propagates_async;
/// use throughline::traced;
///
/// #[traced]
/// async fn order(item: &str) {
///     tokio::spawn(charge()).await.unwrap();
/// }
///
/// #[traced]
/// async fn charge() {}
///
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// assert_propagates_async(&["order", "charge"], async |_| order("tea").await).await;
/// # });
/// ```
///
/// # Panics
///
/// When the request was lost, and as [`capture`](crate::testing::capture).
pub async fn assert_propagates_async<F: Future>(hops: &[&str], work: impl FnOnce(Incoming) -> F) -> Trace {
    let (pipeline, memory) = start();
    // Tasks without a context, which run on this thread between the polls, are to be seen.
    let entered = pipeline.enter();
    let incoming = Incoming::new();
    let future = {
        let _attached = incoming.context().attach();
        work(incoming.clone())
    };
    drop(future.in_context(incoming.context().clone()).await);
    let flushed = pipeline.flush_async(PATIENCE).await;
    drop(entered);
    let trace = finished(flushed, &pipeline, &memory);
    check(&trace, &incoming, hops);
    trace
}

/// What to do about it.
const ADVICE: &str = "what takes it along: `throughline::spawn`, `in_current_context` or `Carried` to tasks and threads; \
    the layer of a client, or `throughline::inject`, into what is sent; \
    the layer of a server, `jobs::Delivery`, or `throughline::extract`, out of what is received";

#[track_caller]
fn check(trace: &Trace, incoming: &Incoming, hops: &[&str]) {
    let losses = losses(trace, incoming, hops);
    assert!(
        losses.is_empty(),
        "the request was lost\n{}\n{ADVICE}\ncaptured:\n{}",
        losses.join("\n"),
        trace.tree().with_links()
    );
}
