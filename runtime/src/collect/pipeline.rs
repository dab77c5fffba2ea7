//! A pipeline: the logs of threads, the worker that drains them, and where the spans go.

use std::marker::PhantomData;
use std::sync::Arc;
use std::time::Duration;

use super::assemble::{Assembler, Limits};
use super::flush::Flush;
use super::shared::{Head, Shared};
use super::sinks::Sinks;
use super::time::Time;
use super::worker::Worker;
use crate::clock;
use crate::context::current;
use crate::context::key::{Key, Meta};
use crate::report;
use crate::span::Sink;
use crate::stats::{Counters, Stats};

/// A pipeline: the logs of threads, the worker that drains them, and the sinks that finished spans go to.
///
/// An application has one, which `throughline::init` makes and installs; a test makes its own and runs beside others.
/// Dropping it hands on what is finished, waits for that at most a second and a half, and ends the worker.
#[derive(Debug)]
pub struct Pipeline {
    shared: Arc<Shared>,
    worker: Option<std::thread::JoinHandle<()>>,
}

/// What a pipeline is made of.
#[must_use = "a builder does nothing until `start`"]
pub struct PipelineBuilder {
    sinks: Vec<Box<dyn Sink>>,
    counters: Arc<Counters>,
    head: Head,
    log_bytes: usize,
    limits: Limits,
    deterministic: bool,
}

/// Makes a pipeline the one of traces that begin on this thread, until it is dropped; see [`Pipeline::enter`].
#[derive(Debug)]
#[must_use = "the pipeline is current only as long as this guard lives"]
pub struct Entered {
    before: Key,
    not_send: PhantomData<*const ()>,
}

impl Pipeline {
    /// A pipeline without sinks, with the default limits.
    pub fn builder() -> PipelineBuilder {
        PipelineBuilder {
            sinks: Vec::new(),
            counters: Arc::default(),
            head: Head::DEFAULT,
            log_bytes: 48 << 20,
            limits: Limits::default(),
            deterministic: false,
        }
    }

    /// Makes it the pipeline of every trace that begins where no other pipeline is current. `false` when another one is
    /// that already.
    pub fn install(&self) -> bool {
        self.shared.install()
    }

    /// Makes it the pipeline of traces that begin on this thread, and of work that is started from them.
    pub fn enter(&self) -> Entered {
        let mut meta = Meta::default().with_pipeline(self.shared.number);
        if self.shared.deterministic.is_some() {
            meta = meta.with(Meta::DETERMINISTIC);
        }
        Entered { before: current::replace(Key { meta, ..Key::EMPTY }), not_send: PhantomData }
    }

    /// Hands on all spans that are finished, on whatever thread, and waits for the sinks, at most `timeout`. `false` when
    /// that did not succeed in time.
    pub fn flush(&self, timeout: Duration) -> bool {
        flush(&self.shared, timeout)
    }

    /// The same without blocking the thread.
    pub fn flush_async(&self, timeout: Duration) -> Flush {
        flush_async(Arc::clone(&self.shared), timeout)
    }

    /// What became of the spans so far, and of the log lines of the process.
    pub fn stats(&self) -> Stats {
        self.shared.counters.stats()
    }
}

impl Drop for Pipeline {
    fn drop(&mut self) {
        self.shared.flushes.ask(Duration::from_secs(1));
        self.shared.close();
        self.shared.wake();
        if is_other_process(&self.shared) {
            return;
        }
        // Somewhat longer than sinks may take: they say at their end what they could not hand on.
        self.shared.flushes.wait_for_end(Duration::from_millis(1500));
        if let Some(worker) = self.worker.take().filter(std::thread::JoinHandle::is_finished) {
            let _ = worker.join();
        }
    }
}

impl Drop for Entered {
    fn drop(&mut self) {
        current::replace(self.before);
    }
}

/// See [`Pipeline::flush`].
pub(crate) fn flush(shared: &Shared, timeout: Duration) -> bool {
    let is_worker = shared.worker.get().is_some_and(|worker| worker.id() == std::thread::current().id());
    if is_worker || is_other_process(shared) {
        return false;
    }
    let number = shared.flushes.ask(timeout);
    shared.wake();
    shared.flushes.wait(number, timeout)
}

/// See [`Pipeline::flush_async`].
pub(crate) fn flush_async(shared: Arc<Shared>, timeout: Duration) -> Flush {
    if is_other_process(&shared) {
        return Flush::failed();
    }
    let number = shared.flushes.ask(timeout);
    shared.wake();
    Flush::waiting(shared, number)
}

/// After a `fork` the child has the logs but not the worker.
fn is_other_process(shared: &Shared) -> bool {
    let other = shared.process != std::process::id();
    if other {
        report::once(
            "fork",
            "this process was forked from one that had called init(); its spans are lost: call init() in the child",
        );
    }
    other
}

impl PipelineBuilder {
    /// Adds a sink. All sinks get every span.
    pub fn sink(mut self, sink: impl Sink + 'static) -> Self {
        self.sinks.push(Box::new(sink));
        self
    }

    /// Uses these counters, which sinks share.
    pub fn counters(mut self, counters: Arc<Counters>) -> Self {
        self.counters = counters;
        self
    }

    /// The bytes that logs may hold, 48 MiB unless told. When they are spent, whole spans are dropped and counted.
    pub fn log_bytes(mut self, bytes: usize) -> Self {
        self.log_bytes = bytes;
        self
    }

    /// How much of a span is kept: attributes, events, links (128 each unless told).
    pub fn span_limits(mut self, attributes: u32, events: u32, links: u32) -> Self {
        (self.limits.attributes, self.limits.events, self.limits.links) = (attributes, events, links);
        self
    }

    /// The longest text of an attribute in bytes, 64 KiB unless told. Longer text is cut between characters.
    pub fn value_length(mut self, bytes: usize) -> Self {
        self.limits.text = bytes;
        self
    }

    /// Which traces are recorded: `parentbased_always_on` unless told.
    pub fn sampler(mut self, sampler: impl Into<Head>) -> Self {
        self.head = sampler.into();
        self
    }

    /// IDs and times count up from 1, so that a test sees the same ones each time. As long as one thread works.
    pub fn deterministic(mut self) -> Self {
        self.deterministic = true;
        self
    }

    /// Starts the worker.
    ///
    /// # Errors
    ///
    /// When the system gives no thread, or 16,382 pipelines are at work.
    pub fn start(self) -> std::io::Result<Pipeline> {
        clock::calibrate();
        let shared = Shared::new(self.head, self.deterministic, self.log_bytes, self.counters)
            .ok_or_else(|| std::io::Error::other("too many pipelines are at work"))?;
        let counters = Arc::clone(&shared.counters);
        let assembler =
            Assembler::new(Sinks::new(self.sinks), Time::new(self.deterministic), self.limits, counters);
        let worker = Worker::new(Arc::clone(&shared), assembler);
        let started = std::thread::Builder::new().name("throughline".into()).spawn({
            let shared = Arc::clone(&shared);
            move || {
                worker.run();
                shared.flushes.end();
            }
        });
        match started {
            Ok(handle) => {
                let _ = shared.worker.set(handle.thread().clone());
                Ok(Pipeline { shared, worker: Some(handle) })
            }
            Err(error) => {
                shared.close();
                Err(error)
            }
        }
    }
}

impl std::fmt::Debug for PipelineBuilder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PipelineBuilder").field("sinks", &self.sinks.len()).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Shared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shared").field("number", &self.number).finish_non_exhaustive()
    }
}
