//! Values of attributes as text, by OpenTelemetry's
//! [rules for what is not OTLP](https://opentelemetry.io/docs/specs/otel/common/#anyvalue-representation-for-non-otlp-protocols).

use std::borrow::Cow;

use serde_json::Value as Json;

use crate::export::otlp::wire::{Field, Fields};

/// A `KeyValue`: its key and its `AnyValue`.
pub(super) fn key_value(bytes: &[u8]) -> (Cow<'_, str>, &[u8]) {
    let fields = Fields { bytes };
    (text(fields.bytes_of(1).last()), fields.bytes_of(2).last().unwrap_or_default())
}

/// Bytes that are UTF-8, for they were written as text.
pub(super) fn text(bytes: Option<&[u8]>) -> Cow<'_, str> {
    String::from_utf8_lossy(bytes.unwrap_or_default())
}

/// An `AnyValue` as text: what is text already stays without quotes.
pub(super) fn shown(any_value: &[u8]) -> Cow<'_, str> {
    match (Fields { bytes: any_value }).last() {
        Some((1, Field::Bytes(bytes))) => text(Some(bytes)),
        Some((4, Field::Fixed64(bits))) if !f64::from_bits(bits).is_finite() => {
            unbounded(f64::from_bits(bits)).into()
        }
        _ => json(any_value).to_string().into(),
    }
}

/// An `AnyValue` as a value of JSON, where what is not finite is text.
pub(super) fn json(any_value: &[u8]) -> Json {
    match (Fields { bytes: any_value }).last() {
        Some((1, Field::Bytes(bytes))) => text(Some(bytes)).into(),
        Some((2, Field::Number(number))) => (number != 0).into(),
        Some((3, Field::Number(number))) => (number as i64).into(),
        Some((4, Field::Fixed64(bits))) => match f64::from_bits(bits) {
            number if number.is_finite() => number.into(),
            number => unbounded(number).into(),
        },
        Some((5, Field::Bytes(array))) => Fields { bytes: array }.bytes_of(1).map(json).collect(),
        _ => Json::Null,
    }
}

fn unbounded(number: f64) -> &'static str {
    match number {
        f64::INFINITY => "Infinity",
        f64::NEG_INFINITY => "-Infinity",
        _ => "NaN",
    }
}
