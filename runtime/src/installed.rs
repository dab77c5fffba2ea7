//! What is current, and the installed pipeline, by functions.

use std::time::Duration;

use crate::collect::{self, Flush};
use crate::context::current;
use crate::stats::Counters;
use crate::{Context, RequestId, SpanId, Stats, TraceId};

/// The request ID of the code now running: the one that came with the request, else the one that follows from the trace.
///
/// ```
/// assert_eq!(throughline::request_id(), None); // no request here
/// ```
pub fn request_id() -> Option<RequestId> {
    crate::context::request_id(current::get())
}

/// The trace of the code now running.
pub fn trace_id() -> Option<TraceId> {
    current::get().trace_id()
}

/// The span of the code now running.
pub fn span_id() -> Option<SpanId> {
    current::get().span_id()
}

/// The context of the code now running; the same as [`Context::current`].
pub fn current() -> Context {
    Context::current()
}

/// Hands on all spans that are finished, and waits for the sinks, at most `timeout`. `false` when that did not succeed in
/// time. `true` when tracing is off: there is nothing to hand on.
///
/// The guard of [`init`](crate::init()) does this when it is dropped. A program that ends otherwise does it itself:
///
/// ```no_run
/// use std::time::Duration;
///
/// # let code = 1;
/// throughline::flush(Duration::from_secs(5));
/// std::process::exit(code);
/// ```
pub fn flush(timeout: Duration) -> bool {
    collect::find(collect::installed()).is_none_or(|shared| collect::flush(&shared, timeout))
}

/// The same without blocking the thread.
pub fn flush_async(timeout: Duration) -> Flush {
    collect::find(collect::installed())
        .map_or_else(Flush::done, |shared| collect::flush_async(shared, timeout))
}

/// What became of the spans so far, all zeros when tracing is off, and of the log lines.
///
/// ```
/// let stats = throughline::stats();
/// assert_eq!((stats.dropped_spans(), stats.dropped_lines), (0, 0));
/// ```
pub fn stats() -> Stats {
    match collect::find(collect::installed()) {
        Some(shared) => shared.counters.stats(),
        None => Counters::default().stats(),
    }
}
