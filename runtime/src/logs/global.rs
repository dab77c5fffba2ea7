//! The subscriber of a process that has none.

use tracing_subscriber::layer::{Identity, Layered};
use tracing_subscriber::prelude::*;
use tracing_subscriber::{EnvFilter, Layer, Registry};

use crate::logs::{Filter, JsonLayer, PrettyLayer, SpanEvents};

/// The lines that are written.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Lines<'a> {
    /// JSON, with this service.
    Json(&'a str),
    /// For people.
    Pretty,
    /// None.
    Off,
}

/// Sets the global subscriber: lines of what passes the filter on the standard output, and the same as events of spans.
/// `false` when there is one.
pub(crate) fn subscribe(filter: &Filter, lines: Lines<'_>) -> bool {
    match lines {
        Lines::Json(service) => subscribe_with(filter, JsonLayer::new().with_service(service)),
        Lines::Pretty => subscribe_with(filter, PrettyLayer::new()),
        Lines::Off => subscribe_with(filter, Identity::new()),
    }
}

fn subscribe_with(filter: &Filter, lines: impl Layer<Layered<EnvFilter, Registry>> + Send + Sync) -> bool {
    let filtered = tracing_subscriber::registry().with(filter.to_layer());
    tracing::subscriber::set_global_default(filtered.with(lines).with(SpanEvents::new())).is_ok()
}
