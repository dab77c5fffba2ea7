//! Responses as the client crate async-openai types them, as far as they are written out.

use serde::Serialize;

/// A whole answer.
pub(super) type Completion = Response<Choice>;
/// A chunk of a stream.
pub(super) type Chunk = Response<ChoiceOfChunk>;

#[derive(Serialize)]
pub(super) struct Response<C> {
    id: String,
    choices: Vec<C>,
    created: u32,
    model: String,
    service_tier: Option<String>,
    system_fingerprint: Option<String>,
    object: String,
    usage: Option<Usage>,
}

#[derive(Serialize)]
pub(super) struct Choice {
    index: u32,
    message: Message,
    finish_reason: Option<FinishReason>,
    logprobs: Option<()>,
}

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum FinishReason {
    Stop,
}

#[derive(Serialize)]
struct Message {
    content: Option<String>,
    refusal: Option<String>,
    tool_calls: Option<Vec<String>>,
    role: &'static str,
}

#[derive(Serialize)]
struct Usage {
    prompt_tokens: u32,
    completion_tokens: u32,
    total_tokens: u32,
    prompt_tokens_details: Option<PromptDetails>,
    completion_tokens_details: Option<CompletionDetails>,
}

#[derive(Serialize)]
struct PromptDetails {
    audio_tokens: Option<u32>,
    cached_tokens: Option<u32>,
}

#[derive(Serialize)]
struct CompletionDetails {
    accepted_prediction_tokens: Option<u32>,
    audio_tokens: Option<u32>,
    reasoning_tokens: Option<u32>,
    rejected_prediction_tokens: Option<u32>,
}

#[derive(Serialize)]
pub(super) struct ChoiceOfChunk {
    index: u32,
    delta: Delta,
    finish_reason: Option<FinishReason>,
    logprobs: Option<()>,
}

#[derive(Serialize)]
struct Delta {
    content: Option<String>,
    function_call: Option<String>,
    tool_calls: Option<Vec<String>>,
    role: Option<&'static str>,
    refusal: Option<String>,
}

/// An answer of 2 KB.
pub(super) fn completion() -> Completion {
    let message = Message {
        content: Some("Forty-two. ".repeat(150)),
        refusal: None,
        tool_calls: None,
        role: "assistant",
    };
    let choice = Choice { index: 0, message, finish_reason: Some(FinishReason::Stop), logprobs: None };
    response("chat.completion", choice, Some(usage()))
}

/// A chunk from the middle of a stream.
pub(super) fn chunk() -> Chunk {
    let delta = Delta {
        content: Some(" two".to_owned()),
        function_call: None,
        tool_calls: None,
        role: Some("assistant"),
        refusal: None,
    };
    let choice = ChoiceOfChunk { index: 0, delta, finish_reason: None, logprobs: None };
    response("chat.completion.chunk", choice, None)
}

fn response<C>(object: &str, choice: C, usage: Option<Usage>) -> Response<C> {
    Response {
        id: "chatcmpl-CLfj3gYyoa1w8gvVo7J9wDcyLc2mR".to_owned(),
        choices: vec![choice],
        created: 1_760_000_000,
        model: "gpt-4o-mini-2024-07-18".to_owned(),
        service_tier: Some("default".to_owned()),
        system_fingerprint: Some("fp_44709d6fcb".to_owned()),
        object: object.to_owned(),
        usage,
    }
}

fn usage() -> Usage {
    Usage {
        prompt_tokens: 1000,
        completion_tokens: 500,
        total_tokens: 1500,
        prompt_tokens_details: Some(PromptDetails { audio_tokens: Some(0), cached_tokens: Some(200) }),
        completion_tokens_details: Some(CompletionDetails {
            accepted_prediction_tokens: Some(0),
            audio_tokens: Some(0),
            reasoning_tokens: Some(64),
            rejected_prediction_tokens: Some(0),
        }),
    }
}
