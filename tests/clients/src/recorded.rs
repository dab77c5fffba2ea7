//! What a client's calls recorded.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use throughline::Pipeline;
use throughline::logs::{JsonLayer, SpanEvents};
use throughline::testing::{MemorySink, OwnedValue, SpanRecord, Trace};
use tracing::Subscriber;
use tracing::span::{Attributes, Id};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::{Context, SubscriberExt};

/// How long a test waits for what should come at once.
const LIMIT: Duration = Duration::from_secs(60);

/// Runs `code` with a pipeline of its own and the real clock.
pub fn record(code: impl AsyncFnOnce()) -> Trace {
    let memory = MemorySink::new();
    let pipeline = Pipeline::builder().sink(memory.clone()).start().expect("a pipeline");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    {
        let _entered = pipeline.enter();
        let all = async { tokio::time::timeout(LIMIT, code()).await };
        runtime.block_on(all).expect("an answer in time");
    }
    assert!(pipeline.flush(LIMIT), "everything arrives");
    memory.take()
}

/// The same where the lines and events of `tracing` are kept, as [`throughline::init`] does it. Also the names of the spans
/// that the code has of `tracing`.
pub fn record_beside_tracing(code: impl AsyncFnOnce()) -> (Trace, Vec<String>) {
    let names = SpanNames::default();
    let lines = JsonLayer::new().with_writer(std::io::sink);
    let subscriber = tracing_subscriber::registry().with(lines).with(SpanEvents::new()).with(names.clone());
    let trace = tracing::subscriber::with_default(subscriber, || record(code));
    let names = std::mem::take(&mut *names.0.lock().unwrap_or_else(PoisonError::into_inner));
    (trace, names)
}

/// Keeps the names of new spans.
#[derive(Clone, Debug, Default)]
struct SpanNames(Arc<Mutex<Vec<String>>>);

impl<S: Subscriber> Layer<S> for SpanNames {
    fn on_new_span(&self, attributes: &Attributes<'_>, _: &Id, _: Context<'_, S>) {
        let name = format!("{} of {}", attributes.metadata().name(), attributes.metadata().target());
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(name);
    }
}

/// What depends on the clock.
const VARYING: &[&str] = &[
    "gen_ai.response.time_to_first_chunk",
    "throughline.llm.output_tokens_per_second",
    "throughline.llm.attempt.wait",
    "throughline.llm.time_per_output_chunk",
    "throughline.llm.time_to_first_content",
];

/// What a local root says of all calls in it.
const TOTALS: &str = "throughline.llm.total.";

/// The attributes of a model call that are the same each time, a line each.
#[must_use]
pub fn lines(span: &SpanRecord) -> String {
    let told = |key: &str| {
        let prefixes = ["gen_ai.", "throughline.llm.", "openai.", "error."];
        prefixes.iter().any(|prefix| key.starts_with(prefix))
            && !VARYING.contains(&key)
            && !key.starts_with(TOTALS)
    };
    let attributes = span.attributes().iter().filter(|(key, _)| told(key));
    attributes.map(|(key, value)| format!("{key}={}", text(value))).collect::<Vec<_>>().join("\n")
}

/// An attribute that is a number of seconds.
///
/// # Panics
///
/// When there is none.
#[track_caller]
#[must_use]
pub fn seconds(span: &SpanRecord, key: &str) -> f64 {
    span.attribute(key).and_then(|value| value.as_double()).unwrap_or_else(|| panic!("no {key}: {span:#?}"))
}

fn text(value: &OwnedValue) -> String {
    match value {
        OwnedValue::Bool(value) => value.to_string(),
        OwnedValue::Int(value) => value.to_string(),
        // Sums of prices differ from what one would write in the last digit.
        OwnedValue::Double(value) => ((value * 1e12).round() / 1e12).to_string(),
        OwnedValue::Str(value) => value.clone(),
        OwnedValue::Array(values) => format!("[{}]", values.iter().map(text).collect::<Vec<_>>().join(",")),
    }
}
