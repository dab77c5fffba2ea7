//! Calls of language models: usage, cost, attempts, streams.

mod counts;
mod observed;
mod read;
mod usage;

pub use usage::Usage;
