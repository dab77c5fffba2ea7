//! What several tests share.

pub mod recorded;
pub mod wire;
pub mod collector;
pub mod otlp;
pub mod receiver;
