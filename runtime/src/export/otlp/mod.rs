//! OTLP: the way to any backend that speaks [OpenTelemetry](https://opentelemetry.io/docs/specs/otlp/).
//!
//! The worker writes each span straight into the body of a request ([`Encoder`]); [`OtlpSink`] cuts that into batches,
//! queues them within bounds, and sends them from a thread of its own. With the feature `llm`, [`MetricsSink`] sums up
//! calls of language models, and sends the sums in the same way.
//!
//! ```no_run
//! use std::sync::Arc;
//! use throughline::Pipeline;
//! use throughline::export::otlp::{OtlpConfig, OtlpSink, Resource};
//! use throughline::stats::Counters;
//!
//! # fn main() -> std::io::Result<()> {
//! let variable = |name: &str| std::env::var(name).ok();
//! let (config, _issues) = OtlpConfig::from_env(variable);
//! let (resource, _issues) = Resource::from_env(variable);
//! let counters = Arc::new(Counters::default());
//! let sink = OtlpSink::start(config, &resource, Arc::clone(&counters))?;
//! let pipeline = Pipeline::builder().counters(counters).sink(sink).start()?;
//! # Ok(())
//! # }
//! ```

mod attributes;
mod encoder;
mod envelope;
mod keys;
mod span;
mod statics;
pub(super) mod wire;

pub(super) mod json;

mod answer;
mod backoff;
mod losses;
mod outbox;
mod queue;
mod reply;
mod sender;
mod signal;
mod sink;
mod transport;

#[cfg(feature = "llm")]
mod metrics;

mod config;
mod env;
mod issue;
mod pairs;
mod protocol;
mod proxy;
mod resource;

pub(super) use env::Env;
pub(super) use losses::{Loss, Losses};
pub(super) use signal::Signal;

pub use config::{Compression, OtlpConfig};
pub use encoder::Encoder;
pub use issue::ConfigIssue;
pub use protocol::{ParseProtocolError, Protocol};
pub use resource::Resource;
pub use sink::OtlpSink;

#[cfg(feature = "llm")]
pub use crate::llm::metrics::{ExemplarFilter, ParseExemplarFilterError};
#[cfg(feature = "llm")]
pub use metrics::{MetricsConfig, MetricsSink, Temporality};
