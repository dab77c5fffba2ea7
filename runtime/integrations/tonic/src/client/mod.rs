//! The layer for clients.

mod body;
mod call;
mod future;
mod layer;
mod service;

pub use body::ResponseBody;
pub use future::ResponseFuture;
pub use layer::ClientLayer;
pub use service::Client;
