//! A format of trace and baggage.

use std::fmt;

use crate::context::ContextParts;
use crate::propagation::{Extract, Inject};

/// A format in which trace and baggage are read from and written into carriers, beside those that
/// [`Propagators`](crate::propagation::Propagators) knows by their names. Request IDs are apart.
///
/// ```
/// use throughline::propagation::{Config, Extract, Inject, Propagator};
/// use throughline::{ContextParts, Flags, SpanId, TraceId};
///
/// /// `acme-trace: {trace}/{span}`, of traces that are all recorded.
/// #[derive(Debug)]
/// struct Acme;
///
/// impl Propagator for Acme {
///     fn name(&self) -> &str {
///         "acme"
///     }
///     fn each_field(&self, field: &mut dyn FnMut(&str)) {
///         field("acme-trace");
///     }
///     fn extract(&self, carrier: &dyn Extract, parts: &mut ContextParts) {
///         carrier.each("acme-trace", &mut |value| {
///             let ids = std::str::from_utf8(value).ok().and_then(|text| text.split_once('/'));
///             let Some((trace, span)) = ids else { return };
///             if let (Ok(trace), Ok(span)) = (trace.parse::<TraceId>(), span.parse::<SpanId>()) {
///                 (parts.trace_id, parts.span_id, parts.flags) = (Some(trace), Some(span), Flags::SAMPLED);
///             }
///         });
///     }
///     fn inject(&self, parts: &ContextParts, carrier: &mut dyn Inject) {
///         if let (Some(trace), Some(span)) = (parts.trace_id, parts.span_id) {
///             carrier.set("acme-trace", &format!("{trace}/{span}"));
///         }
///     }
/// }
///
/// let mut config = Config::default();
/// config.propagators.add(Acme);
/// let received = [("Acme-Trace", "4bf92f3577b34da6a3ce929d0e0e4736/00f067aa0ba902b7")];
/// let mut sent = Vec::new();
/// config.inject(&config.extract(&received), &mut sent);
/// assert_eq!(sent[1], ("acme-trace".to_owned(), received[0].1.to_owned()));
/// ```
pub trait Propagator: fmt::Debug + Send + Sync {
    /// Its name in `OTEL_PROPAGATORS`, if it has one there.
    fn name(&self) -> &str;

    /// Calls `field` with the key of every header of a trace, those that are only read too. They belong together: in HTTP
    /// requests those of an earlier trace are removed before any format is written, and [`inject`](Self::inject) is not
    /// called for a message that had one of them already.
    fn each_field(&self, field: &mut dyn FnMut(&str));

    /// Puts what `carrier` brings into `parts`, in place of what was found in other formats. What is missing or malformed
    /// changes nothing.
    fn extract(&self, carrier: &dyn Extract, parts: &mut ContextParts);

    /// Writes what there is of `parts`: perhaps baggage without a trace.
    fn inject(&self, parts: &ContextParts, carrier: &mut dyn Inject);
}
