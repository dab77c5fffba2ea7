//! Token counts as providers report them, and what they add up to.

use crate::llm::Usage;

/// One number of a usage report. The names say what the provider means by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Count {
    /// Input of a provider that may report its cache apart from it: OpenAI's responses, Anthropic, Bedrock, rig.
    Input,
    /// Input that includes the cache: OpenAI's chat, Gemini, Ollama, genai.
    Prompt,
    /// Output.
    Output,
    /// Read from the cache, inside the input.
    CachedWithin,
    /// Read from the cache, in Anthropic's words: beside the input.
    ReadApart,
    /// Written to the cache, inside the input.
    CreationWithin,
    /// Written to the cache, in Anthropic's words: beside the input.
    CreationApart,
    /// Written to a cache that keeps it for an hour, inside what is written: it costs more.
    CreationForAnHour,
    /// Audio, inside the input.
    InputAudio,
    /// Audio, inside the output.
    OutputAudio,
    /// Audio, inside what was read from the cache.
    CachedAudio,
    /// Searches of the web that the provider ran: no tokens, but billed.
    WebSearches,
    /// Reasoning, inside the output unless the total says otherwise (xAI).
    Reasoning,
    /// Gemini's thoughts, beside the output.
    Thoughts,
    /// Gemini's input from the results of its own tools, beside the input.
    ToolUse,
    /// Input as it is billed, where that is less than what the model read.
    Billed,
    /// Everything.
    Total,
}

const COUNTS: usize = Count::Total as usize + 1;

/// What is billed apart from the tokens of a [`Usage`], or at another price than they.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Extras {
    /// The part of what was written to the cache that is kept for an hour.
    pub(crate) cache_creation_for_an_hour: u64,
    /// The part of the input that is audio.
    pub(crate) input_audio: u64,
    /// The part of the output that is audio.
    pub(crate) output_audio: u64,
    /// The part of what was read from the cache that is audio.
    pub(crate) cached_audio: u64,
    pub(crate) web_searches: u64,
}

/// The numbers of one usage report, or of several about one stream: those only grow, so the largest counts.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Counts {
    seen: u32,
    values: [u64; COUNTS],
}

impl Counts {
    #[inline]
    pub(crate) fn record(&mut self, count: Count, value: u64) {
        self.seen |= 1 << count as u32;
        let slot = &mut self.values[count as usize];
        *slot = value.max(*slot);
    }

    #[inline]
    pub(crate) fn is_empty(&self) -> bool {
        self.seen == 0
    }

    /// Takes over what a later chunk of the same stream reports.
    pub(crate) fn merge(&mut self, later: &Self) {
        self.seen |= later.seen;
        for (value, later) in self.values.iter_mut().zip(later.values) {
            *value = later.max(*value);
        }
    }

    /// What the numbers mean; `None` without a number of input or output.
    pub(crate) fn usage(&self) -> Option<Usage> {
        if self.has(Count::Billed) {
            // What was cached is a part of what the model read.
            let (input, output) = (self.get(Count::Billed), self.get(Count::Output));
            return Some(Usage { input, output, ..Usage::default() });
        }
        if !(self.has(Count::Input) || self.has(Count::Prompt) || self.has(Count::Output)) {
            return None;
        }
        let cache_read = self.get(Count::CachedWithin).max(self.get(Count::ReadApart));
        let cache_creation = self.get(Count::CreationWithin).max(self.get(Count::CreationApart));
        let input = self.input(cache_read.saturating_add(cache_creation));
        let output = self.output(input);
        let reasoning = self.get(Count::Reasoning).max(self.get(Count::Thoughts));
        Some(Usage { input, output, cache_read, cache_creation, reasoning })
    }

    /// What is billed apart.
    pub(crate) fn extras(&self) -> Extras {
        Extras {
            cache_creation_for_an_hour: self.get(Count::CreationForAnHour),
            input_audio: self.get(Count::InputAudio),
            output_audio: self.get(Count::OutputAudio),
            cached_audio: self.get(Count::CachedAudio),
            web_searches: self.get(Count::WebSearches),
        }
    }

    /// Whether the output was reported: embeddings have none.
    pub(crate) fn has_output(&self) -> bool {
        self.has(Count::Output)
    }

