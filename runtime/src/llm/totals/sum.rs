//! The sums themselves.

use crate::context::key::Key;
use crate::llm::Usage;
use crate::semconv;
use crate::span::{Value, current};

/// What a request did so far, or a part of that.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Totals {
    /// Calls of models.
    pub(crate) calls: u64,
    pub(crate) usage: Usage,
    /// How many of the calls did not say what they used, so that their usage is an estimate.
    pub(crate) estimated: u64,
    /// US dollars, where any are known.
    pub(crate) cost: Option<f64>,
    /// How many of the calls have no known cost. A difference may be negative: a stream says late what it used.
    pub(crate) unpriced: i64,
    /// Tools that were run.
    pub(crate) tool_calls: u64,
    /// Seconds while a model was at work.
    pub(crate) model_time: f64,
    /// Seconds while documents were searched.
    pub(crate) retrieval_time: f64,
}

impl Totals {
    /// What was added to `earlier` to come to this.
    pub(crate) fn since(&self, earlier: &Self) -> Self {
        Self {
            calls: self.calls.saturating_sub(earlier.calls),
            usage: self.usage.minus(earlier.usage),
            estimated: self.estimated.saturating_sub(earlier.estimated),
            cost: self.cost.map(|cost| cost - earlier.cost.unwrap_or(0.0)),
            unpriced: self.unpriced.saturating_sub(earlier.unpriced),
            tool_calls: self.tool_calls.saturating_sub(earlier.tool_calls),
            model_time: self.model_time - earlier.model_time,
            retrieval_time: self.retrieval_time - earlier.retrieval_time,
        }
    }

    pub(crate) fn add(&mut self, other: &Self) {
        self.calls = self.calls.saturating_add(other.calls);
        self.usage = self.usage.plus(other.usage);
        self.estimated = self.estimated.saturating_add(other.estimated);
        self.cost = match (self.cost, other.cost) {
            (Some(cost), Some(more)) => Some(cost + more),
            (cost, more) => cost.or(more),
        };
        self.unpriced = self.unpriced.saturating_add(other.unpriced);
        self.tool_calls = self.tool_calls.saturating_add(other.tool_calls);
        self.model_time += other.model_time;
        self.retrieval_time += other.retrieval_time;
    }

    /// Writes what is not zero; of calls also that they used nothing.
    pub(super) fn write_on(&self, span: &Key) {
        if *self == Self::default() {
            return;
        }
        let called = self.calls > 0;
        let count = |is_known: bool, count: u64| some(is_known, Value::U64(count));
        let seconds = |seconds: f64| some(seconds > 0.0, Value::F64(seconds));
        let usage = &self.usage;
        let attributes = [
            (semconv::LLM_TOTAL_CALLS, count(called, self.calls)),
            (semconv::LLM_TOTAL_INPUT_TOKENS, count(called, usage.input)),
            (semconv::LLM_TOTAL_OUTPUT_TOKENS, count(called, usage.output)),
            (semconv::LLM_TOTAL_CACHED_TOKENS, count(usage.cache_read > 0, usage.cache_read)),
            (semconv::LLM_TOTAL_REASONING_TOKENS, count(usage.reasoning > 0, usage.reasoning)),
            (semconv::LLM_TOTAL_ESTIMATED_CALLS, count(self.estimated > 0, self.estimated)),
            (semconv::LLM_TOTAL_COST, self.cost.map_or(Value::Empty, Value::F64)),
            (semconv::LLM_TOTAL_UNPRICED_CALLS, some(self.unpriced > 0, Value::I64(self.unpriced))),
            (semconv::LLM_TOTAL_TOOL_CALLS, count(self.tool_calls > 0, self.tool_calls)),
            (semconv::LLM_TOTAL_MODEL_TIME, seconds(self.model_time)),
            (semconv::LLM_TOTAL_RETRIEVAL_TIME, seconds(self.retrieval_time)),
        ];
        current::set_all_on(span, &attributes);
    }
}

fn some(is_known: bool, value: Value<'_>) -> Value<'_> {
    if is_known { value } else { Value::Empty }
}
