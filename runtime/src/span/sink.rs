//! Where finished spans go.

use std::time::Duration;

use crate::span::SpanView;

/// Where finished spans go: OTLP, the terminal, a file, a test. The worker thread calls it, never the application's
/// threads. It must not block for longer than `flush` allows: a sink that talks to a network has a queue and
/// a thread of its own.
pub trait Sink: Send {
    /// Takes one finished span. Called in the order in which the worker found them, not by time.
    fn span(&mut self, span: &SpanView<'_>);

    /// The worker looked through all logs once: a good moment to hand on a batch or print a trace that is complete.
    fn pass(&mut self) {}

    /// Hands on everything it holds, within `timeout`. `false` when that did not succeed.
    fn flush(&mut self, timeout: Duration) -> bool {
        let _ = timeout;
        true
    }
}