    fn has(&self, count: Count) -> bool {
        self.seen & 1 << count as u32 != 0
    }

    fn get(&self, count: Count) -> u64 {
        self.values[count as usize]
    }

    fn input(&self, cached: u64) -> u64 {
        let reported = self.get(Count::Input).max(self.get(Count::Prompt));
        let cached = if self.cache_is_apart(reported, cached) { cached } else { 0 };
        reported.saturating_add(cached).saturating_add(self.get(Count::ToolUse))
    }

    /// Whether the cached tokens are beside the reported input. The total decides where there is one, because
    /// proxies mix the words of providers; else the words do.
    fn cache_is_apart(&self, reported: u64, cached: u64) -> bool {
        if cached == 0 || cached > reported {
            return cached != 0;
        }
        let together = reported.saturating_add(self.get(Count::Output));
        if self.has(Count::Total) && self.get(Count::Total) == together {
            return false;
        }
        if self.has(Count::Total) && self.get(Count::Total) == together.saturating_add(cached) {
            return true;
        }
        let anthropic = self.has(Count::ReadApart) || self.has(Count::CreationApart);
        anthropic && !self.has(Count::Prompt) && !self.has(Count::CachedWithin)
    }

    fn output(&self, input: u64) -> u64 {
        let reported = self.get(Count::Output);
        let reasoning = self.get(Count::Reasoning);
        let together = reported.saturating_add(reasoning);
        let beside =
            reasoning > reported || reasoning > 0 && self.get(Count::Total) == input.saturating_add(together);
        let output = if beside { together } else { reported };
        output.saturating_add(self.get(Count::Thoughts))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(counts: &[(Count, u64)], input: u64, output: u64) {
        let mut all = Counts::default();
        for &(count, value) in counts {
            all.record(count, value);
        }
        let usage = all.usage().map(|usage| (usage.input, usage.output));
        assert_eq!(usage, Some((input, output)));
    }

    #[test]
    fn cached_tokens_of_openai_are_inside_the_input() {
        check(&[(Count::Prompt, 1000), (Count::CachedWithin, 200), (Count::Output, 500)], 1000, 500);
        check(&[(Count::Input, 1000), (Count::CachedWithin, 200), (Count::Output, 500)], 1000, 500);
    }

    #[test]
    fn cached_tokens_of_anthropic_are_beside_the_input() {
        let counts =
            [(Count::Input, 20), (Count::ReadApart, 8), (Count::CreationApart, 2), (Count::Output, 5)];
        check(&counts, 30, 5);
    }

    #[test]
    fn a_total_decides_where_the_words_mislead() {
        let proxy = [(Count::Input, 20), (Count::ReadApart, 8), (Count::Output, 5), (Count::Total, 25)];
        check(&proxy, 20, 5);
        let bedrock =
            [(Count::Input, 20), (Count::CreationWithin, 8), (Count::Output, 5), (Count::Total, 33)];
        check(&bedrock, 28, 5);
    }

    #[test]
    fn more_cached_than_reported_can_only_be_beside() {
        check(&[(Count::Input, 20), (Count::CachedWithin, 800), (Count::Output, 5)], 820, 5);
    }

    #[test]
    fn thoughts_and_tool_prompts_of_gemini_are_added() {
        let counts = [
            (Count::Prompt, 10),
            (Count::ToolUse, 4),
            (Count::Output, 20),
            (Count::Thoughts, 7),
            (Count::Total, 41),
        ];
        check(&counts, 14, 27);
    }

    #[test]
    fn reasoning_is_inside_the_output_unless_the_total_says_otherwise() {
        check(
            &[(Count::Prompt, 10), (Count::Output, 20), (Count::Reasoning, 15), (Count::Total, 30)],
            10,
            20,
        );
        check(
            &[(Count::Prompt, 10), (Count::Output, 20), (Count::Reasoning, 15), (Count::Total, 45)],
            10,
            35,
        );
        check(&[(Count::Prompt, 10), (Count::Output, 20), (Count::Reasoning, 15)], 10, 20);
    }

    #[test]
    fn absurd_numbers_neither_overflow_nor_panic() {
        let huge = [(Count::Input, u64::MAX), (Count::ReadApart, u64::MAX), (Count::Output, u64::MAX)];
        check(&huge, u64::MAX, u64::MAX);
    }
}
