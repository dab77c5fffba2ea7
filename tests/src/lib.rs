//! What several tests share.

pub mod collector;
pub mod exported;
pub mod grpc;
pub mod guarded;
pub mod lines;
pub mod memory;
pub mod otlp;
pub mod rag;
pub mod receiver;
pub mod recorded;
pub mod sending;
pub mod told;
pub mod wire;
