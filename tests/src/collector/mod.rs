//! A real collector and what it says it received.

mod process;
mod seen;

pub use process::Collector;
pub use seen::{Keeper, Seen};
