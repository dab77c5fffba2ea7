//! A request for log lines to belong to.

use throughline::{Attached, Context, ContextParts};

/// Makes a request current that came from outside with a trace.
pub(crate) fn request() -> Attached {
    Context::from(ContextParts {
        trace_id: "4bf92f3577b34da6a3ce929d0e0e4736".parse().ok(),
        span_id: "00f067aa0ba902b7".parse().ok(),
        request_id: "req-abc".parse().ok(),
        ..ContextParts::default()
    })
    .attach()
}
