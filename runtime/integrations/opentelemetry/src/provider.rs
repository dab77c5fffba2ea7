//! Spans that begin through OpenTelemetry's API, recorded by Throughline.

use opentelemetry::trace::{SpanBuilder, SpanKind, TraceContextExt as _};
use opentelemetry::{Context as OtelContext, InstrumentationScope};
use throughline::Context;
use throughline::span::Parent;

use crate::callsites::Callsites;
use crate::{Span, convert, observer};

/// A provider of tracers whose spans Throughline records.
///
/// [`install`](crate::install) makes one the provider of the process; libraries that take a provider can be given one:
///
/// ```
/// use opentelemetry::trace::{Tracer as _, TracerProvider as _};
///
/// let tracer = throughline_opentelemetry::TracerProvider::new().tracer("payments");
/// let trace = throughline::testing::capture(|| tracer.in_span("charge", |_| ()));
/// assert_eq!(trace.tree(), "charge");
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct TracerProvider {}

/// A tracer of one library; see [`TracerProvider`].
#[derive(Clone, Debug)]
pub struct Tracer {
    callsites: Callsites,
}

impl TracerProvider {
    /// A provider. From the first one on, contexts of OpenTelemetry that are attached are current for Throughline too.
    pub fn new() -> Self {
        observer::is_following();
        Self {}
    }
}

impl Default for TracerProvider {
    fn default() -> Self {
        Self::new()
    }
}

impl opentelemetry::trace::TracerProvider for TracerProvider {
    type Tracer = Tracer;

    fn tracer_with_scope(&self, scope: InstrumentationScope) -> Tracer {
        Tracer { callsites: Callsites::of(scope.name()) }
    }
}

impl opentelemetry::trace::Tracer for Tracer {
    type Span = Span;

    fn build_with_context(&self, builder: SpanBuilder, parent: &OtelContext) -> Span {
        let parent = parent_of(parent);
        let kind = builder.span_kind.as_ref().unwrap_or(&SpanKind::Internal);
        let callsite = self.callsites.kind(kind);
        Span::start(throughline::Span::with_parent(callsite, Parent::Of(&parent)), builder)
    }
}

/// The context that `otel` stands for. The current one of OpenTelemetry stands for our current one, in which there may be
/// spans that OpenTelemetry does not see.
pub(crate) fn parent_of(otel: &OtelContext) -> Context {
    if is_current(otel) && !otel.is_telemetry_suppressed() {
        Context::current()
    } else {
        convert::from_otel(otel)
    }
}

/// Whether it is the current one, or a copy of it: one with the same span, or like it without any.
fn is_current(otel: &OtelContext) -> bool {
    let is_seen = observer::is_following() || !otel.has_active_span();
    is_seen
        && OtelContext::map_current(|current| {
            std::ptr::eq(current, otel)
                || (current.span().span_context() == otel.span().span_context()
                    && convert::anchor(current) == convert::anchor(otel))
        })
}
