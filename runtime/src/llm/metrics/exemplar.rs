//! Single calls that a bucket points to.

use crate::id::{SpanId, TraceId};
use crate::named::named;
use crate::span::SpanView;

/// A measurement with the span it was taken from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Exemplar {
    pub(crate) value: f64,
    /// Nanoseconds since 1970.
    pub(crate) time: u64,
    pub(crate) trace_id: TraceId,
    pub(crate) span_id: SpanId,
}

/// Which measurements may stand as examples beside the sums, with the IDs of their spans, as in
/// [OpenTelemetry](https://opentelemetry.io/docs/specs/otel/metrics/sdk/#exemplarfilter).
///
/// ```
/// use throughline::export::otlp::ExemplarFilter;
///
/// assert_eq!("always_off".parse(), Ok(ExemplarFilter::AlwaysOff));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ExemplarFilter {
    /// Those whose trace is sampled.
    #[default]
    TraceBased,
    /// All.
    AlwaysOn,
    /// None.
    AlwaysOff,
}

/// The text names no filter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ParseExemplarFilterError;

impl ExemplarFilter {
    /// Whether measurements of a span may be examples.
    pub(super) fn takes(self, span: &SpanView<'_>) -> bool {
        match self {
            Self::TraceBased => span.flags.is_sampled(),
            Self::AlwaysOn => true,
            Self::AlwaysOff => false,
        }
    }
}

named!(ExemplarFilter, ParseExemplarFilterError, "`trace_based`, `always_on` or `always_off`", {
    TraceBased = "trace_based",
    AlwaysOn = "always_on",
    AlwaysOff = "always_off",
});
