//! What is logged, and how.

#[cfg(not(feature = "logs"))]
mod disabled;
#[cfg(feature = "logs")]
mod enabled;

#[cfg(not(feature = "logs"))]
pub use disabled::Logging;
#[cfg(feature = "logs")]
pub use enabled::Logging;
