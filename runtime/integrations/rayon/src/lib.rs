//! [Throughline](https://docs.rs/throughline) for [rayon](https://docs.rs/rayon): parallel work stays in the trace and the
//! request of who started it.
//!
//! ```
//! use rayon::prelude::*;
//! use throughline::traced;
//! use throughline_rayon::ParallelIteratorExt as _;
//!
//! #[traced]
//! fn thumbnails(images: &[u64]) -> u64 {
//!     images.par_iter().in_current_context().map(|image| resize(*image)).sum()
//! }
//!
//! #[traced]
//! fn resize(image: u64) -> u64 {
//!     image / 2
//! }
//!
//! let trace = throughline::testing::capture(|| {
//!     assert_eq!(thumbnails(&[2, 4]), 3);
//! });
//! trace.assert_connected();
//! ```
//!
//! [`join`], [`scope`] and [`spawn`] are used in place of rayon's functions of the same names, and
//! [`ScopeExt::spawn_in_context`] in place of the method `spawn`. What else takes a closure, such as `ThreadPool::install`,
//! takes one with [`Context::carry`](throughline::Context::carry).
//!
//! A thread of rayon that waits for a part of its work does other work meanwhile. What is started without its context may
//! therefore run in the middle of another request, and be taken for a part of it.

mod iter;
mod join;
mod scope;

pub use iter::{InContext, ParallelIteratorExt};
pub use join::{join, spawn};
pub use scope::{ScopeExt, scope};
