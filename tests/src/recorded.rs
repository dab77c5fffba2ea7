//! A pipeline that collects what is recorded.

use std::time::Duration;

use throughline::testing::{MemorySink, SpanRecord, Trace};
use throughline::{Entered, Pipeline};

/// A pipeline of its own for one test.
#[derive(Debug)]
pub struct Recorder {
    /// The pipeline.
    pub pipeline: Pipeline,
    sink: MemorySink,
}

impl Recorder {
    /// Starts the pipeline.
    #[expect(clippy::new_without_default, reason = "it starts a thread")]
    pub fn new() -> Self {
        let sink = MemorySink::new();
        let pipeline = Pipeline::builder().sink(sink.clone()).start().unwrap();
        Self { pipeline, sink }
    }

    /// Makes it the pipeline of this thread.
    pub fn enter(&self) -> Entered {
        self.pipeline.enter()
    }

    /// All spans that are finished.
    pub fn spans(&self) -> Trace {
        self.flush();
        self.sink.trace()
    }

    /// The spans since the last call.
    pub fn take(&self) -> Trace {
        self.flush();
        self.sink.take()
    }

    /// The one span since the last call.
    #[track_caller]
    pub fn only(&self) -> SpanRecord {
        let spans = self.take();
        assert_eq!(spans.len(), 1, "{spans:#?}");
        spans.root().record().clone()
    }

    fn flush(&self) {
        assert!(self.pipeline.flush(Duration::from_secs(60)));
        assert_eq!(self.pipeline.stats().dropped_spans(), 0);
    }
}

/// Runs `test` on a runtime of this thread, with a pipeline of its own.
pub fn recorded<R>(test: impl AsyncFnOnce(&Recorder) -> R) -> R {
    let recorder = Recorder::new();
    let _entered = recorder.enter();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(test(&recorder))
}
