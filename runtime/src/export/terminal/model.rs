//! What a span says about a call of a model.

use crate::export::terminal::counts::Counts;
use crate::export::terminal::entry::{cut, nanoseconds};
use crate::export::terminal::style::Style;
use crate::export::terminal::text::clean;
use crate::export::terminal::units;
use crate::semconv;
use crate::span::{SpanView, ValueView};

/// The operations that are calls of a model; agents, workflows and tools contain such calls, and may repeat their usage.
const OPERATIONS: [&str; 4] = ["chat", "text_completion", "generate_content", "embeddings"];

/// A call of a model.
#[derive(Clone, Debug, Default)]
pub(super) struct ModelCall {
    /// The model that answered, else the one that was asked for.
    pub(super) model: Option<Box<str>>,
    pub(super) counts: Counts,
    /// Nanoseconds to the first chunk.
    first_chunk: Option<u64>,
    attempts: u64,
}

impl ModelCall {
    /// The call that `span` is, if it is one.
    pub(super) fn of(span: &SpanView<'_>) -> Option<Self> {
        let mut call = Self { attempts: 1, ..Self::default() };
        let mut is_call = span.callsite.operation.is_model_call();
        let mut asked = None;
        for (key, value) in span.callsite.constants.iter().copied().chain(span.attributes) {
            match (key, value) {
                (semconv::GEN_AI_OPERATION_NAME, ValueView::Str(name)) => {
                    is_call = OPERATIONS.contains(&name)
                }
                (semconv::GEN_AI_REQUEST_MODEL, ValueView::Str(model)) => asked = Some(model),
                (semconv::GEN_AI_RESPONSE_MODEL, ValueView::Str(model)) => call.model = Some(cut(model, 128)),
                (semconv::GEN_AI_RESPONSE_TIME_TO_FIRST_CHUNK, ValueView::Double(seconds)) => {
                    call.first_chunk = Some(nanoseconds(seconds));
                }
                (semconv::LLM_ATTEMPTS, ValueView::Int(attempts)) => {
                    call.attempts = attempts.max(1).unsigned_abs()
                }
                _ => call.counts.read(key, value),
            }
        }
        call.model = call.model.or_else(|| asked.map(|model| cut(model, 128)));
        is_call.then_some(call)
    }

    /// The one that stands for both: amounts are added, of times to the first chunk the longest counts.
    pub(super) fn merge(&mut self, other: &Self) {
        self.counts.add(&other.counts);
        self.first_chunk = self.first_chunk.max(other.first_chunk);
        self.attempts += other.attempts - 1;
    }

    /// What is shown below the span: model unless `name` ends with it, tokens, cost, time to the first token, attempts.
    pub(super) fn pieces(&self, name: &str, folded: bool, style: &Style) -> Vec<String> {
        let mut pieces = Vec::new();
        pieces.extend(self.model.as_deref().filter(|model| !name.ends_with(model)).map(clean));
        pieces.extend(self.counts.pieces(style));
        pieces.extend(self.first_chunk.map(|nanoseconds| {
            let at_most = if folded { "at most " } else { "" };
            format!("first token {at_most}{}", units::duration(nanoseconds, style.unicode))
        }));
        if self.attempts > 1 {
            pieces.push(units::plural(self.attempts, "attempt"));
        }
        pieces
    }

    pub(super) fn bytes(&self) -> usize {
        size_of::<Self>() + self.model.as_ref().map_or(0, |model| model.len())
    }
}
