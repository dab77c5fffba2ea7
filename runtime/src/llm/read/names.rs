//! The names of fields, and where they lead to.
//!
//! All known shapes share one table, because their field names hardly collide: OpenAI's chat and responses, Anthropic,
//! Gemini, Bedrock, Ollama, and the client crates genai and rig. What it does not name is not even serialized.

use super::place::{Leaf, Node, Place};
use crate::llm::counts::Count;

/// Fields of the same meaning: in which nodes, by which names, and where they lead to.
pub(super) struct Fields {
    pub(super) of: &'static [Node],
    pub(super) names: &'static [&'static str],
    pub(super) to: Place,
}

const RESPONSE: &[Node] = &[Node::Root, Node::Raw];
const ITEM: &[Node] = &[Node::Item, Node::Call];
/// A usage report may be recorded by itself, not inside a response.
const USAGE: &[Node] = &[Node::Root, Node::Usage];
const MODALITIES: &[Node] = &[Node::InputModalities, Node::OutputModalities, Node::CacheModalities];

const fn fields(of: &'static [Node], names: &'static [&'static str], to: Place) -> Fields {
    Fields { of, names, to }
}

const fn node(of: &'static [Node], names: &'static [&'static str], to: Node) -> Fields {
    fields(of, names, Place::Node(to))
}

const fn leaf(of: &'static [Node], names: &'static [&'static str], to: Leaf) -> Fields {
    fields(of, names, Place::Leaf(to))
}

const fn count(of: &'static [Node], names: &'static [&'static str], to: Count) -> Fields {
    leaf(of, names, Leaf::Count(to))
}

pub(super) const FIELDS: &[Fields] = &[
    // A response, a chunk, an event.
    leaf(RESPONSE, &["id", "responseId", "response_id", "captured_response_id"], Leaf::Id),
    leaf(RESPONSE, &["model", "modelVersion", "model_version"], Leaf::Model),
    node(RESPONSE, &["model_iden", "provider_model_iden", "origin"], Node::Origin),
    leaf(&[Node::Origin], &["model_name", "response_model"], Leaf::Model),
    leaf(&[Node::Origin], &["response_id"], Leaf::Id),
    leaf(RESPONSE, &["service_tier", "serviceTier"], Leaf::ServiceTier),
    leaf(RESPONSE, &["status"], Leaf::Status),
    node(RESPONSE, &["incomplete_details"], Node::Incomplete),
    leaf(&[Node::Incomplete], &["reason"], Leaf::FinishReason),
    node(RESPONSE, &["error"], Node::Error),
    leaf(&[Node::Error], &["type", "code", "status"], Leaf::ErrorType),
    leaf(
        RESPONSE,
        &["stop_reason", "stopReason", "done_reason", "captured_stop_reason", "finish_reason"],
        Leaf::FinishReason,
    ),
    node(RESPONSE, &["message", "delta", "response", "final_data", "chunk"], Node::Root),
    node(RESPONSE, &["raw_response"], Node::Raw),
    // What the model says.
    node(RESPONSE, &["choices", "candidates"], Node::Choices),
    leaf(&[Node::Choices], &["finish_reason", "finishReason"], Leaf::FinishReason),
    node(&[Node::Choices], &["message"], Node::Message),
    node(&[Node::Choices], &["delta"], Node::Delta),
    node(&[Node::Choices], &["content"], Node::Items),
    node(RESPONSE, &["content", "output", "choice", "captured_content"], Node::Items),
    node(&[Node::Items], &["parts", "message", "content", "items"], Node::Items),
    node(RESPONSE, &["item", "content_block"], Node::Item),
    leaf(&[Node::Root], &["type"], Leaf::EventType),
    leaf(
        &[Node::Root],
        &["text", "thinking", "reasoning", "reasoning_content", "partial_json"],
        Leaf::Content,
    ),
    leaf(&[Node::Delta], &["content", "reasoning", "reasoning_content"], Leaf::Content),
    leaf(&[Node::Choices], &["text"], Leaf::Content),
    leaf(&[Node::Items, Node::Item], &["text", "thinking"], Leaf::Content),
    // The tools it asks for.
    node(&[Node::Root, Node::Raw, Node::Message, Node::Delta], &["tool_calls"], Node::Calls),
    node(RESPONSE, &["tool_call"], Node::Call),
    node(&[Node::Message, Node::Delta], &["function_call"], Node::Call),
    node(ITEM, &["function", "functionCall", "function_call", "toolUse", "tool_call", "custom"], Node::Call),
    leaf(ITEM, &["type"], Leaf::ItemType),
    leaf(ITEM, &["id"], Leaf::ItemId),
    leaf(ITEM, &["call_id", "toolUseId", "tool_use_id"], Leaf::CallId),
    leaf(ITEM, &["name", "fn_name"], Leaf::ItemName),
    leaf(&[Node::Call], &["arguments"], Leaf::Content),
    // What it used.
    node(&[Node::Root], &["usage", "usageMetadata", "usage_metadata", "captured_usage"], Node::Usage),
    // Moonshot says it in the last choice of a stream, Groq beside it.
    node(&[Node::Choices, Node::Meta], &["usage"], Node::Usage),
    node(&[Node::Root], &["meta", "x_groq"], Node::Meta),
    // Cohere's counts are one level deeper, beside those it does not bill.
    node(&[Node::Usage, Node::Meta], &["billed_units"], Node::Billed),
    count(&[Node::Billed], &["input_tokens"], Count::Billed),
    count(&[Node::Billed], &["output_tokens"], Count::Output),
    count(&[Node::Root], &["prompt_eval_count"], Count::Prompt),
    count(&[Node::Root], &["eval_count"], Count::Output),
    count(USAGE, &["prompt_tokens", "promptTokenCount", "prompt_token_count"], Count::Prompt),
    count(USAGE, &["input_tokens", "inputTokens"], Count::Input),
    count(
        USAGE,
        &[
            "completion_tokens",
            "output_tokens",
            "outputTokens",
            "candidatesTokenCount",
            "candidates_token_count",
        ],
        Count::Output,
    ),
    count(USAGE, &["total_tokens", "totalTokens", "totalTokenCount", "total_token_count"], Count::Total),
    count(USAGE, &["cache_read_input_tokens", "cacheReadInputTokens"], Count::ReadApart),
    count(
        USAGE,
        &["cache_creation_input_tokens", "cache_write_input_tokens", "cacheWriteInputTokens"],
        Count::CreationApart,
    ),
    count(
        USAGE,
        &[
            "cached_input_tokens",
            "cached_tokens",
            "prompt_cache_hit_tokens",
            "cachedContentTokenCount",
            "cached_content_token_count",
        ],
        Count::CachedWithin,
    ),
    count(USAGE, &["reasoning_tokens"], Count::Reasoning),
    count(USAGE, &["thoughtsTokenCount", "thoughts_token_count"], Count::Thoughts),
    count(USAGE, &["toolUsePromptTokenCount", "tool_use_prompt_token_count"], Count::ToolUse),
    node(USAGE, &["prompt_tokens_details", "input_tokens_details"], Node::InputDetails),
    count(&[Node::InputDetails], &["cached_tokens"], Count::CachedWithin),
    count(&[Node::InputDetails], &["cache_creation_tokens", "cache_write_tokens"], Count::CreationWithin),
    node(USAGE, &["cache_creation"], Node::CacheCreation),
    count(&[Node::CacheCreation], &["ephemeral_1h_input_tokens"], Count::CreationForAnHour),
    node(USAGE, &["completion_tokens_details", "output_tokens_details"], Node::OutputDetails),
    count(&[Node::OutputDetails], &["reasoning_tokens", "thinking_tokens"], Count::Reasoning),
    count(&[Node::InputDetails], &["audio_tokens"], Count::InputAudio),
    count(&[Node::OutputDetails], &["audio_tokens"], Count::OutputAudio),
    // Gemini's counts by what they are counts of.
    node(USAGE, &["promptTokensDetails"], Node::InputModalities),
    node(USAGE, &["candidatesTokensDetails"], Node::OutputModalities),
    node(USAGE, &["cacheTokensDetails"], Node::CacheModalities),
    leaf(MODALITIES, &["modality"], Leaf::Modality),
    leaf(&[Node::InputModalities], &["tokenCount"], Leaf::AudioCount(Count::InputAudio)),
    leaf(&[Node::OutputModalities], &["tokenCount"], Leaf::AudioCount(Count::OutputAudio)),
    leaf(&[Node::CacheModalities], &["tokenCount"], Leaf::AudioCount(Count::CachedAudio)),
    node(USAGE, &["server_tool_use"], Node::ServerTools),
    count(&[Node::ServerTools], &["web_search_requests"], Count::WebSearches),
    count(USAGE, &["num_search_queries"], Count::WebSearches),
    // What it cost.
    leaf(&[Node::Usage], &["service_tier"], Leaf::BilledTier),
    leaf(&[Node::Usage], &["cost"], Leaf::Cost),
    leaf(&[Node::Usage], &["cost_in_usd_ticks"], Leaf::CostTicks),
];
