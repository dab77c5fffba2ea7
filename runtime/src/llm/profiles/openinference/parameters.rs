//! The parameters of a request as one JSON object, under the names that providers' interfaces have for them.

use serde_json::Value as Json;

use super::super::facts::Facts;
use crate::semconv;
use crate::span::ValueView;

const NAMES: [(&str, &str); 12] = [
    (semconv::GEN_AI_REQUEST_MODEL, "model"),
    (semconv::GEN_AI_REQUEST_CHOICE_COUNT, "n"),
    (semconv::GEN_AI_REQUEST_ENCODING_FORMATS, "encoding_formats"),
    (semconv::GEN_AI_REQUEST_FREQUENCY_PENALTY, "frequency_penalty"),
    (semconv::GEN_AI_REQUEST_MAX_TOKENS, "max_tokens"),
    (semconv::GEN_AI_REQUEST_PRESENCE_PENALTY, "presence_penalty"),
    (semconv::GEN_AI_REQUEST_SEED, "seed"),
    (semconv::GEN_AI_REQUEST_STOP_SEQUENCES, "stop"),
    (semconv::GEN_AI_REQUEST_STREAM, "stream"),
    (semconv::GEN_AI_REQUEST_TEMPERATURE, "temperature"),
    (semconv::GEN_AI_REQUEST_TOP_K, "top_k"),
    (semconv::GEN_AI_REQUEST_TOP_P, "top_p"),
];

/// `None` where nothing was asked for.
pub(super) fn json(facts: Facts<'_>) -> Option<String> {
    let known = NAMES.iter().filter_map(|(key, name)| Some(((*name).to_owned(), value(facts.get(key)?))));
    let object: serde_json::Map<String, Json> = known.collect();
    (!object.is_empty()).then(|| Json::Object(object).to_string())
}

fn value(value: ValueView<'_>) -> Json {
    match value {
        ValueView::Bool(value) => value.into(),
        ValueView::Int(value) => value.into(),
        ValueView::Double(value) => value.into(),
        ValueView::Str(value) => value.into(),
        ValueView::Array(values) => values.map(self::value).collect(),
    }
}
