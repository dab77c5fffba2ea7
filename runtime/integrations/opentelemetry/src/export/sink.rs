//! A sink in front of an exporter.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, sync_channel};
use std::time::Duration;
use std::{fmt, io, thread};

use opentelemetry::InstrumentationScope;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::SpanExporter;
use throughline::span::{Sink, SpanView};
use throughline::stats::Counters;

use super::data;
use super::queue::Queue;
use super::sender::Sender;

/// An exporter of OpenTelemetry as a sink of ours.
///
/// Spans are converted on the pipeline's worker and exported in batches of 512 at most, on a thread of their own
/// (`throughline-otel`), which drives the exporter's futures. It has no runtime: an exporter that needs one is to be given
/// a blocking client, as it is for OpenTelemetry's own batches. What waits is bounded to 16 MiB; spans that find no room, or
/// that the exporter fails to take, are counted.
///
/// ```
/// use std::time::Duration;
///
/// use opentelemetry_sdk::Resource;
/// use opentelemetry_sdk::trace::InMemorySpanExporter;
/// use throughline_opentelemetry::ExporterSink;
///
/// let exporter = InMemorySpanExporter::default();
/// let resource = Resource::builder().with_service_name("shop").build();
/// let sink = ExporterSink::start(exporter.clone(), &resource)?;
/// // throughline::builder().sink(sink).init()
/// let pipeline = throughline::Pipeline::builder().sink(sink).start()?;
/// let entered = pipeline.enter();
/// throughline::span!("checkout").end();
/// # drop(entered);
/// assert!(pipeline.flush(Duration::from_secs(5)));
/// assert_eq!(exporter.get_finished_spans().unwrap()[0].name, "checkout");
/// # Ok::<_, std::io::Error>(())
/// ```
pub struct ExporterSink {
    queue: Arc<Queue>,
    scope: InstrumentationScope,
    counters: Arc<Counters>,
    /// Hangs up when the thread has ended.
    ended: Receiver<()>,
}

/// How long the thread may take to end.
const LAST_WAIT: Duration = Duration::from_millis(1200);

impl ExporterSink {
    /// Starts the exporting thread. Spans are those of `resource`.
    ///
    /// # Errors
    ///
    /// When the system gives no thread.
    pub fn start<E: SpanExporter + 'static>(exporter: E, resource: &Resource) -> io::Result<Self> {
        Self::start_counting(exporter, resource, Arc::default())
    }

    /// The same with counters that the pipeline has too, so that [`stats`](throughline::Pipeline::stats) tell what became of
    /// the spans.
    ///
    /// # Errors
    ///
    /// As [`start`](Self::start).
    pub fn start_counting<E: SpanExporter + 'static>(
        mut exporter: E,
        resource: &Resource,
        counters: Arc<Counters>,
    ) -> io::Result<Self> {
        exporter.set_resource(resource);
        let queue = Arc::new(Queue::default());
        let (alive, ended) = sync_channel(0);
        let sender =
            Sender { exporter, queue: Arc::clone(&queue), counters: Arc::clone(&counters), _alive: alive };
        thread::Builder::new().name("throughline-otel".into()).spawn(move || sender.run())?;
        let scope =
            InstrumentationScope::builder("throughline").with_version(env!("CARGO_PKG_VERSION")).build();
        Ok(Self { queue, scope, counters, ended })
    }

    /// What became of the spans.
    pub fn counters(&self) -> &Arc<Counters> {
        &self.counters
    }
}

impl Sink for ExporterSink {
    fn span(&mut self, span: &SpanView<'_>) {
        let span = data::of(span, &self.scope);
        if !self.queue.push(data::size(&span), span) {
            self.counters.dropped_queue_full.add(1);
        }
    }

    fn pass(&mut self) {
        self.queue.nudge();
    }

    /// Waits until everything is exported or lost, and the exporter has handed on what it holds.
    fn flush(&mut self, timeout: Duration) -> bool {
        self.queue.flush(timeout)
    }
}

impl Drop for ExporterSink {
    fn drop(&mut self) {
        self.queue.close();
        // Nothing is ever sent: an error other than "timeout" means that the thread has ended.
        let _ = self.ended.recv_timeout(LAST_WAIT);
    }
}

impl fmt::Debug for ExporterSink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ExporterSink").field("counters", &self.counters).finish_non_exhaustive()
    }
}
