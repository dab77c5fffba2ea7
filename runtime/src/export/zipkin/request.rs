//! A list of spans, of the OTLP that they waited as.

use super::span::{Source, Span};
use crate::export::otlp::wire::Fields;

/// The body of a request, which is OTLP's protobuf, as a
/// [list of spans](https://github.com/openzipkin/zipkin-api/blob/master/zipkin2-api.yaml).
pub(in crate::export) fn request(body: &[u8]) -> Vec<u8> {
    // `ExportTraceServiceRequest.resource_spans`, `ResourceSpans.scope_spans`, `ScopeSpans.spans`.
    let mut spans = Vec::new();
    for resource_spans in (Fields { bytes: body }).bytes_of(1) {
        for scope_spans in (Fields { bytes: resource_spans }).bytes_of(2) {
            let source = Source::of(resource_spans, scope_spans);
            let of_scope = Fields { bytes: scope_spans }.bytes_of(2);
            spans.extend(of_scope.map(|span| Span::of(span, &source)));
        }
    }
    // Text and numbers alone: nothing that JSON has no words for.
    serde_json::to_vec(&spans).unwrap_or_default()
}
