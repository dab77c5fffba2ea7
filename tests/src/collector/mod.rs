//! A real collector, and spans in words that it and this process share.

mod process;
mod seen;

pub use process::Collector;
pub use seen::Seen;
