//! What several tests share.

pub mod otlp;
