//! The response of a model: what it is read by.

#[cfg(not(feature = "llm"))]
mod disabled;
#[cfg(feature = "llm")]
mod enabled;

#[cfg(not(feature = "llm"))]
pub use disabled::{LlmCall, NotRead, observed, usage};
#[cfg(feature = "llm")]
pub use enabled::{LlmCall, NotRead, ReadAsResponse, ReadBySerialize, look, observed, usage};
