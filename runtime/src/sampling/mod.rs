//! Which traces are recorded.

mod sampler;

pub use sampler::{InvalidSampler, Sampler};
