//! The waterfall on stderr.

#[cfg(not(feature = "terminal"))]
mod disabled;
#[cfg(feature = "terminal")]
mod enabled;

#[cfg(not(feature = "terminal"))]
pub(super) use disabled::{add_to, is_default};
#[cfg(feature = "terminal")]
pub(super) use enabled::{add_to, is_default};
