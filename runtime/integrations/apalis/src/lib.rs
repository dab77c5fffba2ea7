#![doc = include_str!("../README.md")]

mod context;
mod enqueue;
mod layer;
mod outcome;

pub use context::CarriedContext;
pub use enqueue::EnqueueExt;
pub use layer::{JobFuture, JobLayer, JobService};
