#![doc = include_str!("../README.md")]

mod attempt;
mod deliver;
mod destination;
mod error;
mod headers;
mod publish;

pub use deliver::DeliveryExt;
pub use publish::{ChannelExt, TracedConfirm};
