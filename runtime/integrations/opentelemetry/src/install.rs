//! Everything at once.

use opentelemetry::global;

use crate::{ThroughlinePropagator, TracerProvider};

/// Makes Throughline what code finds that speaks the OpenTelemetry API: its spans are recorded by Throughline, as children
/// of the current span, and are the parents of ours; what it sends and receives carries the same context, in the
/// formats of `OTEL_PROPAGATORS`.
///
/// Call it after [`throughline::init()`], in the place of `global::set_tracer_provider`.
///
/// ```
/// use opentelemetry::global;
/// use opentelemetry::trace::Tracer as _;
/// use throughline::{span, testing::capture};
///
/// throughline_opentelemetry::install();
///
/// let trace = capture(|| {
///     span!("checkout").in_scope(|| {
///         // In a library that knows nothing of Throughline:
///         global::tracer("payments").in_span("charge", |_| {
///             span!("sign").end(); // and in a callback of ours
///         });
///     });
/// });
/// trace.assert_tree("
///     checkout
///       charge
///         sign
/// ");
/// ```
pub fn install() {
    global::set_tracer_provider(TracerProvider::new());
    global::set_text_map_propagator(ThroughlinePropagator::new());
}
