//! Usage of calls whose provider does not report it.

use crate::context::current;
use crate::llm::{Usage, calls};

/// What providers say of English text: a token is about four characters. Of scripts whose characters take three bytes, a
/// token is one or two, so that bytes are the better measure.
const BYTES_PER_TOKEN: u64 = 4;

/// Asks for an estimate of what the current call uses, for when the provider does not report it: a stream that OpenAI was
/// not asked to report on, one that is dropped before its last chunk, a server that never counts.
///
/// `usage` is yours: the input by a tokenizer, or a token for four bytes of the prompt. Where its `output` is 0, the
/// output is taken to be a token for four bytes of what the model said in the stream: text, reasoning, arguments of tool
/// calls.
///
/// What is estimated is written where reported usage would be, its cost too, and marked: the span has
/// `throughline.llm.usage.estimated`, and the local root says in `throughline.llm.total.estimated_calls` how many of its
/// calls it is true of. Usage that is reported wins, and a call without an answer used nothing. Without this function
/// nothing is estimated.
///
/// ```
/// use futures_core::Stream;
/// use throughline::llm::{self, Usage};
///
/// #[throughline::llm_span(provider = "local", model = "llama-3")]
/// fn answer<S: Stream<Item = String>>(prompt: &str, ask: fn(&str) -> S) -> impl Stream<Item = String> + use<S> {
///     llm::estimate(Usage { input: prompt.len() as u64 / 4, ..Usage::default() });
///     ask(prompt)
/// }
/// ```
pub fn estimate(usage: Usage) {
    let key = current::get();
    if key.is_recording() {
        let call = calls::of_span(&key);
        calls::lock(&call).estimate(usage);
    }
}

/// About how many tokens a text of that many bytes is.
pub(super) const fn tokens(bytes: u64) -> u64 {
    bytes.div_ceil(BYTES_PER_TOKEN)
}
