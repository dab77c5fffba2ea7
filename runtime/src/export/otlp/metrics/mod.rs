//! Metrics over OTLP: the sums of model calls, sent at an interval.

mod config;
mod request;
mod sink;

pub use config::{MetricsConfig, Temporality};
pub use sink::MetricsSink;
