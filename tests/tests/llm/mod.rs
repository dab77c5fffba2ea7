//! What the tests of model calls share: a pipeline of their own and what it received.
#![allow(dead_code, reason = "each test binary uses a part of it")]

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, Once};
use std::time::Duration;

use throughline::Pipeline;
use throughline::span::{Outcome, Sink, SpanView, ValueView};

/// One span as it came out.
#[derive(Clone, Debug)]
pub(crate) struct Got {
    pub(crate) name: String,
    pub(crate) id: u64,
    pub(crate) parent: Option<u64>,
    pub(crate) outcome: Outcome,
    pub(crate) message: Option<String>,
    pub(crate) attributes: BTreeMap<String, String>,
    pub(crate) links: Vec<u64>,
}

impl Got {
    /// An attribute in its textual form; empty when it is absent.
    pub(crate) fn get(&self, key: &str) -> &str {
        self.attributes.get(key).map_or("", String::as_str)
    }

    /// The attributes whose keys begin with one of the prefixes, a line each.
    pub(crate) fn lines(&self, prefixes: &[&str]) -> String {
        let of_interest = |key: &&String| prefixes.iter().any(|prefix| key.starts_with(prefix));
        let keys = self.attributes.keys().filter(of_interest);
        keys.map(|key| format!("{key}={}", self.attributes[key])).collect::<Vec<_>>().join("\n")
    }
}

#[derive(Clone, Default)]
pub(crate) struct Spans(Arc<Mutex<Vec<Got>>>);

impl Spans {
    /// What was received so far.
    pub(crate) fn trace(&self) -> Trace {
        Trace(self.0.lock().unwrap().clone())
    }
}

impl Sink for Spans {
    fn span(&mut self, span: &SpanView<'_>) {
        let attributes = span.attributes.map(|(key, value)| (key.to_owned(), text(value))).collect();
        self.0.lock().unwrap().push(Got {
            name: span.name.to_owned(),
            id: u64::from_be_bytes(span.span_id.to_bytes()),
            parent: span.parent.map(|parent| u64::from_be_bytes(parent.to_bytes())),
            outcome: span.outcome,
            message: span.message.map(str::to_owned),
            attributes,
            links: span.links.iter().map(|link| u64::from_be_bytes(link.span_id.to_bytes())).collect(),
        });
    }
}

fn text(value: ValueView<'_>) -> String {
    match value {
        ValueView::Bool(value) => value.to_string(),
        ValueView::Int(value) => value.to_string(),
        // Sums of prices differ from what one would write in the last digit.
        ValueView::Double(value) => ((value * 1e12).round() / 1e12).to_string(),
        ValueView::Str(value) => value.to_owned(),
        ValueView::Array(values) => format!("[{}]", values.map(text).collect::<Vec<_>>().join(",")),
    }
}

/// What the code under test recorded.
pub(crate) struct Trace(Vec<Got>);

impl Trace {
    /// The one span of this name.
    #[track_caller]
    pub(crate) fn span(&self, name: &str) -> &Got {
        let mut named = self.0.iter().filter(|span| span.name == name);
        let span = named.next().unwrap_or_else(|| panic!("no span {name}: {:#?}", self.0));
        assert!(named.next().is_none(), "several spans {name}");
        span
    }

    pub(crate) fn spans(&self, name: &str) -> Vec<&Got> {
        let mut spans: Vec<_> = self.0.iter().filter(|span| span.name == name).collect();
        spans.sort_by_key(|span| span.id);
        spans
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }
}

/// Runs `code` with a pipeline of its own, whose clock moves a millisecond each time it is read.
pub(crate) fn trace(code: impl FnOnce()) -> Trace {
    // As a process does from its first capture on, so that roots have the same totals in whatever order tests run.
    static COUNTS: Once = Once::new();
    COUNTS.call_once(|| drop(throughline::testing::capture(|| ())));
    let spans = Spans::default();
    let pipeline = Pipeline::builder().sink(spans.clone()).deterministic().start().unwrap();
    {
        let _entered = pipeline.enter();
        code();
    }
    assert!(pipeline.flush(Duration::from_secs(60)));
    spans.trace()
}

/// Runs `code` inside of a root span.
pub(crate) fn root<R>(code: impl FnOnce() -> R) -> R {
    let _span = throughline::span!("root").entered();
    code()
}

/// Runs `code` as what `#[llm_span(provider = "openai", model = "gpt-4o-mini")]` makes of a function.
pub(crate) fn call<R>(code: impl FnOnce(&throughline::llm::expansion::Call) -> R) -> R {
    let _span = throughline::span!("call").entered();
    let call = throughline::llm::expansion::Call::begin("openai", "gpt-4o-mini");
    code(&call)
}
