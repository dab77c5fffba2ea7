//! Examples of Throughline; each runs with `cargo run --example NAME`. Here is what `rag` and `agent` share.

pub mod book;
pub mod endpoint;
pub mod model;
pub mod questions;
pub mod reply;
pub mod retry;
pub mod tool;
pub mod waterfalls;
pub mod words;
