//! The layer for servers.

mod body;
mod exchange;
mod future;
mod http;
mod layer;
mod protocol;
mod route;
mod service;

pub use body::ResponseBody;
pub use future::ResponseFuture;
pub use http::Http;
pub use layer::ServerLayer;
pub use protocol::Protocol;
pub use route::Route;
pub use service::Server;
