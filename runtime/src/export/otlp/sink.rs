//! The sink that sends spans to an OTLP receiver.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use super::outbox::Outbox;
use super::queue::Batch;
use super::{Encoder, OtlpConfig, Resource};
use crate::report;
use crate::span::{Sink, SpanView};
use crate::stats::Counters;

/// Sends spans to an OTLP receiver, by the protocol of its config.
///
/// Spans are encoded on the pipeline's worker, into batches; a thread of its own (`throughline-otlp`) compresses and
/// sends them, tries again where the [specification](https://opentelemetry.io/docs/specs/otlp/#otlphttp) says so, and
/// gives up after that. What waits is bounded in bytes; a batch that finds no room is dropped. Whatever is dropped is
/// counted in [`Counters`], and said on stderr at most once a minute, and at the end.
///
/// Dropping it breaks off the request under way and drops what waits: flush before.
pub struct OtlpSink {
    encoder: Encoder,
    config: OtlpConfig,
    outbox: Outbox,
}

/// Receivers take 4 MiB and more.
const LONGEST_BATCH: usize = 4 << 20;

impl OtlpSink {
    /// Starts the sending thread. Spans are those of `resource`; what becomes of them is counted in `counters`, which
    /// are those of the pipeline. What has to be said about losses goes to stderr.
    ///
    /// # Errors
    ///
    /// When a certificate, key or proxy in `config` is malformed, or the system gives no thread.
    pub fn start(config: OtlpConfig, resource: &Resource, counters: Arc<Counters>) -> io::Result<Self> {
        Self::start_saying(config, resource, counters, report::say)
    }

    /// The same with another place for what has to be said.
    ///
    /// # Errors
    ///
    /// As [`OtlpSink::start`].
    pub fn start_saying(
        mut config: OtlpConfig,
        resource: &Resource,
        counters: Arc<Counters>,
        say: impl Fn(&str) + Send + Sync + 'static,
    ) -> io::Result<Self> {
        // A batch must fit into the queue, and into what receivers take.
        config.batch_bytes = config.batch_bytes.min(config.queue_bytes).min(LONGEST_BATCH);
        config.batch_spans = config.batch_spans.min(config.queue_spans);
        let outbox = Outbox::start(config.clone(), counters, Box::new(say))?;
        Ok(Self { encoder: Encoder::new(resource), config, outbox })
    }

    /// Hands the spans encoded so far to the sender.
    fn hand_over(&mut self) {
        let spans = self.encoder.spans();
        if spans == 0 {
            return;
        }
        let room = self.config.batch_bytes + self.config.batch_bytes / 16;
        let spare = self.outbox.queue.spare().unwrap_or_else(|| Vec::with_capacity(room));
        let mut body = self.encoder.take(spare);
        if body.len() < body.capacity() / 2 {
            // What waits is bounded by the memory it takes: a small batch does not keep the memory of a full one.
            let small = body.as_slice().into();
            self.outbox.queue.recycle(std::mem::replace(&mut body, small));
        }
        self.outbox.push(Batch { body, items: spans });
    }
}

impl Sink for OtlpSink {
    #[inline]
    fn span(&mut self, span: &SpanView<'_>) {
        self.encoder.span(span);
        if self.encoder.byte_len() >= self.config.batch_bytes
            || self.encoder.spans() >= self.config.batch_spans
        {
            self.hand_over();
        }
    }

    fn pass(&mut self) {
        if self.encoder.spans() > 0 && self.outbox.queue.take_due() {
            self.hand_over();
        }
    }

    /// Waits until everything is sent or given up. Does not wait for a receiver that cannot be reached: the spans are
    /// kept, and tried again.
    fn flush(&mut self, timeout: Duration) -> bool {
        let before = self.outbox.losses.count();
        self.hand_over();
        self.outbox.settle(timeout, before)
    }
}

impl Drop for OtlpSink {
    fn drop(&mut self) {
        self.outbox.close(self.encoder.spans());
    }
}

impl std::fmt::Debug for OtlpSink {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OtlpSink").field("endpoint", &self.config.shown_endpoint()).finish_non_exhaustive()
    }
}
