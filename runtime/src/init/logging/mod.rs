//! What is logged, and how.

#[cfg(not(feature = "logs"))]
mod disabled;
#[cfg(feature = "logs")]
mod enabled;

#[cfg(not(feature = "logs"))]
pub use disabled::Logging;
#[cfg(feature = "logs")]
pub use enabled::Logging;

#[cfg(not(feature = "logs"))]
pub(super) use disabled::say_lost_lines;
#[cfg(feature = "logs")]
pub(super) use enabled::say_lost_lines;
