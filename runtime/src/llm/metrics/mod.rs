//! Metrics of model calls: the client's histograms of OpenTelemetry's
//! [GenAI conventions](https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-metrics/), summed up from finished spans.
//!
//! Who calls a model pays nothing for them: the worker, which reads the span anyway, takes what it needs of it.

mod call;
mod exemplar;
mod histogram;
mod instrument;
mod series;

pub(crate) use exemplar::Exemplar;
pub use exemplar::{ExemplarFilter, ParseExemplarFilterError};
pub(crate) use histogram::Histogram;
pub(crate) use instrument::Instrument;
pub(crate) use series::Metrics;
