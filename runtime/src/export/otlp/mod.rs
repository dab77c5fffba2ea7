//! OTLP over HTTP/protobuf.
