#![doc = include_str!("../README.md")]

mod layer;
mod request;
mod update;

pub use layer::{UpdateLayer, traced};
pub use request::RequestExt;
