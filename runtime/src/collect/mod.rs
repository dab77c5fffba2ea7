//! The logs that threads write and the worker that drains them.
//!
//! A thread's log is a chain of chunks of words. The thread appends whole records and publishes its position; the
//! worker reads up to there. Nobody waits for anybody. A span is written once, when it ends; its attributes, events and
//! links are records of their own, keyed by span ID, that the worker puts together.

mod aside;
mod assemble;
mod chain;
mod chunk;
mod decode;
mod encode;
mod flush;
mod flushes;
pub(crate) mod ids;
pub(crate) mod log;
mod pending;
mod pipeline;
mod pool;
mod reader;
pub(crate) mod record;
mod shared;
mod sinks;
mod sizes;
mod sync;
mod threads;
mod time;
mod worker;

pub use flush::Flush;
pub use pipeline::{Entered, Pipeline, PipelineBuilder};
pub(crate) use pipeline::{flush, flush_async};
pub use shared::Head;
pub(crate) use shared::{find, installed, is_off};
