//! Where in a response the walk is, and where a field leads to.
//!
//! All known shapes share one map, because their field names hardly collide: OpenAI's chat and responses, Anthropic,
//! Gemini, Bedrock, Ollama, and the client crates genai and rig. What it does not name is not even serialized.

use crate::llm::counts::Count;

/// Where in a response the walk is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// Nothing of interest below.
    Ignore,
    /// A response, a chunk, an event of a stream, or a message that has the response's fields.
    Root,
    /// A response that a client crate keeps beside its own reading of it: the usage would count twice.
    Raw,
    /// The choices of OpenAI, the candidates of Gemini.
    Choices,
    /// A choice's message or delta.
    Message,
    /// Parts of a message, items of an output, or what wraps such a list.
    Items,
    /// One of them, of a kind that its `type` tells.
    Item,
    /// A list of tool calls.
    Calls,
    /// A tool call.
    Call,
    /// A usage report.
    Usage,
    /// The input's details in it.
    InputDetails,
    /// The output's details in it.
    OutputDetails,
    /// What went wrong.
    Error,
    /// genai's pair of adapter and model name.
    ModelIden,
    /// Why a response of OpenAI is incomplete.
    Incomplete,
    /// A text or number of interest.
    Leaf(Leaf),
}

/// A text or number of interest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Leaf {
    Id,
    Model,
    ServiceTier,
    FinishReason,
    Status,
    ErrorType,
    ItemType,
    ItemId,
    /// The ID that the result of the call refers to, which wins over the item's own.
    CallId,
    ItemName,
    Count(Count),
    Cost,
    /// xAI's cost: ten billion ticks are a US dollar.
    CostTicks,
}

/// How serde_json hides a number of arbitrary precision from other serializers.
const BIG_NUMBER: &str = "$serde_json::private::Number";

impl Place {
    pub(super) const fn is_item(self) -> bool {
        matches!(self, Self::Item | Self::Call)
    }

    /// Where the field `key` leads to.
    pub(super) fn field(self, key: &str) -> Self {
        match self {
            Self::Root => root(key),
            Self::Raw => match root(key) {
                Self::Usage | Self::Leaf(Leaf::Count(_)) | Self::InputDetails | Self::OutputDetails => {
                    Self::Ignore
                }
                other => other,
            },
            Self::Choices => choice(key),
            Self::Message => message(key),
            Self::Items => items(key),
            Self::Item | Self::Call => item(key),
            Self::Usage => usage(key),
            Self::InputDetails => input_details(key),
            Self::OutputDetails if key == "reasoning_tokens" || key == "thinking_tokens" => {
                count(Count::Reasoning)
            }
            Self::Error if matches!(key, "type" | "code" | "status") => Self::Leaf(Leaf::ErrorType),
            Self::ModelIden if key == "model_name" => Self::Leaf(Leaf::Model),
            Self::Incomplete if key == "reason" => Self::Leaf(Leaf::FinishReason),
            Self::Leaf(Leaf::Cost) if matches!(key, "total_cost" | "total") => self,
            Self::Leaf(_) if key == BIG_NUMBER => self,
            _ => Self::Ignore,
        }
    }

    /// Where the elements of a list lead to.
    pub(super) const fn element(self) -> Self {
        match self {
            Self::Items => Self::Item,
            Self::Calls => Self::Call,
            other => other,
        }
    }

    /// Where the content of an enum's variant leads to. Events of a stream and alternatives of a response are as good
    /// as what they hold; a part says by it whether it is a tool call.
    pub(super) fn variant(self, name: &str) -> Self {
        match self {
            Self::Item if is_tool_call(name) => Self::Call,
            Self::Item => Self::Ignore,
            other => other,
        }
    }
}

/// Whether an item of this type is a tool call for us to answer; what a provider calls on its own side is not.
pub(super) fn is_tool_call(kind: &str) -> bool {
    matches!(
        kind,
        "function_call"
            | "tool_use"
            | "tool_call"
            | "custom_tool_call"
            | "function"
            | "custom"
            | "toolcall"
            | "ToolCall"
            | "ToolUse"
            | "FunctionCall"
            | "functionCall"
            | "toolUse"
    )
}

// Names are matched as bytes: the compiler makes a tree of these, and a chain of comparisons of text.

const fn count(count: Count) -> Place {
    Place::Leaf(Leaf::Count(count))
}

