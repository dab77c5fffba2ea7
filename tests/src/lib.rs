//! What several tests share.

pub mod rag;
