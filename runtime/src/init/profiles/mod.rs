//! Keys that single backends want besides those of the conventions: `THROUGHLINE_PROFILES`.

#[cfg(not(feature = "llm"))]
mod disabled;
#[cfg(feature = "llm")]
mod enabled;

#[cfg(not(feature = "llm"))]
pub use disabled::Profiles;
#[cfg(feature = "llm")]
pub use enabled::Profiles;
