//! The sink that sums up model calls, and sends the sums to an OTLP receiver.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::request::{Requests, Window};
use super::{MetricsConfig, Temporality};
use crate::clock::{monotonic, unix_nanos};
use crate::export::otlp::losses::Say;
use crate::export::otlp::outbox::Outbox;
use crate::export::otlp::signal::Signal;
use crate::export::otlp::{OtlpConfig, Resource};
use crate::llm::metrics::Metrics;
use crate::report;
use crate::span::{Sink, SpanView};
use crate::stats::Counters;

/// Sums up model calls as the client's metrics of the
/// [GenAI conventions](https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-metrics/), and sends the sums to an OTLP
/// receiver: at an interval, and when it is flushed.
///
/// The pipeline's worker takes them from the spans. Before a model was called nothing is sent, and no thread is started;
/// then one of its own (`throughline-otlp-metrics`) compresses and sends, as [`OtlpSink`](crate::export::otlp::OtlpSink)'s does. What is
/// lost is counted in [`Counters`], and said on stderr at most once a minute, and at the end. A receiver that has no place
/// for metrics is left alone for sixty intervals.
pub struct MetricsSink {
    metrics: Metrics,
    requests: Requests,
    config: MetricsConfig,
    delivery: Delivery,
    /// When the sums begin, in nanoseconds since 1970.
    start: u64,
    /// When they are to be sent.
    due: Option<Instant>,
    /// Whether there is anything in them that was not sent.
    is_new: bool,
}

/// For so many intervals a receiver that has no place for metrics is sent none: it may get one, but hardly soon.
const LEFT_ALONE: u32 = 60;

/// The way to the receiver.
enum Delivery {
    /// Not needed yet.
    Later(Arc<Counters>, Say),
    To(Outbox),
    /// There is none.
    Nowhere,
}

impl MetricsSink {
    /// The metrics are those of `resource`; what becomes of them is counted in `counters`, which are those of the pipeline.
    /// What has to be said about losses goes to stderr.
    pub fn new(config: MetricsConfig, resource: &Resource, counters: Arc<Counters>) -> Self {
        Self::saying(config, resource, counters, report::say)
    }

    /// The same with another place for what has to be said.
    pub fn saying(
        mut config: MetricsConfig,
        resource: &Resource,
        counters: Arc<Counters>,
        say: impl Fn(&str) + Send + Sync + 'static,
    ) -> Self {
        // Whoever makes one of their own has that of spans.
        config.otlp.signal = Signal::Metrics;
        Self {
            metrics: Metrics::new(config.exemplars),
            requests: Requests::new(resource, config.otlp.batch_bytes.min(config.otlp.queue_bytes / 2)),
            config,
            delivery: Delivery::Later(counters, Box::new(say)),
            start: unix_nanos(),
            due: None,
            is_new: false,
        }
    }

    /// Hands all sums to the sender.
    fn hand_over(&mut self) {
        self.is_new = false;
        let end = unix_nanos().max(self.start);
        let window = Window { start: self.start, end, temporality: self.config.temporality };
        if let Some(outbox) = self.delivery.outbox(&self.config.otlp)
            && !outbox.queue.is_unwanted(self.config.interval.saturating_mul(LEFT_ALONE))
        {
            self.requests.write(&self.metrics, window, |batch| outbox.push(batch));
        }
        if self.config.temporality == Temporality::Delta {
            self.metrics.clear();
            self.start = end;
        }
        self.due = (self.metrics.points() > 0).then(|| self.next()).flatten();
    }

    /// When sums of now are to be sent; `None` is never.
    fn next(&self) -> Option<Instant> {
        monotonic().checked_add(self.config.interval)
    }
}

impl Sink for MetricsSink {
    fn span(&mut self, span: &SpanView<'_>) {
        if self.metrics.span(span) {
            self.is_new = true;
            self.due = self.due.or_else(|| self.next());
        }
    }

    fn pass(&mut self) {
        if self.due.is_some_and(|due| monotonic() >= due) {
            self.hand_over();
        }
    }

    /// Sends what is new, and waits until everything is sent or given up. Does not wait for a receiver that cannot be
    /// reached.
    fn flush(&mut self, timeout: Duration) -> bool {
        let before = self.delivery.lost();
        if self.is_new {
            self.hand_over();
        }
        match &self.delivery {
            Delivery::To(outbox) => outbox.settle(timeout, before),
            Delivery::Later(..) | Delivery::Nowhere => true,
        }
    }
}

impl Drop for MetricsSink {
    fn drop(&mut self) {
        let unsent = if self.is_new { self.metrics.points() } else { 0 };
        match &self.delivery {
            Delivery::To(outbox) => outbox.close(unsent),
            Delivery::Later(counters, _) => counters.dropped_points.add(unsent as u64),
            Delivery::Nowhere => {}
        }
    }
}

impl Delivery {
    /// Where requests go, once there are any.
    fn outbox(&mut self, config: &OtlpConfig) -> Option<&Outbox> {
        if matches!(self, Self::Later(..))
            && let Self::Later(counters, say) = std::mem::replace(self, Self::Nowhere)
        {
            match Outbox::start(config.clone(), counters, say) {
                Ok(outbox) => *self = Self::To(outbox),
                Err(error) => {
                    report::say(&format!("no metrics are sent to {}: {error}", config.shown_endpoint()));
                }
            }
        }
        match self {
            Self::To(outbox) => Some(outbox),
            Self::Later(..) | Self::Nowhere => None,
        }
    }

    /// How many data points were lost so far.
    fn lost(&self) -> u64 {
        match self {
            Self::To(outbox) => outbox.losses.count(),
            Self::Later(..) | Self::Nowhere => 0,
        }
    }
}

impl std::fmt::Debug for MetricsSink {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let endpoint = self.config.otlp.shown_endpoint();
        f.debug_struct("MetricsSink").field("endpoint", &endpoint).finish_non_exhaustive()
    }
}
