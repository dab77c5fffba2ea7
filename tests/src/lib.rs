//! What several tests share.

pub mod rag;
pub mod collector;
pub mod otlp;
pub mod receiver;
pub mod recorded;
pub mod wire;
