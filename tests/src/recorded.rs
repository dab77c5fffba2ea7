//! Finished spans as owned data, and a pipeline that collects them.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use throughline::span::{Kind, Outcome, Sink, SpanView};
use throughline::{Pipeline, SpanId, TraceId};

/// A finished span.
#[derive(Clone, Debug)]
pub struct Recorded {
    /// Its name.
    pub name: String,
    /// Its kind.
    pub kind: Kind,
    /// Its trace.
    pub trace_id: TraceId,
    /// Its ID.
    pub span_id: SpanId,
    /// Its parent.
    pub parent: Option<SpanId>,
    /// Whether that is in another process.
    pub parent_is_remote: bool,
    /// The vendors' state.
    pub trace_state: Option<String>,
    /// How it ended.
    pub outcome: Outcome,
    /// What its error said.
    pub message: Option<String>,
    /// Its attributes, with the constant ones, as text: `Int(200)`, `Str("GET")`.
    pub attributes: BTreeMap<String, String>,
    /// The spans it is linked to.
    pub links: Vec<(TraceId, SpanId)>,
}

impl Recorded {
    /// An attribute as text; empty when it is not there.
    pub fn attribute(&self, key: &str) -> &str {
        self.attributes.get(key).map_or("", String::as_str)
    }
}

#[derive(Clone, Default)]
struct Collector(Arc<Mutex<Vec<Recorded>>>);

impl Sink for Collector {
    fn span(&mut self, span: &SpanView<'_>) {
        let constants = span.callsite.constants.iter().copied();
        let attributes = constants.chain(span.attributes);
        self.0.lock().unwrap().push(Recorded {
            name: span.name.to_owned(),
            kind: span.callsite.kind,
            trace_id: span.trace_id,
            span_id: span.span_id,
            parent: span.parent,
            parent_is_remote: span.parent_is_remote,
            trace_state: span.trace_state.map(str::to_owned),
            outcome: span.outcome,
            message: span.message.map(str::to_owned),
            attributes: attributes.map(|(key, value)| (key.to_owned(), format!("{value:?}"))).collect(),
            links: span.links.iter().map(|link| (link.trace_id, link.span_id)).collect(),
        });
    }
}

/// A pipeline of its own for one test.
#[derive(Debug)]
pub struct Recorder {
    pipeline: Pipeline,
    collector: Collector,
}

impl std::fmt::Debug for Collector {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Collector")
    }
}

impl Recorder {
    /// Starts the pipeline.
    #[expect(clippy::new_without_default, reason = "it starts a thread")]
    pub fn new() -> Self {
        let collector = Collector::default();
        let pipeline = Pipeline::builder().sink(collector.clone()).start().unwrap();
        Self { pipeline, collector }
    }

    /// Makes it the pipeline of this thread.
    pub fn enter(&self) -> throughline::Entered {
        self.pipeline.enter()
    }

    /// All spans that are finished.
    pub fn spans(&self) -> Vec<Recorded> {
        assert!(self.pipeline.flush(Duration::from_secs(60)));
        self.collector.0.lock().unwrap().clone()
    }

    /// The spans since the last call.
    pub fn take(&self) -> Vec<Recorded> {
        assert!(self.pipeline.flush(Duration::from_secs(60)));
        std::mem::take(&mut self.collector.0.lock().unwrap())
    }
}

/// Runs `test` on a runtime of this thread, with a pipeline of its own.
pub fn recorded<R>(test: impl AsyncFnOnce(&Recorder) -> R) -> R {
    let recorder = Recorder::new();
    let _entered = recorder.enter();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(test(&recorder))
}
