//! Calls of language models: usage, cost, attempts, streams.

mod counts;
mod observed;
mod prices;
mod read;
mod response;
mod usage;

pub use response::LlmResponse;
pub use usage::Usage;
