#![doc = include_str!("../README.md")]

mod client;
mod error;

pub use client::{Client, ExecuteFuture, RequestBuilderExt};
