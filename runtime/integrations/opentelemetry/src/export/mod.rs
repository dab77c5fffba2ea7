//! Exporters of OpenTelemetry as sinks of ours.

mod data;
mod drive;
mod queue;
mod sender;
mod sink;

pub use sink::ExporterSink;
