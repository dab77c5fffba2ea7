//! The layer for servers.

mod body;
mod exchange;
mod future;
mod layer;
mod route;
mod service;

pub use body::ResponseBody;
pub use future::ResponseFuture;
pub use layer::ServerLayer;
pub use route::Route;
pub use service::Server;
