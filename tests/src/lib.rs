//! What several tests share.

pub mod recorded;
pub mod wire;
