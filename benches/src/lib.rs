//! Throughline beside its peers: the same cases for each, counted in instructions by the gate and in time by the report.

#[cfg(feature = "report")]
pub mod bytes;
pub mod callgrind;
pub mod cargo;
pub mod case;
pub mod counts;
pub mod driver;
#[cfg(feature = "layers")]
pub mod layers;
#[cfg(feature = "report")]
pub mod otel;
pub mod ours;
pub mod peer;
#[cfg(feature = "report")]
pub mod side;
pub mod table;
#[cfg(feature = "report")]
pub mod tracing_otel;
pub mod verdict;
pub mod without;
