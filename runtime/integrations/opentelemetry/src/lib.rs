//! Throughline beside code that speaks the OpenTelemetry API.
