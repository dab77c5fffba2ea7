//! The content of model calls, where it is asked for: what values are read by.

#[cfg(not(feature = "llm"))]
mod disabled;
#[cfg(feature = "llm")]
mod enabled;

#[cfg(not(feature = "llm"))]
pub use disabled::content_is_asked;
#[cfg(feature = "llm")]
pub use enabled::{
    ByAsStr, BySaying, BySerializing, ContentPart, Unsaid, captured_fields, content_is_asked, record_captured,
};