fn root(key: &str) -> Place {
    match key.as_bytes() {
        b"id" | b"responseId" | b"response_id" | b"captured_response_id" => Place::Leaf(Leaf::Id),
        b"model" | b"modelVersion" | b"model_version" => Place::Leaf(Leaf::Model),
        b"model_iden" | b"provider_model_iden" => Place::ModelIden,
        b"service_tier" | b"serviceTier" => Place::Leaf(Leaf::ServiceTier),
        b"status" => Place::Leaf(Leaf::Status),
        b"incomplete_details" => Place::Incomplete,
        b"error" => Place::Error,
        b"stop_reason" | b"stopReason" | b"done_reason" | b"captured_stop_reason" | b"finish_reason" => {
            Place::Leaf(Leaf::FinishReason)
        }
        b"choices" | b"candidates" => Place::Choices,
        b"message" | b"delta" | b"response" | b"final_data" | b"chunk" => Place::Root,
        b"raw_response" => Place::Raw,
        b"content" | b"output" | b"choice" | b"captured_content" => Place::Items,
        b"item" | b"content_block" => Place::Item,
        b"tool_calls" => Place::Calls,
        b"tool_call" => Place::Call,
        b"usage" | b"usageMetadata" | b"usage_metadata" | b"captured_usage" => Place::Usage,
        b"prompt_eval_count" => count(Count::Prompt),
        b"eval_count" => count(Count::Output),
        // A usage report that is recorded by itself, not inside a response.
        _ => match usage(key) {
            inside @ (Place::Leaf(Leaf::Count(_)) | Place::InputDetails | Place::OutputDetails) => inside,
            _ => Place::Ignore,
        },
    }
}

fn choice(key: &str) -> Place {
    match key.as_bytes() {
        b"finish_reason" | b"finishReason" => Place::Leaf(Leaf::FinishReason),
        b"message" | b"delta" => Place::Message,
        b"content" => Place::Items,
        _ => Place::Ignore,
    }
}

fn message(key: &str) -> Place {
    match key.as_bytes() {
        b"tool_calls" => Place::Calls,
        b"function_call" => Place::Call,
        _ => Place::Ignore,
    }
}

fn items(key: &str) -> Place {
    match key.as_bytes() {
        b"parts" | b"message" | b"content" | b"items" => Place::Items,
        _ => Place::Ignore,
    }
}

fn item(key: &str) -> Place {
    match key.as_bytes() {
        b"type" => Place::Leaf(Leaf::ItemType),
        b"id" => Place::Leaf(Leaf::ItemId),
        b"call_id" | b"toolUseId" | b"tool_use_id" => Place::Leaf(Leaf::CallId),
        b"name" | b"fn_name" => Place::Leaf(Leaf::ItemName),
        b"function" | b"functionCall" | b"function_call" | b"toolUse" | b"tool_call" | b"custom" => {
            Place::Call
        }
        _ => Place::Ignore,
    }
}

fn usage(key: &str) -> Place {
    match key.as_bytes() {
        b"prompt_tokens" | b"promptTokenCount" | b"prompt_token_count" => count(Count::Prompt),
        b"input_tokens" | b"inputTokens" => count(Count::Input),
        b"completion_tokens"
        | b"output_tokens"
        | b"outputTokens"
        | b"candidatesTokenCount"
        | b"candidates_token_count" => count(Count::Output),
        b"total_tokens" | b"totalTokens" | b"totalTokenCount" | b"total_token_count" => count(Count::Total),
        b"prompt_tokens_details" | b"input_tokens_details" => Place::InputDetails,
        b"completion_tokens_details" | b"output_tokens_details" => Place::OutputDetails,
        b"cache_read_input_tokens" | b"cacheReadInputTokens" => count(Count::ReadApart),
        b"cache_creation_input_tokens" | b"cache_write_input_tokens" | b"cacheWriteInputTokens" => {
            count(Count::CreationApart)
        }
        b"cached_input_tokens"
        | b"cached_tokens"
        | b"prompt_cache_hit_tokens"
        | b"cachedContentTokenCount"
        | b"cached_content_token_count" => count(Count::CachedWithin),
        b"reasoning_tokens" => count(Count::Reasoning),
        b"thoughtsTokenCount" | b"thoughts_token_count" => count(Count::Thoughts),
        b"toolUsePromptTokenCount" | b"tool_use_prompt_token_count" => count(Count::ToolUse),
        b"cost" => Place::Leaf(Leaf::Cost),
        b"cost_in_usd_ticks" => Place::Leaf(Leaf::CostTicks),
        // Cohere's counts are one level deeper, beside those it bills.
        b"tokens" => Place::Usage,
        _ => Place::Ignore,
    }
}

fn input_details(key: &str) -> Place {
    match key.as_bytes() {
        b"cached_tokens" => count(Count::CachedWithin),
        b"cache_creation_tokens" | b"cache_write_tokens" => count(Count::CreationWithin),
        _ => Place::Ignore,
    }
}
