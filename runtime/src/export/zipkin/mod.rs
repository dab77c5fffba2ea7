//! Zipkin: the way to servers that read [its second format](https://zipkin.io/zipkin-api/#/default/post_spans), as JSON.
//!
//! Spans wait as OTLP, and go by the same queue, thread, retries and losses as there; what is sent is made of them by
//! [OpenTelemetry's mapping](https://opentelemetry.io/docs/specs/otel/trace/sdk_exporters/zipkin/). Zipkin has no place for
//! links and the state of a trace. Servers that take OTLP get more by it: OpenTelemetry removes the mapping in December 2026.
//!
//! ```no_run
//! use std::sync::Arc;
//! use throughline::Pipeline;
//! use throughline::export::otlp::Resource;
//! use throughline::export::zipkin::{ZipkinConfig, ZipkinSink};
//! use throughline::stats::Counters;
//!
//! # fn main() -> std::io::Result<()> {
//! let counters = Arc::new(Counters::default());
//! let sink = ZipkinSink::start(ZipkinConfig::default(), &Resource::new("shop"), Arc::clone(&counters))?;
//! let pipeline = Pipeline::builder().counters(counters).sink(sink).start()?;
//! # Ok(())
//! # }
//! ```

mod config;
mod request;
mod sink;
mod span;
mod value;

pub use config::ZipkinConfig;
pub(super) use request::request;
pub use sink::ZipkinSink;
