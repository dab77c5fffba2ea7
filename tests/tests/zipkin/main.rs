//! Spans as Zipkin has them: what is sent, beside OpenTelemetry's mapping and Zipkin's own description of its API
//! (`zipkin2-api.yaml` of <https://github.com/openzipkin/zipkin-api>, Apache-2.0, as it stands there).

mod mapping;
mod schema;
mod sending;
