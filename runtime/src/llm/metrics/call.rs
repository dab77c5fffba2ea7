//! What a finished span says of a model call.

use super::instrument::Instrument;
use crate::llm::follow;
use crate::llm::observed::OTHER;
use crate::semconv;
use crate::span::{AttributesBuf, Outcome, SpanView, Value, ValueView};

/// Operations that the conventions name beside calls of models. Where a model is called in one of them, that is a span of
/// its own.
const NO_MODEL_CALLS: [&str; 5] =
    ["create_agent", "execute_tool", "invoke_agent", "invoke_workflow", "retrieval"];

/// A longer text is cut, as a model's name on a span is: series are kept in memory.
const LONGEST: usize = 128;

/// What a span says of the model call that it is.
#[derive(Debug, Default)]
pub(super) struct Call<'a> {
    operation: &'a str,
    provider: Option<&'a str>,
    request_model: Option<&'a str>,
    response_model: Option<&'a str>,
    address: Option<&'a str>,
    port: Option<i64>,
    error: Option<&'a str>,
    input: Option<i64>,
    output: Option<i64>,
    time_to_first_chunk: Option<f64>,
    time_per_output_chunk: Option<f64>,
    chunks: Option<i64>,
    /// `None` where the span is the rest of a call whose function has ended: that span had the duration.
    duration: Option<f64>,
}

/// A value of a call, seen so many times.
#[derive(Clone, Copy, Debug)]
pub(super) struct Measurement {
    pub(super) instrument: Instrument,
    pub(super) value: f64,
    pub(super) times: u64,
    token_type: Option<&'static str>,
}

impl<'a> Call<'a> {
    /// The model call that `span` is; attempts and sums say of themselves no operation, and are none.
    pub(super) fn of(span: &SpanView<'a>) -> Option<Self> {
        if !names_an_operation(span) {
            return None;
        }
        let mut call = Self::default();
        // The last value of a key counts, and what was written at run time comes after constants.
        for (key, value) in span.callsite.constants.iter().copied().chain(span.attributes) {
            call.read(key, value);
        }
        if call.operation.is_empty() || NO_MODEL_CALLS.contains(&call.operation) {
            return None;
        }
        call.error = match span.outcome {
            Outcome::Ok => None,
            // In the words of the conventions for what has no type.
            Outcome::Error => call.error.or(Some(OTHER)),
            Outcome::Panicked => Some("panicked"),
            Outcome::Cancelled => Some("cancelled"),
        };
        let is_rest = std::ptr::eq(span.callsite, &follow::STREAM);
        call.duration = (!is_rest).then_some(span.duration as f64 / 1e9);
        Some(call)
    }

    fn read(&mut self, key: &str, value: ValueView<'a>) {
        match (key, value) {
            (semconv::GEN_AI_OPERATION_NAME, ValueView::Str(text)) => self.operation = text,
            (semconv::GEN_AI_PROVIDER_NAME, ValueView::Str(text)) => self.provider = Some(text),
            (semconv::GEN_AI_REQUEST_MODEL, ValueView::Str(text)) => self.request_model = Some(text),
            (semconv::GEN_AI_RESPONSE_MODEL, ValueView::Str(text)) => self.response_model = Some(text),
            (semconv::SERVER_ADDRESS, ValueView::Str(text)) => self.address = Some(text),
            (semconv::SERVER_PORT, ValueView::Int(port)) => self.port = Some(port),
            (semconv::ERROR_TYPE, ValueView::Str(text)) => self.error = Some(text),
            (semconv::GEN_AI_USAGE_INPUT_TOKENS, ValueView::Int(tokens)) => self.input = Some(tokens),
            (semconv::GEN_AI_USAGE_OUTPUT_TOKENS, ValueView::Int(tokens)) => self.output = Some(tokens),
            (semconv::GEN_AI_RESPONSE_TIME_TO_FIRST_CHUNK, ValueView::Double(seconds)) => {
                self.time_to_first_chunk = Some(seconds);
            }
            (semconv::LLM_TIME_PER_OUTPUT_CHUNK, ValueView::Double(seconds)) => {
                self.time_per_output_chunk = Some(seconds);
            }
            (semconv::LLM_CHUNKS, ValueView::Int(chunks)) => self.chunks = Some(chunks),
            _ => {}
        }
    }

    /// All that is measured of the call.
    pub(super) fn measurements(&self) -> impl Iterator<Item = Measurement> {
        let once = |instrument, value: Option<f64>| measurement(instrument, value?, 1, None);
        let tokens = |kind, count: Option<i64>| {
            measurement(Instrument::TokenUsage, count.filter(|count| *count >= 0)? as f64, 1, Some(kind))
        };
        // The mean, for each chunk after the first: their number and sum are exact.
        let gaps = self.chunks.and_then(|chunks| u64::try_from(chunks - 1).ok()).filter(|gaps| *gaps > 0);
        let per_chunk = gaps.zip(self.time_per_output_chunk);
        [
            once(Instrument::OperationDuration, self.duration),
            tokens("input", self.input),
            tokens("output", self.output),
            once(Instrument::TimeToFirstChunk, self.time_to_first_chunk),
            per_chunk.and_then(|(gaps, mean)| measurement(Instrument::TimePerOutputChunk, mean, gaps, None)),
        ]
        .into_iter()
        .flatten()
    }

    /// Writes what tells the series of `measurement` from others.
    pub(super) fn describe(&self, measurement: &Measurement, attributes: &mut AttributesBuf) {
        let is_duration = measurement.instrument == Instrument::OperationDuration;
        let texts = [
            (semconv::GEN_AI_OPERATION_NAME, Some(self.operation)),
            (semconv::GEN_AI_PROVIDER_NAME, self.provider),
            (semconv::GEN_AI_TOKEN_TYPE, measurement.token_type),
            (semconv::GEN_AI_REQUEST_MODEL, self.request_model),
            (semconv::GEN_AI_RESPONSE_MODEL, self.response_model),
            (semconv::SERVER_ADDRESS, self.address),
            (semconv::ERROR_TYPE, self.error.filter(|_| is_duration)),
        ];
        for (key, text) in texts {
            if let Some(text) = text {
                attributes.push(key, Value::Str(&text[..text.floor_char_boundary(LONGEST)]));
            }
        }
        if let Some(port) = self.port {
            attributes.push(semconv::SERVER_PORT, Value::I64(port));
        }
    }
}

/// Whether it is worth reading `span`: most are no calls of models, and only their keys are looked at.
fn names_an_operation(span: &SpanView<'_>) -> bool {
    let mut attributes = span.attributes;
    span.callsite.constants.iter().any(|(key, _)| *key == semconv::GEN_AI_OPERATION_NAME)
        || std::iter::from_fn(|| attributes.next_raw())
            .any(|(key, _)| key == semconv::GEN_AI_OPERATION_NAME.as_bytes())
}

/// A value that is no number would make a sum that is none.
fn measurement(
    instrument: Instrument,
    value: f64,
    times: u64,
    token_type: Option<&'static str>,
) -> Option<Measurement> {
    value.is_finite().then_some(Measurement { instrument, value, times, token_type })
}
