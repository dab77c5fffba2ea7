//! Finished spans by hand, for the tests of the terminal.
#![allow(dead_code, reason = "each test file uses a part of it")]

use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use throughline::Flags;
use throughline::export::terminal::{Entry, Style, Waterfall};
use throughline::span::{AttributesBuf, Callsite, Dropped, Outcome, SpanView, ToValue};

static CALLSITE: Callsite = Callsite::new("made by hand", "tests", "tests.rs", 1, &[]);

/// 2026-01-01T00:00:00Z, nanoseconds.
const NEW_YEAR: u64 = 1_767_225_600_000_000_000;
const TRACE: u128 = 0x0190_163d_8694_739b_aea5_966c_26f8_ad91;

/// A span made by hand: times in milliseconds since the start of the trace.
pub(crate) struct Made {
    name: String,
    trace: u128,
    id: u64,
    parent: u64,
    remote: bool,
    start: f64,
    duration: f64,
    outcome: Outcome,
    message: Option<String>,
    attributes: AttributesBuf,
}

/// A span that ran from `start` to `end`, milliseconds.
pub(crate) fn span(id: u64, parent: u64, name: &str, start: f64, end: f64) -> Made {
    Made {
        name: name.to_owned(),
        trace: TRACE,
        id,
        parent,
        remote: false,
        start,
        duration: end - start,
        outcome: Outcome::Ok,
        message: None,
        attributes: AttributesBuf::new(),
    }
}

impl Made {
    pub(crate) fn set(mut self, key: &str, value: impl ToValue) -> Self {
        self.attributes.push(key, value.to_value());
        self
    }

    pub(crate) fn request(self, id: &str) -> Self {
        self.set("request.id", id)
    }

    pub(crate) fn remote(mut self) -> Self {
        self.remote = true;
        self
    }

    pub(crate) fn in_trace(mut self, trace: u128) -> Self {
        self.trace = TRACE + trace;
        self
    }

    pub(crate) fn ended(mut self, outcome: Outcome, message: &str) -> Self {
        self.outcome = outcome;
        self.message = (!message.is_empty()).then(|| message.to_owned());
        self
    }

    pub(crate) fn chat(self, model: &str, tokens: (i64, i64), cost: f64, first_chunk: f64) -> Self {
        self.set("gen_ai.operation.name", "chat")
            .set("gen_ai.response.model", model)
            .set("gen_ai.usage.input_tokens", tokens.0)
            .set("gen_ai.usage.output_tokens", tokens.1)
            .set("gen_ai.usage.cost", cost)
            .set("gen_ai.response.time_to_first_chunk", first_chunk)
    }

    pub(crate) fn with_view<R>(&self, f: impl FnOnce(&SpanView<'_>) -> R) -> R {
        f(&SpanView {
            callsite: &CALLSITE,
            name: &self.name,
            trace_id: throughline::TraceId::new(self.trace).unwrap(),
            span_id: throughline::SpanId::new(self.id).unwrap(),
            parent: throughline::SpanId::new(self.parent),
            parent_is_remote: self.remote,
            flags: Flags::SAMPLED,
            trace_state: None,
            start: NEW_YEAR + (self.start * 1e6).round() as u64,
            duration: (self.duration * 1e6).round() as u64,
            outcome: self.outcome,
            message: self.message.as_deref(),
            attributes: self.attributes.view(),
            events: &[],
            links: &[],
            dropped: Dropped::default(),
        })
    }
}

pub(crate) fn render(spans: &[Made], style: &Style) -> String {
    Waterfall::new(spans.iter().map(|span| span.with_view(|view| Entry::from(view))).collect()).render(style)
}

/// What was written, for all clones.
#[derive(Clone, Default)]
pub(crate) struct Screen(Arc<Mutex<Vec<u8>>>);

impl Screen {
    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl Write for Screen {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A question answered over documents: retrieval, a call that needs a tool, the tool, a call that is refused once, and
/// feedback recorded in the background.
pub(crate) fn rag() -> Vec<Made> {
    let attempt = |id, number: i64, start, end| {
        span(id, 8, "llm attempt", start, end).set("throughline.llm.attempt.number", number)
    };
    vec![
        span(1, 0, "POST /ask", 0.0, 1840.0)
            .request("req-0190163d-8694-739b-aea5-966c26f8ad91")
            .set("http.response.status_code", 200),
        span(2, 1, "answer", 3.2, 1838.0),
        span(3, 2, "retrieval manual", 4.0, 49.5)
            .set("gen_ai.operation.name", "retrieval")
            .set("throughline.retrieval.returned", 5),
        span(4, 3, "search", 5.0, 31.0),
        span(5, 3, "rank", 31.2, 49.0),
        span(6, 2, "chat gpt-4o-mini", 50.0, 702.0)
            .chat("gpt-4o-mini-2024-07-18", (1234, 41), 0.000_209_7, 0.213)
            .set("gen_ai.usage.cache_read.input_tokens", 200),
        span(7, 2, "execute_tool page_lookup", 703.0, 741.0).set("gen_ai.operation.name", "execute_tool"),
        span(8, 2, "chat gpt-4o-mini", 742.0, 1836.0)
            .chat("gpt-4o-mini-2024-07-18", (1689, 96), 0.000_310_95, 0.704)
            .set("throughline.llm.attempts", 2),
        attempt(9, 1, 742.3, 760.0)
            .set("error.type", "429")
            .ended(Outcome::Error, "Rate limit reached for gpt-4o-mini, please try again in 500 ms"),
        attempt(10, 2, 1260.4, 1835.0).set("throughline.llm.attempt.wait", 0.5004),
        span(11, 1, "record_feedback", 1838.5, 1904.0),
    ]
}
