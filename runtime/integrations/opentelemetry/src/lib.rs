#![doc = include_str!("../README.md")]

mod attach;
mod callsites;
mod convert;
mod export;
mod install;
mod live;
mod mirror;
mod observer;
mod propagator;
mod provider;
mod span;
mod value;

pub use attach::{Attached, FutureExt, InOtel, attach_current};
pub use convert::{from_otel, to_otel};
pub use export::ExporterSink;
pub use install::install;
pub use propagator::{OtelPropagator, ThroughlinePropagator};
pub use provider::{Tracer, TracerProvider};
pub use span::Span;
