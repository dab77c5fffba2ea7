//! OTLP over HTTP/protobuf.

mod attributes;
mod encoder;
mod issue;
mod pairs;
mod resource;
mod span;
mod statics;
mod wire;

pub use encoder::Encoder;
pub use issue::ConfigIssue;
pub use resource::Resource;
