//! What several tests share.

pub mod otlp;
pub mod receiver;
