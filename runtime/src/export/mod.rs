//! Sinks: OTLP, Zipkin, the terminal.

#[cfg(feature = "otlp")]
pub mod otlp;
#[cfg(feature = "terminal")]
pub mod terminal;
#[cfg(feature = "otlp")]
pub mod zipkin;
