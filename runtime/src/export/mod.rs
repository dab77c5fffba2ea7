//! Sinks: OTLP, Zipkin, files, the terminal.

#[cfg(feature = "otlp")]
pub mod file;
#[cfg(feature = "otlp")]
pub mod otlp;
#[cfg(feature = "terminal")]
pub mod terminal;
#[cfg(feature = "otlp")]
pub mod zipkin;
