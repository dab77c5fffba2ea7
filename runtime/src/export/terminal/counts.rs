//! Tokens and cost.

use crate::export::terminal::style::Style;
use crate::export::terminal::units;
use crate::semconv;
use crate::span::ValueView;

/// Tokens and cost of one call or several.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Counts {
    input: Option<u64>,
    output: Option<u64>,
    cached: Option<u64>,
    reasoning: Option<u64>,
    /// US dollars.
    pub(super) cost: Option<f64>,
}

impl Counts {
    /// Takes the attribute if it is one of these.
    pub(super) fn read(&mut self, key: &str, value: ValueView<'_>) {
        match (key, value) {
            (semconv::GEN_AI_USAGE_INPUT_TOKENS, ValueView::Int(n)) => self.input = tokens(n),
            (semconv::GEN_AI_USAGE_OUTPUT_TOKENS, ValueView::Int(n)) => self.output = tokens(n),
            (semconv::GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS, ValueView::Int(n)) => self.cached = tokens(n),
            (semconv::GEN_AI_USAGE_REASONING_OUTPUT_TOKENS, ValueView::Int(n)) => self.reasoning = tokens(n),
            (semconv::GEN_AI_USAGE_COST | semconv::GEN_AI_USAGE_COST_AMOUNT, ValueView::Double(amount)) => {
                self.cost = Some(amount);
            }
            _ => {}
        }
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.input.is_none() && self.output.is_none() && self.cost.is_none()
    }

    pub(super) fn add(&mut self, other: &Self) {
        let sum = |one: Option<u64>, two: Option<u64>| match (one, two) {
            (Some(one), Some(two)) => Some(one.saturating_add(two)),
            _ => one.or(two),
        };
        self.input = sum(self.input, other.input);
        self.output = sum(self.output, other.output);
        self.cached = sum(self.cached, other.cached);
        self.reasoning = sum(self.reasoning, other.reasoning);
        if let Some(amount) = other.cost {
            self.cost = Some(self.cost.unwrap_or(0.0) + amount);
        }
    }

    /// `1,234 tokens in (200 cached) → 56 out` and `$0.000435`, as far as they are known.
    pub(super) fn pieces(&self, style: &Style) -> Vec<String> {
        let aside = |number: Option<u64>, word: &str| match number {
            Some(number) if number > 0 => format!(" ({} {word})", units::count(number)),
            _ => String::new(),
        };
        let tokens = if self.input.is_some() { "" } else { " tokens" };
        let input =
            self.input.map(|n| format!("{} in{}", units::plural(n, "token"), aside(self.cached, "cached")));
        let output = self
            .output
            .map(|n| format!("{}{tokens} out{}", units::count(n), aside(self.reasoning, "reasoning")));
        let arrow = if style.unicode { " → " } else { " -> " };
        let both: Vec<String> = [input, output].into_iter().flatten().collect();
        let both = (!both.is_empty()).then(|| both.join(arrow));
        both.into_iter().chain(self.cost.map(units::dollars)).collect()
    }
}

/// A negative count is nonsense, not a count.
fn tokens(number: i64) -> Option<u64> {
    u64::try_from(number).ok()
}
