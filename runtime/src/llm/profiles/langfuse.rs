//! What Langfuse does not learn from the keys of the conventions.

use jiff::Timestamp;
use serde_json::{Value as Json, json};

use super::additions::Additions;
use super::facts::{Facts, Tokens};
use super::step::Step;
use crate::semconv::{self, langfuse};

pub(super) fn translate(step: Step, additions: &mut Additions<'_>) {
    let facts = additions.facts;
    additions.add(langfuse::OBSERVATION_TYPE, observation_type(step));
    additions.add(langfuse::SESSION_ID, facts.session());
    additions.add(langfuse::USER_ID, facts.user());
    additions.add(langfuse::OBSERVATION_COMPLETION_START_TIME, completion_start_time(facts));
    additions.add(langfuse::OBSERVATION_USAGE_DETAILS, facts.tokens().map(|tokens| usage_details(&tokens)));
    additions.add(
        langfuse::OBSERVATION_COST_DETAILS,
        facts.cost().map(|cost| json!({ "total": cost }).to_string()),
    );
    // Messages, and what goes into tools, it finds where the conventions have them.
    additions.add(langfuse::OBSERVATION_INPUT, facts.text(semconv::GEN_AI_RETRIEVAL_QUERY_TEXT));
    additions.add(langfuse::OBSERVATION_OUTPUT, facts.text(semconv::GEN_AI_RETRIEVAL_DOCUMENTS));
}

/// Without a type of its own a reranker would become a generation, because it has a model.
fn observation_type(step: Step) -> &'static str {
    match step {
        Step::Generation => "generation",
        Step::Embedding => "embedding",
        Step::Retrieval | Step::Rerank => "retriever",
        Step::Tool => "tool",
        Step::Agent => "agent",
        Step::Chain => "chain",
    }
}

/// When the first chunk came. Unknown for a call that was tried again: the time to the first chunk is that of its last
/// attempt, and when that began is said on another span.
fn completion_start_time(facts: Facts<'_>) -> Option<String> {
    let seconds = facts.double(semconv::GEN_AI_RESPONSE_TIME_TO_FIRST_CHUNK)?;
    let is_retried = facts.int(semconv::LLM_ATTEMPTS).is_some_and(|attempts| attempts > 1);
    if is_retried || !seconds.is_finite() || seconds < 0.0 {
        return None;
    }
    let nanoseconds = i128::from(facts.start) + i128::from((seconds * 1e9).round() as u64);
    Timestamp::from_nanosecond(nanoseconds).ok().map(|time| format!("{time:.6}"))
}

/// Langfuse adds all kinds up, and takes each unknown key of `gen_ai.usage.` for a kind: it is told which there are.
fn usage_details(tokens: &Tokens) -> String {
    let cached = tokens.cache_read.saturating_add(tokens.cache_write);
    let kinds = [
        ("input", tokens.input.saturating_sub(cached).max(0)),
        ("input_cached_tokens", tokens.cache_read),
        ("input_cache_creation", tokens.cache_write),
        ("output", tokens.output.saturating_sub(tokens.reasoning).max(0)),
        ("output_reasoning_tokens", tokens.reasoning),
    ];
    let is_told = |(kind, tokens): &(&str, i64)| *tokens != 0 || matches!(*kind, "input" | "output");
    let kinds = kinds.into_iter().filter(is_told).map(|(kind, tokens)| (kind.to_owned(), tokens.into()));
    Json::Object(kinds.collect()).to_string()
}
