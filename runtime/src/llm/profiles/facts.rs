//! What a finished span says, by key.

use serde_json::Value as Json;

use crate::semconv::{self, openinference};
use crate::span::{Attributes, SpanView, ValueView};

/// What a finished span says, by key.
#[derive(Clone, Copy)]
pub(super) struct Facts<'a> {
    attributes: Attributes<'a>,
    constants: &'static [(&'static str, ValueView<'static>)],
    /// When it started, nanoseconds since 1970.
    pub(super) start: u64,
}

/// What a model call used.
pub(super) struct Tokens {
    pub(super) input: i64,
    pub(super) output: i64,
    pub(super) cache_read: i64,
    pub(super) cache_write: i64,
    pub(super) reasoning: i64,
}

impl<'a> Facts<'a> {
    pub(super) fn of(span: &SpanView<'a>) -> Self {
        Self { attributes: span.attributes, constants: span.callsite.constants, start: span.start }
    }

    /// Whatever stands behind `key`; what was written while the span ran wins over what is the same for all.
    pub(super) fn get(&self, key: &str) -> Option<ValueView<'a>> {
        let constant = || self.constants.iter().find(|(known, _)| *known == key).map(|(_, value)| *value);
        self.attributes.get(key).or_else(constant)
    }

    /// A text that is not empty.
    pub(super) fn text(&self, key: &str) -> Option<&'a str> {
        match self.get(key)? {
            ValueView::Str(text) if !text.is_empty() => Some(text),
            _ => None,
        }
    }

    /// The first of several keys that has a text.
    pub(super) fn first_text(&self, keys: &[&str]) -> Option<&'a str> {
        keys.iter().find_map(|key| self.text(key))
    }

    pub(super) fn int(&self, key: &str) -> Option<i64> {
        match self.get(key)? {
            ValueView::Int(number) => Some(number),
            _ => None,
        }
    }

    pub(super) fn double(&self, key: &str) -> Option<f64> {
        match self.get(key)? {
            ValueView::Double(number) => Some(number),
            ValueView::Int(number) => Some(number as f64),
            _ => None,
        }
    }

    /// A text that is JSON.
    pub(super) fn json(&self, key: &str) -> Option<Json> {
        serde_json::from_str(self.text(key)?).ok()
    }

    /// The model that answered, else the one that was asked for.
    pub(super) fn model(&self) -> Option<&'a str> {
        self.first_text(&[semconv::GEN_AI_RESPONSE_MODEL, semconv::GEN_AI_REQUEST_MODEL])
    }

    /// The session, else the conversation.
    pub(super) fn session(&self) -> Option<&'a str> {
        self.first_text(&[openinference::SESSION_ID, semconv::GEN_AI_CONVERSATION_ID])
    }

    /// The user. OpenInference and OpenTelemetry have one key for it.
    pub(super) fn user(&self) -> Option<&'a str> {
        self.text(openinference::USER_ID)
    }

    /// What the call cost in US dollars, in whichever words the conventions say it.
    pub(super) fn cost(&self) -> Option<f64> {
        self.double(semconv::GEN_AI_USAGE_COST).or_else(|| self.double(semconv::GEN_AI_USAGE_COST_AMOUNT))
    }

    /// What the call used, where anything of it is known.
    pub(super) fn tokens(&self) -> Option<Tokens> {
        let (input, output) =
            (self.int(semconv::GEN_AI_USAGE_INPUT_TOKENS), self.int(semconv::GEN_AI_USAGE_OUTPUT_TOKENS));
        input.or(output)?;
        let part = |key| self.int(key).unwrap_or(0);
        Some(Tokens {
            input: input.unwrap_or(0),
            output: output.unwrap_or(0),
            cache_read: part(semconv::GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS),
            // One of the two, as the stability opt-in says.
            cache_write: part(semconv::GEN_AI_USAGE_CACHE_CREATION_INPUT_TOKENS)
                + part(semconv::GEN_AI_USAGE_CACHE_WRITE_INPUT_TOKENS),
            reasoning: part(semconv::GEN_AI_USAGE_REASONING_OUTPUT_TOKENS),
        })
    }
}
