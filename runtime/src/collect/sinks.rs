//! The sinks of a pipeline. One that panics is taken out and reported; the others go on.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use crate::clock::monotonic;
use crate::report;
use crate::span::{Sink, SpanView};

pub(super) struct Sinks(Vec<Box<dyn Sink>>);

impl Sinks {
    pub(super) fn new(sinks: Vec<Box<dyn Sink>>) -> Self {
        Self(sinks)
    }

    #[inline]
    pub(super) fn span(&mut self, view: &SpanView<'_>) {
        self.each(|sink| sink.span(view));
    }

    pub(super) fn pass(&mut self) {
        self.each(|sink| sink.pass());
    }

    /// Flushes all, each with what is left of `timeout`; `true` when all managed.
    pub(super) fn flush(&mut self, timeout: Duration) -> bool {
        let started = monotonic();
        let mut succeeded = true;
        self.each(|sink| succeeded &= sink.flush(timeout.saturating_sub(started.elapsed())));
        succeeded
    }

    #[inline]
    fn each(&mut self, mut call: impl FnMut(&mut dyn Sink)) {
        let mut index = 0;
        while let Some(sink) = self.0.get_mut(index) {
            if catch_unwind(AssertUnwindSafe(|| call(&mut **sink))).is_ok() {
                index += 1;
            } else {
                // Its state is unknown, and dropping it may panic again: it is left where it is.
                std::mem::forget(self.0.remove(index));
                report::once(
                    "sink",
                    "a sink panicked and gets no more spans; the message of its panic stands above",
                );
            }
        }
    }
}
