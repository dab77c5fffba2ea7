//! Requests, decoded by the OpenTelemetry project's own types.

use std::collections::BTreeMap;

use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::common::v1::{AnyValue, KeyValue};
use opentelemetry_proto::tonic::metrics::v1::ResourceMetrics;
use opentelemetry_proto::tonic::trace::v1::Span;
use prost::Message;

use super::Typed;

/// The request with this body.
pub fn request(body: &[u8]) -> ExportTraceServiceRequest {
    ExportTraceServiceRequest::decode(body).expect("an OTLP request")
}

/// The request with this body, which is JSON.
pub fn request_of_json(body: &[u8]) -> ExportTraceServiceRequest {
    serde_json::from_slice(body).expect("an OTLP request as JSON")
}

/// All spans of the request with this body, in its order.
pub fn spans(body: &[u8]) -> Vec<Span> {
    spans_of(request(body))
}

/// The same of a body that is JSON.
pub fn spans_of_json(body: &[u8]) -> Vec<Span> {
    spans_of(request_of_json(body))
}

fn spans_of(request: ExportTraceServiceRequest) -> Vec<Span> {
    let resources = request.resource_spans.into_iter();
    resources.flat_map(|resource| resource.scope_spans).flat_map(|scope| scope.spans).collect()
}

/// The metrics of the request with this body, by resource.
pub fn metrics(body: &[u8]) -> Vec<ResourceMetrics> {
    ExportMetricsServiceRequest::decode(body).expect("an OTLP request").resource_metrics
}

/// An ID as the rest of the world writes it.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The attributes by key. Panics where a key appears twice: OTLP forbids it.
pub fn attributes(attributes: &[KeyValue]) -> BTreeMap<String, Typed> {
    let mut known = BTreeMap::new();
    for KeyValue { key, value, .. } in attributes {
        let value = typed(value.as_ref().expect("a value"));
        assert!(known.insert(key.clone(), value).is_none(), "{key} appears twice");
    }
    known
}

fn typed(value: &AnyValue) -> Typed {
    match value.value.as_ref().expect("a typed value") {
        Value::BoolValue(value) => Typed::Bool(*value),
        Value::IntValue(value) => Typed::Int(*value),
        Value::DoubleValue(value) => Typed::Double(*value),
        Value::StringValue(value) => Typed::Str(value.clone()),
        Value::ArrayValue(array) => Typed::Array(array.values.iter().map(typed).collect()),
        other => panic!("not a type of ours: {other:?}"),
    }
}
