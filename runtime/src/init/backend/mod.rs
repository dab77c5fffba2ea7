//! The name of the service, and how spans are sent by OTLP.

#[cfg(not(feature = "otlp"))]
mod disabled;
#[cfg(feature = "otlp")]
mod enabled;

#[cfg(not(feature = "otlp"))]
pub use disabled::Backend;
#[cfg(feature = "otlp")]
pub use enabled::Backend;
