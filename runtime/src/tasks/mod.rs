//! Work that goes on with the context of whoever starts it: closures, threads, tasks, messages.

mod carried;
mod carry;
#[cfg(feature = "tokio")]
mod join_set;
#[cfg(feature = "tokio")]
mod task;
pub mod thread;

pub use carried::Carried;
#[cfg(feature = "tokio")]
pub use join_set::JoinSetExt;
#[cfg(feature = "tokio")]
pub use task::{spawn, spawn_blocking, spawn_local};
