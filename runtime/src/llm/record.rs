//! Recording responses and chunks in the body of a function.

use crate::context::current;
use crate::llm::calls;
use crate::llm::moment::Moment;
use crate::llm::observed::fill;
use crate::llm::response::Readable;
use crate::llm::response::sealed::Seen;

/// Records what `response` says on the current span: response ID and model, finish reasons, tool calls, tokens, and their
/// cost. For functions that consume the response themselves; from what an `#[llm_span]` function returns it is read
/// without this.
///
/// Takes any `serde::Serialize` value in the shape of OpenAI's chat completions or responses, Anthropic, Gemini, Bedrock,
/// Ollama, or the client crates genai and rig; or an [`LlmResponse`](crate::llm::LlmResponse). Nothing is serialized: known
/// fields are picked and the rest is not looked at. What the model says is recorded on request only, see
/// [`Content`](crate::llm::Content).
///
/// Two different responses in one span add up; those that have no ID, such as embeddings, are different each time. Where
/// nothing is recorded this does nothing.
///
/// ```
/// # #[derive(serde::Serialize)] struct Usage { prompt_tokens: u32, completion_tokens: u32 }
/// # #[derive(serde::Serialize)] struct Response { model: &'static str, usage: Usage }
/// # fn ask() -> Response { Response { model: "gpt-4o", usage: Usage { prompt_tokens: 9, completion_tokens: 2 } } }
/// let response = ask();
/// throughline::llm::record(&response);
/// ```
pub fn record<T: Readable<How> + ?Sized, How>(response: &T) {
    let key = current::get();
    if !key.is_recording() {
        return;
    }
    let mut seen = Seen::default();
    response.observe_into(&mut seen);
    let call = calls::of_span(&key);
    calls::lock(&call).recorded(seen.0);
}

/// Records one chunk of a stream on the current span: what chunks say adds up to what [`record`] writes, and the clock
/// gives time to first chunk, number of chunks and output tokens a second.
///
/// In an `#[llm_span]` function the sum is written when the function ends, however it ends; in any other span when a
/// chunk says why the model finished or what it used.
///
/// OpenAI reports the usage of a stream only when `stream_options.include_usage` asks for it, in a last chunk without
/// choices: read the stream to its end.
///
/// ```
/// # let chunks = [throughline::llm::Usage::default()];
/// for chunk in &chunks {
///     throughline::llm::record_chunk(chunk);
/// }
/// ```
pub fn record_chunk<T: Readable<How> + ?Sized, How>(chunk: &T) {
    let key = current::get();
    if !key.is_recording() {
        return;
    }
    let mut seen = Seen::default();
    chunk.observe_into(&mut seen);
    let call = calls::of_span(&key);
    let now = Moment::now(&key);
    let mut call = calls::lock(&call);
    call.count_read_inside();
    call.chunk(&seen.0, now);
}

/// Says in which tier the provider bills what is recorded on the current span, where the response does not say it or says
/// something else: `batch` for what came through a provider's batch interface, `flex` or `priority` of Gemini, whose
/// responses tell it in a header only. To be called before the response is recorded or returned.
///
/// ```
/// # let line = throughline::llm::Usage::default();
/// throughline::llm::service_tier("batch");
/// throughline::llm::record(&line); // priced at half
/// ```
pub fn service_tier(tier: &str) {
    let key = current::get();
    if key.is_recording() {
        let call = calls::of_span(&key);
        fill(&mut calls::lock(&call).tier, tier);
    }
}
