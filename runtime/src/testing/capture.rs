//! Running code with a pipeline of its own.

use std::future::Future;
use std::time::Duration;

use crate::collect::Pipeline;
use crate::context::Context;
use crate::span::future::FutureExt;
use crate::testing::{MemorySink, Trace};

/// How long the worker gets to hand over what was recorded. It takes microseconds; this is for a machine on its knees.
pub(super) const PATIENCE: Duration = Duration::from_secs(30);

/// Runs `code` and returns the spans that ended in it.
///
/// The code runs with a pipeline of its own: tests run side by side, also beside one that called `init`. IDs and times
/// count up from the same number each time, as long as one thread works. Threads and tasks belong to the capture when
/// they are started from a span or by `throughline::spawn`, `spawn_blocking` or `thread::spawn`; wait for them in the
/// code, because a span that has not ended when it returns is not captured.
///
/// ```
/// use throughline::testing::capture;
///
/// let trace = capture(|| {
///     throughline::span!("checkout").in_scope(|| {
///         throughline::span!("charge", order.items = 3).end();
///     });
/// });
/// trace.assert_tree(
///     "
///     checkout
///       charge
///     ",
/// );
/// assert_eq!(trace.span("charge").attribute("order.items").unwrap(), 3);
/// ```
///
/// # Panics
///
/// When the code does, and when no pipeline can be started or flushed, as on a system without a thread to give.
#[track_caller]
pub fn capture<R>(code: impl FnOnce() -> R) -> Trace {
    // What it returns is dropped before the flush: it may be a span.
    capture_returning(|| drop(code())).1
}

/// Runs `code` and returns what it returned, and the spans that ended in it; see [`capture`].
///
/// ```
/// let (sum, trace) = throughline::testing::capture_returning(|| {
///     throughline::span!("add").in_scope(|| 1 + 1)
/// });
/// assert_eq!((sum, trace.len()), (2, 1));
/// ```
///
/// # Panics
///
/// As [`capture`].
#[track_caller]
pub fn capture_returning<R>(code: impl FnOnce() -> R) -> (R, Trace) {
    let (pipeline, memory) = start();
    let entered = pipeline.enter();
    let returned = code();
    drop(entered);
    (returned, finished(pipeline.flush(PATIENCE), &pipeline, &memory))
}

/// Runs `future` and returns the spans that ended in it; see [`capture`]. It needs no particular runtime.
///
/// ```
/// use throughline::{FutureExt, testing::capture_async};
///
/// # fn block_on<F: Future>(future: F) -> F::Output {
/// #     let mut context = std::task::Context::from_waker(std::task::Waker::noop());
/// #     let mut future = std::pin::pin!(future);
/// #     loop {
/// #         if let std::task::Poll::Ready(output) = future.as_mut().poll(&mut context) {
/// #             return output;
/// #         }
/// #         std::thread::yield_now();
/// #     }
/// # }
/// # block_on(async {
/// let trace = capture_async(async {
///     async { /* .. */ }.in_span(throughline::span!("import")).await;
/// })
/// .await;
/// assert_eq!(trace.tree(), "import");
/// # });
/// ```
///
/// # Panics
///
/// As [`capture`].
pub async fn capture_async<F: Future>(future: F) -> Trace {
    capture_async_returning(async { drop(future.await) }).await.1
}

/// Runs `future` and returns what it returned, and the spans that ended in it; see [`capture_async`].
///
/// # Panics
///
/// As [`capture`].
pub async fn capture_async_returning<F: Future>(future: F) -> (F::Output, Trace) {
    let (pipeline, memory) = start();
    let returned = future.in_context(context_of(&pipeline)).await;
    let flushed = pipeline.flush_async(PATIENCE).await;
    (returned, finished(flushed, &pipeline, &memory))
}

#[track_caller]
pub(super) fn start() -> (Pipeline, MemorySink) {
    #[cfg(feature = "llm")]
    crate::llm::watch();
    let memory = MemorySink::new();
    match Pipeline::builder().sink(memory.clone()).deterministic().start() {
        Ok(pipeline) => (pipeline, memory),
        Err(error) => panic!("nothing can be captured, no pipeline started: {error}"),
    }
}

/// The empty context in which traces begin in this pipeline.
fn context_of(pipeline: &Pipeline) -> Context {
    let _entered = pipeline.enter();
    crate::current()
}

/// A capture that misses spans would let a test pass or fail for the wrong reason.
#[track_caller]
pub(super) fn finished(flushed: bool, pipeline: &Pipeline, memory: &MemorySink) -> Trace {
    assert!(flushed, "the captured spans were not handed over within {PATIENCE:?}");
    let stats = pipeline.stats();
    let complete = stats.dropped_spans() + stats.dropped_records + stats.dropped_large_values == 0;
    assert!(complete, "the capture is incomplete: {stats:?}");
    memory.take()
}
