//! Tokens of one model call.

/// Tokens of one model call, by the arithmetic of the
/// [GenAI conventions](https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-spans/): the parts are inside the wholes.
///
/// Providers count differently: Anthropic reports cached input beside the input, Gemini thoughts beside the output.
/// Whoever fills a `Usage` by hand adds such parts to [`input`](Self::input) and [`output`](Self::output).
///
/// ```
/// use throughline::llm::Usage;
///
/// // A reply of Anthropic: 20 tokens of new input, 800 read from the cache, 100 written to it.
/// let usage = Usage { input: 20 + 800 + 100, output: 55, cache_read: 800, cache_creation: 100, ..Usage::default() };
/// assert_eq!(usage.total(), 975);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Usage {
    /// Tokens of the input, those of the cache included.
    pub input: u64,
    /// Tokens of the output, reasoning included.
    pub output: u64,
    /// The part of the input that was read from the provider's cache.
    pub cache_read: u64,
    /// The part of the input that was written to the provider's cache.
    pub cache_creation: u64,
    /// The part of the output that the model spent on reasoning.
    pub reasoning: u64,
}

impl Usage {
    /// Input and output.
    pub const fn total(&self) -> u64 {
        self.input.saturating_add(self.output)
    }

    /// Two calls together.
    pub(crate) const fn plus(self, other: Self) -> Self {
        Self {
            input: self.input.saturating_add(other.input),
            output: self.output.saturating_add(other.output),
            cache_read: self.cache_read.saturating_add(other.cache_read),
            cache_creation: self.cache_creation.saturating_add(other.cache_creation),
            reasoning: self.reasoning.saturating_add(other.reasoning),
        }
    }

    /// What is left without `other`.
    pub(crate) const fn minus(self, other: Self) -> Self {
        Self {
            input: self.input.saturating_sub(other.input),
            output: self.output.saturating_sub(other.output),
            cache_read: self.cache_read.saturating_sub(other.cache_read),
            cache_creation: self.cache_creation.saturating_sub(other.cache_creation),
            reasoning: self.reasoning.saturating_sub(other.reasoning),
        }
    }
}
