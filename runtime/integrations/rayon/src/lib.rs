#![doc = include_str!("../README.md")]

mod iter;
mod join;
mod scope;

pub use iter::{InContext, ParallelIteratorExt};
pub use join::{join, spawn};
pub use scope::{ScopeExt, scope};
