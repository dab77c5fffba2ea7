//! What the tests share: functions that call models, and a pipeline whose metrics go to a receiver.

use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};
use throughline::export::otlp::{MetricsConfig, MetricsSink, Resource};
use throughline::stats::Counters;
use throughline::testing::MemorySink;
use throughline::{Pipeline, llm_span};
use throughline_tests::otlp::{self, Point};
use throughline_tests::receiver::{Receiver, Request};

/// Longer than anything here takes.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

pub(crate) const DURATION: &str = "gen_ai.client.operation.duration";
pub(crate) const TOKENS: &str = "gen_ai.client.token.usage";
pub(crate) const FIRST_CHUNK: &str = "gen_ai.client.operation.time_to_first_chunk";
pub(crate) const PER_CHUNK: &str = "gen_ai.client.operation.time_per_output_chunk";

/// What a provider answers.
pub(crate) fn answer(input: u64, output: u64) -> Value {
    json!({"id": "c", "model": "gpt-4o-mini-2024-07-18",
        "usage": {"prompt_tokens": input, "completion_tokens": output}})
}

/// A model call that takes one millisecond of the counted time.
#[llm_span(provider = "openai", model = "gpt-4o-mini")]
pub(crate) fn ask(input: u64, output: u64) -> Value {
    answer(input, output)
}

/// A pipeline of its own, whose clock moves a millisecond each time it is read.
pub(crate) struct Subject {
    pub(crate) pipeline: Pipeline,
    pub(crate) receiver: Receiver,
    pub(crate) memory: MemorySink,
    /// What was said of losses.
    said: Arc<Mutex<Vec<String>>>,
    /// Hangs up when nothing can be said any more.
    silent: mpsc::Receiver<()>,
}

impl Subject {
    pub(crate) fn new() -> Self {
        Self::of(Receiver::answering([]), |_| {})
    }

    pub(crate) fn of(receiver: Receiver, change: impl FnOnce(&mut MetricsConfig)) -> Self {
        let mut config = MetricsConfig::default();
        config.otlp.endpoint = receiver.metrics_endpoint();
        config.otlp.timeout = PATIENCE;
        config.otlp.first_retry = Duration::from_millis(1);
        change(&mut config);
        let (counters, memory, said) = (Arc::new(Counters::default()), MemorySink::new(), Arc::default());
        let (speaks, silent) = mpsc::channel();
        let say = {
            let said: Arc<Mutex<Vec<String>>> = Arc::clone(&said);
            move |message: &str| {
                let _ = &speaks;
                said.lock().unwrap().push(message.to_owned());
            }
        };
        let sink = MetricsSink::saying(config, &Resource::new("shop"), Arc::clone(&counters), say);
        let builder = Pipeline::builder().counters(counters).sink(sink).sink(memory.clone());
        Self { pipeline: builder.deterministic().start().unwrap(), receiver, memory, said, silent }
    }

    /// Runs `code`, whose spans go into the pipeline, and flushes.
    pub(crate) fn run(&self, code: impl FnOnce()) -> bool {
        let entered = self.pipeline.enter();
        code();
        drop(entered);
        self.pipeline.flush(PATIENCE)
    }

    /// The points of the next request.
    pub(crate) fn points(&self) -> Points {
        Points(otlp::points(&self.receiver.request().content()))
    }

    /// Ends the pipeline, and returns the requests that were not asked for, and what was said once nothing more can be.
    pub(crate) fn end(self) -> (Vec<Request>, Vec<String>) {
        drop(self.pipeline);
        assert_eq!(self.silent.recv_timeout(PATIENCE), Err(RecvTimeoutError::Disconnected), "it goes on");
        let said = self.said.lock().unwrap().clone();
        (self.receiver.rest(), said)
    }
}

/// The points of what `code` does.
pub(crate) fn measured(code: impl FnOnce()) -> Points {
    let subject = Subject::new();
    assert!(subject.run(code));
    subject.points()
}

/// The points of one export.
#[derive(Debug)]
pub(crate) struct Points(pub(crate) Vec<Point>);

impl Points {
    /// All of a metric.
    pub(crate) fn of(&self, metric: &str) -> Vec<&Point> {
        let mut points: Vec<_> = self.0.iter().filter(|point| point.metric == metric).collect();
        points.sort_by_key(|point| point.line());
        points
    }

    /// The only one of a metric.
    #[track_caller]
    pub(crate) fn only(&self, metric: &str) -> &Point {
        let points = self.of(metric);
        let [point] = points[..] else { panic!("one point of {metric}: {points:#?}") };
        point
    }

    /// The one of the metric of tokens that is of these.
    #[track_caller]
    pub(crate) fn tokens(&self, kind: &str) -> &Point {
        let points = self.of(TOKENS);
        let is_of_kind = |point: &&&Point| point.line().contains(&format!("gen_ai.token.type={kind}"));
        points.iter().find(is_of_kind).unwrap_or_else(|| panic!("{kind}: {points:#?}"))
    }
}
