//! A sink that sends, its counters, and what it has to say.

use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use throughline::export::otlp::{OtlpConfig, OtlpSink, Resource};
use throughline::span::{Callsite, Sink};
use throughline::stats::Counters;

use crate::otlp::Shape;

static WORK: Callsite = Callsite::new("work", "shop", "src/shop.rs", 1, &[]);

/// Longer than anything a test of sending takes.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// Where a sink says what it has to.
pub type Say = Box<dyn Fn(&str) + Send + Sync>;

/// A sink under test, its counters, and what it had to say.
#[expect(missing_debug_implementations, reason = "sinks have none")]
pub struct Subject {
    sink: Option<Box<dyn Sink>>,
    counters: Arc<Counters>,
    said: Arc<Mutex<Vec<String>>>,
    /// Hangs up when nothing can be said any more.
    silent: mpsc::Receiver<()>,
}

impl Subject {
    /// A sink that sends OTLP to this address, soon tries again, and is patient.
    pub fn new(endpoint: String, change: impl FnOnce(&mut OtlpConfig)) -> Self {
        let mut config = OtlpConfig::default();
        config.endpoint = endpoint;
        config.first_retry = Duration::from_millis(1);
        // A receiver that answers does so in time, however busy the machine is.
        config.timeout = PATIENCE;
        change(&mut config);
        Self::of(|counters, say| {
            OtlpSink::start_saying(config, &Resource::new("shop"), counters, say).expect("a sink")
        })
    }

    /// Another sink.
    pub fn of<S: Sink + 'static>(start: impl FnOnce(Arc<Counters>, Say) -> S) -> Self {
        let (counters, said) = (Arc::new(Counters::default()), Arc::new(Mutex::new(Vec::new())));
        let (speaks, silent) = mpsc::channel();
        let say = {
            let said = Arc::clone(&said);
            move |message: &str| {
                let _ = &speaks;
                said.lock().expect("not poisoned").push(message.to_owned());
            }
        };
        let sink = start(Arc::clone(&counters), Box::new(say));
        Self { sink: Some(Box::new(sink)), counters, said, silent }
    }

    /// The sink, until it is ended.
    pub fn sink(&mut self) -> &mut dyn Sink {
        self.sink.as_deref_mut().expect("not ended")
    }

    /// Shows it spans with these IDs.
    pub fn spans(&mut self, ids: std::ops::RangeInclusive<u64>) -> &mut Self {
        ids.for_each(|id| self.span(&Shape::new(&WORK, id)));
        self
    }

    /// Shows it a span.
    pub fn span(&mut self, shape: &Shape) {
        shape.view(|span| self.sink().span(span));
    }

    /// Has it send everything, and waits for that.
    pub fn flush(&mut self) -> bool {
        self.sink().flush(PATIENCE)
    }

    /// Drops the sink, and returns what it said once its thread has ended: on a busy machine that may be after the drop.
    pub fn end(&mut self) -> Vec<String> {
        self.sink = None;
        assert_eq!(self.silent.recv_timeout(PATIENCE), Err(RecvTimeoutError::Disconnected), "it goes on");
        self.said.lock().expect("not poisoned").clone()
    }

    /// Exported, dropped for want of room, dropped otherwise.
    pub fn counts(&self) -> (u64, u64, u64) {
        let stats = self.counters.stats();
        (stats.exported, stats.dropped_queue_full, stats.dropped_export)
    }
}
