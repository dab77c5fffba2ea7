//! What a span says about a call of a model.

use crate::export::terminal::counts::Counts;
use crate::export::terminal::entry::{cut, nanoseconds};
use crate::export::terminal::style::Style;
use crate::export::terminal::units;
use crate::semconv;
use crate::span::ValueView;
use crate::unprintable::clean;

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

/// Reads a call out of a span's attributes, one by one.
#[derive(Debug)]
pub(super) struct CallReader<'a> {
    is_call: bool,
    asked: Option<&'a str>,
    call: ModelCall,
}

impl<'a> CallReader<'a> {
    /// `is_call` is what the span's callsite says, as long as no attribute names the operation.
    pub(super) fn new(is_call: bool) -> Self {
        Self { is_call, asked: None, call: ModelCall { attempts: 1, ..ModelCall::default() } }
    }

    pub(super) fn read(&mut self, key: &str, value: ValueView<'a>) {
        match (key, value) {
            (semconv::GEN_AI_OPERATION_NAME, ValueView::Str(name)) => {
                self.is_call = OPERATIONS.contains(&name)
            }
            (semconv::GEN_AI_REQUEST_MODEL, ValueView::Str(model)) => self.asked = Some(model),
            (semconv::GEN_AI_RESPONSE_MODEL, ValueView::Str(model)) => {
                self.call.model = Some(cut(model, 128))
            }
            (semconv::GEN_AI_RESPONSE_TIME_TO_FIRST_CHUNK, ValueView::Double(seconds)) => {
                self.call.first_chunk = Some(nanoseconds(seconds));
            }
            (semconv::LLM_ATTEMPTS, ValueView::Int(attempts)) => {
                self.call.attempts = attempts.max(1).unsigned_abs()
            }
            _ => self.call.counts.read(key, value),
        }
    }

    /// The call that the span is, if it is one.
    pub(super) fn finish(mut self) -> Option<ModelCall> {
        let asked = self.asked.map(|model| cut(model, 128));
        self.call.model = self.call.model.or(asked);
        self.is_call.then_some(self.call)
    }
}

impl ModelCall {
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
