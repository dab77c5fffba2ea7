//! The layer for clients.

mod call;
mod future;
mod hosts;
mod layer;
mod service;

pub use call::{Call, Outgoing};
pub use future::{Answer, CallFuture};
pub use layer::ClientLayer;
pub use service::Client;
