//! Values of attributes.

use opentelemetry::{Array, KeyValue, StringValue, Value as OtelValue};
use throughline::span::{ArrayView, ToValue as _, Value, ValueView};

/// Hands the value over as one of ours.
pub(crate) fn with<R>(value: &OtelValue, f: impl FnOnce(Value<'_>) -> R) -> R {
    f(Lent::new(value).value())
}

/// Hands attributes over as ours.
pub(crate) fn with_all<R>(attributes: &[KeyValue], f: impl FnOnce(&[(&str, Value<'_>)]) -> R) -> R {
    let lent: Vec<Lent<'_>> = attributes.iter().map(|attribute| Lent::new(&attribute.value)).collect();
    let pairs: Vec<_> = attributes
        .iter()
        .zip(&lent)
        .map(|(attribute, lent)| (attribute.key.as_str(), lent.value()))
        .collect();
    f(&pairs)
}

/// A value that can be lent as one of ours: texts of an array need a list of their own.
enum Lent<'a> {
    Other(Value<'a>),
    Texts(Vec<&'a str>),
}

impl<'a> Lent<'a> {
    fn new(value: &'a OtelValue) -> Self {
        Self::Other(match value {
            OtelValue::Bool(value) => value.to_value(),
            OtelValue::I64(value) => value.to_value(),
            OtelValue::F64(value) => value.to_value(),
            OtelValue::String(value) => Value::Str(value.as_str()),
            OtelValue::Array(Array::Bool(values)) => values.to_value(),
            OtelValue::Array(Array::I64(values)) => values.to_value(),
            OtelValue::Array(Array::F64(values)) => values.to_value(),
            OtelValue::Array(Array::String(values)) => {
                return Self::Texts(values.iter().map(StringValue::as_str).collect());
            }
            // Kinds of values to come.
            _ => Value::Empty,
        })
    }

    fn value(&self) -> Value<'_> {
        match self {
            Self::Other(value) => *value,
            Self::Texts(texts) => texts.to_value(),
        }
    }
}

/// A finished value as one of OpenTelemetry.
pub(crate) fn from_view(value: ValueView<'_>) -> OtelValue {
    match value {
        ValueView::Bool(value) => OtelValue::Bool(value),
        ValueView::Int(value) => OtelValue::I64(value),
        ValueView::Double(value) => OtelValue::F64(value),
        ValueView::Str(text) => OtelValue::String(text.to_owned().into()),
        ValueView::Array(values) => OtelValue::Array(array(values)),
    }
}

/// OpenTelemetry's arrays have one type: values of several become text.
fn array(values: ArrayView<'_>) -> Array {
    let bools = || all(values, |value| if let ValueView::Bool(value) = value { Some(value) } else { None });
    let ints = || all(values, |value| if let ValueView::Int(value) = value { Some(value) } else { None });
    let doubles =
        || all(values, |value| if let ValueView::Double(value) = value { Some(value) } else { None });
    let texts = || values.map(|value| from_view(value).into()).collect();
    bools()
        .map(Array::Bool)
        .or_else(|| ints().map(Array::I64))
        .or_else(|| doubles().map(Array::F64))
        .unwrap_or_else(|| Array::String(texts()))
}

/// The values, if each of them is one of these.
fn all<'a, T>(values: ArrayView<'a>, one: impl Fn(ValueView<'a>) -> Option<T>) -> Option<Vec<T>> {
    values.map(one).collect()
}

/// The memory a value takes beyond its own, about.
pub(crate) fn size(value: &OtelValue) -> usize {
    match value {
        OtelValue::String(text) => text.as_str().len(),
        OtelValue::Array(Array::Bool(values)) => values.len(),
        OtelValue::Array(Array::I64(values)) => size_of_val(values.as_slice()),
        OtelValue::Array(Array::F64(values)) => size_of_val(values.as_slice()),
        OtelValue::Array(Array::String(values)) => {
            size_of_val(values.as_slice()) + values.iter().map(|text| text.as_str().len()).sum::<usize>()
        }
        _ => 0,
    }
}
