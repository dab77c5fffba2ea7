//! Telemetry about telemetry: what became of the spans, and of the log lines.

use std::sync::atomic::{AtomicU64, Ordering};

macro_rules! counters {
    ($($(#[doc = $doc:literal])+ $name:ident,)+) => {
        /// What became of the spans, at one moment. `dropped_*` is what was lost, by reason.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
        #[non_exhaustive]
        pub struct Stats {
            $($(#[doc = $doc])+ pub $name: u64,)+
            /// Log lines whose writer failed. Lines belong to no pipeline: these are all of the process.
            pub dropped_lines: u64,
        }

        /// The counters behind [`Stats`]: the pipeline and its sinks add to them.
        #[derive(Debug, Default)]
        pub struct Counters {
            $($(#[doc = $doc])+ pub $name: Counter,)+
        }

        impl Counters {
            /// What they show now.
            pub fn stats(&self) -> Stats {
                Stats { $($name: self.$name.get(),)+ dropped_lines: LINES.get() }
            }
        }
    };
}

counters! {
    /// Spans that the worker handed to the sinks.
    spans,
    /// Spans that found the logs full: the worker could not keep up, or the memory cap is too small.
    dropped_log_full,
    /// Records of attributes, events or links that found the logs full, or were too long for them.
    dropped_records,
    /// Attributes and events that came after the end of their span, or whose span never ended, and had to make way.
    dropped_late,
    /// Large attribute values that found their queue full.
    dropped_large_values,
    /// Spans that found an exporter's queue full: its backend is too slow, or away.
    dropped_queue_full,
    /// Spans that an exporter gave up on: refused by the backend, or out of retries.
    dropped_export,
    /// Traces that the terminal did not show: over its number a second, or because its writer failed.
    dropped_waterfalls,
    /// Spans that a backend took.
    exported,
    /// Data points of metrics that an exporter gave up on: refused by the backend, out of retries, or without room in the
    /// queue.
    dropped_points,
    /// Data points of metrics that a backend took.
    exported_points,
    /// Calls of models that used something, and whose cost is not known: no price list has the model, or the response does
    /// not tell what it used.
    unpriced_calls,
}

/// The log lines that were lost.
pub(crate) static LINES: Counter = Counter(AtomicU64::new(0));

/// A number that only grows.
#[derive(Debug, Default)]
pub struct Counter(AtomicU64);

impl Counter {
    /// Adds `n`.
    pub fn add(&self, n: u64) {
        self.0.fetch_add(n, Ordering::Relaxed);
    }

    /// The number.
    pub fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

impl Stats {
    /// Spans lost for whatever reason.
    pub fn dropped_spans(&self) -> u64 {
        self.dropped_log_full + self.dropped_queue_full + self.dropped_export
    }
}
