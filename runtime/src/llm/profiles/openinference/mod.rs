//! The keys of OpenInference.

mod content;
mod lists;
mod parameters;
mod provider;

use super::additions::Additions;
use super::step::Step;
use crate::semconv::{self, openinference as key};
use crate::span::ValueView;

pub(super) fn translate(step: Step, additions: &mut Additions<'_>) {
    let facts = additions.facts;
    additions.add(key::SPAN_KIND, span_kind(step));
    additions.add(key::SESSION_ID, facts.session());
    match step {
        Step::Generation => generation(additions),
        Step::Embedding => embedding(additions),
        Step::Retrieval => retrieval(additions),
        Step::Rerank => rerank(additions),
        Step::Tool => tool(additions),
        Step::Agent => {
            additions.add(key::AGENT_NAME, facts.text(semconv::GEN_AI_AGENT_NAME));
            content::messages(additions);
        }
        Step::Chain => content::messages(additions),
    }
    usage(additions);
}

fn span_kind(step: Step) -> &'static str {
    match step {
        Step::Generation => "LLM",
        Step::Embedding => "EMBEDDING",
        Step::Retrieval => "RETRIEVER",
        Step::Rerank => "RERANKER",
        Step::Tool => "TOOL",
        Step::Agent => "AGENT",
        Step::Chain => "CHAIN",
    }
}

fn generation(additions: &mut Additions<'_>) {
    let facts = additions.facts;
    if let Some(name) = facts.text(semconv::GEN_AI_PROVIDER_NAME) {
        let (host, system) = provider::names(name);
        additions.add(key::LLM_PROVIDER, host);
        additions.add(key::LLM_SYSTEM, system);
    }
    additions.add(key::LLM_MODEL_NAME, facts.model());
    additions.add(key::LLM_INVOCATION_PARAMETERS, parameters::json(facts));
    if let Some(ValueView::Array(mut reasons)) = facts.get(semconv::GEN_AI_RESPONSE_FINISH_REASONS)
        && let Some(ValueView::Str(reason)) = reasons.next()
    {
        additions.add(key::LLM_FINISH_REASON, reason);
    }
    content::messages(additions);
    lists::tools(additions);
    lists::messages(additions);
}

fn embedding(additions: &mut Additions<'_>) {
    let facts = additions.facts;
    additions.add(key::EMBEDDING_MODEL_NAME, facts.model());
    additions.add(key::EMBEDDING_INVOCATION_PARAMETERS, parameters::json(facts));
    content::messages(additions);
}

fn retrieval(additions: &mut Additions<'_>) {
    content::input(additions, additions.facts.text(semconv::GEN_AI_RETRIEVAL_QUERY_TEXT));
    content::output(additions, additions.facts.text(semconv::GEN_AI_RETRIEVAL_DOCUMENTS));
    lists::documents(additions, key::RETRIEVAL_DOCUMENTS);
}

fn rerank(additions: &mut Additions<'_>) {
    let facts = additions.facts;
    let query = facts.text(semconv::GEN_AI_RETRIEVAL_QUERY_TEXT);
    additions.add(key::RERANKER_MODEL_NAME, facts.model());
    additions.add(key::RERANKER_QUERY, query);
    additions.add(key::RERANKER_TOP_K, facts.int(semconv::RERANK_TOP_K));
    content::input(additions, query);
    content::output(additions, facts.text(semconv::GEN_AI_RETRIEVAL_DOCUMENTS));
    lists::documents(additions, key::RERANKER_OUTPUT_DOCUMENTS);
}

fn tool(additions: &mut Additions<'_>) {
    let facts = additions.facts;
    let arguments = facts.text(semconv::GEN_AI_TOOL_CALL_ARGUMENTS);
    additions.add(key::TOOL_NAME, facts.text(semconv::GEN_AI_TOOL_NAME));
    additions.add(key::TOOL_DESCRIPTION, facts.text(semconv::GEN_AI_TOOL_DESCRIPTION));
    additions.add(key::TOOL_ID, facts.text(semconv::GEN_AI_TOOL_CALL_ID));
    additions.add(key::TOOL_PARAMETERS, arguments);
    content::input(additions, arguments);
    content::output(additions, facts.text(semconv::GEN_AI_TOOL_CALL_RESULT));
}

fn usage(additions: &mut Additions<'_>) {
    let facts = additions.facts;
    if let Some(tokens) = facts.tokens() {
        let part = |tokens: i64| (tokens > 0).then_some(tokens);
        additions.add(key::LLM_TOKEN_COUNT_PROMPT, tokens.input);
        // An embedding has no answer that could be counted.
        additions.add(key::LLM_TOKEN_COUNT_COMPLETION, facts.int(semconv::GEN_AI_USAGE_OUTPUT_TOKENS));
        additions.add(key::LLM_TOKEN_COUNT_TOTAL, tokens.input.saturating_add(tokens.output));
        additions.add(key::LLM_TOKEN_COUNT_CACHE_READ, part(tokens.cache_read));
        additions.add(key::LLM_TOKEN_COUNT_CACHE_WRITE, part(tokens.cache_write));
        additions.add(key::LLM_TOKEN_COUNT_REASONING, part(tokens.reasoning));
    }
    additions.add(key::LLM_COST_TOTAL, facts.cost());
}
