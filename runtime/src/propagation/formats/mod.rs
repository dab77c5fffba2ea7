//! The formats of other tracing systems, by their names in `OTEL_PROPAGATORS`.

mod b3;
mod b3_multi;
mod cloud_trace;
mod datadog;
mod datadog_state;
mod hex;
mod jaeger;
mod ot_trace;
mod prefixed;
mod single_header;
mod text;
mod trace;
mod value;
mod xray;

use std::sync::Arc;

use crate::propagation::Propagator;

/// Their names, in the order in which they are listed.
pub(super) const NAMES: [&str; 7] = ["b3", "b3multi", "jaeger", "xray", "ottrace", "datadog", "gcp"];

/// The format with this name.
pub(super) fn by_name(name: &str) -> Option<Arc<dyn Propagator>> {
    Some(match name {
        "b3" => Arc::new(b3::B3),
        "b3multi" => Arc::new(b3_multi::B3Multi),
        "jaeger" => Arc::new(jaeger::Jaeger),
        "xray" => Arc::new(xray::X_RAY),
        "ottrace" => Arc::new(ot_trace::OtTrace),
        "datadog" => Arc::new(datadog::Datadog),
        "gcp" => Arc::new(cloud_trace::CLOUD_TRACE),
        _ => return None,
    })
}
