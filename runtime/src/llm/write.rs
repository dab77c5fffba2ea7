//! The attributes of a model call.

use arrayvec::ArrayVec;

use crate::context::key::Key;
use crate::llm::Usage;
use crate::llm::convention::Convention;
use crate::llm::observed::{BROKEN, Observed, Text, cut};
use crate::llm::state::State;
use crate::llm::totals::Totals;
use crate::semconv;
use crate::span::{Array, Value, current};

/// Writes only how many attempts the call took, and why they failed.
pub(super) fn attempts_on(state: &State) {
    let errors = Texts(&state.attempt_errors, |error| error);
    let attributes =
        [(semconv::LLM_ATTEMPTS, count(state.attempts)), (semconv::LLM_ATTEMPT_ERRORS, list(&errors))];
    if state.attempts > 0 {
        current::set_all_on(&state.key, &attributes);
    }
}

/// Writes on the span of an attempt that its answer broke off.
pub(super) fn broken_on(attempt: &Key) {
    let reasons = [cut(BROKEN)];
    let reasons = Texts(&reasons, |reason| reason);
    current::set_all_on(attempt, &[(semconv::GEN_AI_RESPONSE_FINISH_REASONS, list(&reasons))]);
}

/// More than a call can have.
type Attributes<'a> = ArrayVec<(&'static str, Value<'a>), 32>;

/// Rates over less than this are noise: chunks that came in one packet.
const SHORTEST_STREAM: f64 = 0.001;

/// Writes what `state` knows on its span; `totals` is what the span used altogether.
pub(super) fn on(state: &State, totals: &Totals) {
    let seen = &state.seen;
    let reasons = Texts(&seen.finish_reasons, |reason| reason);
    let tool_names = Texts(&seen.tool_calls, |call| &call.name);
    let attempt_errors = Texts(&state.attempt_errors, |error| error);
    let tool_ids = Texts(if seen.has_tool_call_ids() { &seen.tool_calls } else { &[] }, |call| &call.id);

    let mut attributes = Attributes::new();
    attributes.extend([
        (semconv::GEN_AI_RESPONSE_ID, text(&seen.id)),
        (semconv::GEN_AI_RESPONSE_MODEL, text(&seen.model)),
        (semconv::GEN_AI_RESPONSE_FINISH_REASONS, list(&reasons)),
        (semconv::OPENAI_RESPONSE_SERVICE_TIER, text(&seen.service_tier)),
        (semconv::LLM_TOOL_CALL_NAMES, list(&tool_names)),
        (semconv::LLM_TOOL_CALL_IDS, list(&tool_ids)),
        (semconv::LLM_ATTEMPTS, count(state.attempts)),
        (semconv::LLM_ATTEMPT_ERRORS, list(&attempt_errors)),
    ]);
    let convention = Convention::of_process();
    usage(&mut attributes, seen, &totals.usage, convention);
    cost(&mut attributes, seen, totals, convention);
    if totals.estimated > 0 {
        attributes.push((semconv::LLM_USAGE_ESTIMATED, Value::Bool(true)));
    }
    stream(&mut attributes, state, totals.usage.output);
    attributes.retain(|(_, value)| !matches!(value, Value::Empty));
    if !attributes.is_empty() {
        current::set_all_on(&state.key, &attributes);
    }
    if !seen.error.is_empty() {
        current::fail_on(&state.key, &seen.error, &seen.error);
    }
}

fn usage(attributes: &mut Attributes<'_>, seen: &Observed, usage: &Usage, convention: Convention) {
    if *usage == Usage::default() && !seen.has_usage() {
        return;
    }
    let cache_creation = match convention {
        Convention::Released => semconv::GEN_AI_USAGE_CACHE_CREATION_INPUT_TOKENS,
        Convention::Latest => semconv::GEN_AI_USAGE_CACHE_WRITE_INPUT_TOKENS,
    };
    let output = if seen.has_output() { Value::U64(usage.output) } else { count(usage.output) };
    attributes.extend([
        (semconv::GEN_AI_USAGE_INPUT_TOKENS, Value::U64(usage.input)),
        (semconv::GEN_AI_USAGE_OUTPUT_TOKENS, output),
        (semconv::GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS, count(usage.cache_read)),
        (cache_creation, count(usage.cache_creation)),
        (semconv::GEN_AI_USAGE_REASONING_OUTPUT_TOKENS, count(usage.reasoning)),
    ]);
}

/// A sum of which a part is unknown is no cost.
fn cost(attributes: &mut Attributes<'_>, seen: &Observed, totals: &Totals, convention: Convention) {
    let (Some(cost), ..=0) = (totals.cost, totals.unpriced) else { return };
    let cost = Value::F64(cost);
    match convention {
        Convention::Released => attributes.push((semconv::GEN_AI_USAGE_COST, cost)),
        Convention::Latest => attributes.extend([
            (semconv::GEN_AI_USAGE_COST_AMOUNT, cost),
            (semconv::GEN_AI_USAGE_COST_CURRENCY, Value::Str("USD")),
            (
                semconv::GEN_AI_USAGE_COST_SOURCE,
                Value::Str(if seen.cost.is_some() { "provider" } else { "local" }),
            ),
        ]),
    }
}

fn stream(attributes: &mut Attributes<'_>, state: &State, output: u64) {
    let Some(first) = state.first_chunk else { return };
    attributes.push((semconv::GEN_AI_REQUEST_STREAM, Value::Bool(true)));
    attributes.push((semconv::LLM_CHUNKS, Value::U64(state.chunks)));
    if let Some(asked) = state.asked {
        let seconds = first.seconds_since(asked);
        attributes.push((semconv::GEN_AI_RESPONSE_TIME_TO_FIRST_CHUNK, Value::F64(seconds)));
        let seconds =
            state.first_content.map_or(Value::Empty, |first| Value::F64(first.seconds_since(asked)));
        attributes.push((semconv::LLM_TIME_TO_FIRST_CONTENT, seconds));
    }
    let seconds = state.last_chunk.map_or(0.0, |last| last.seconds_since(first));
    if state.chunks > 1 {
        let mean = seconds / (state.chunks - 1) as f64;
        attributes.push((semconv::LLM_TIME_PER_OUTPUT_CHUNK, Value::F64(mean)));
    }
    if output > 0 && seconds >= SHORTEST_STREAM {
        attributes.push((semconv::LLM_OUTPUT_TOKENS_PER_SECOND, Value::F64(output as f64 / seconds)));
    }
}

fn text(text: &Text) -> Value<'_> {
    if text.is_empty() { Value::Empty } else { Value::Str(text) }
}

fn count(count: u64) -> Value<'static> {
    if count == 0 { Value::Empty } else { Value::U64(count) }
}

fn list<'a, T>(list: &'a Texts<'a, T>) -> Value<'a> {
    if list.is_empty() { Value::Empty } else { Value::Array(list) }
}

/// One text of each element of a list.
struct Texts<'a, T>(&'a [T], fn(&T) -> &Text);

impl<T> Array for Texts<'_, T> {
    fn len(&self) -> usize {
        self.0.len()
    }

    fn get(&self, index: usize) -> Value<'_> {
        self.0.get(index).map_or(Value::Empty, |element| Value::Str((self.1)(element)))
    }
}
