//! All sides by name.

use crate::driver::Scenario;
use crate::{bytes, layers, otel, ours, peer, tracing_otel};

/// The sides, in the order of the report's columns.
pub const SIDES: [&str; 4] = ["ours", "fastrace", "otel-sdk", "tracing-otel"];

/// The scenario of a case in the hands of a side.
pub fn scenario(side: &str, case: &str) -> Option<Scenario> {
    layers::scenario(side, case).or_else(|| core(side, case))
}

fn core(side: &str, case: &str) -> Option<Scenario> {
    match side {
        "ours" => ours::scenario(case),
        "fastrace" => peer::scenario(case),
        "otel-sdk" => otel::scenario(case),
        "tracing-otel" => tracing_otel::scenario(case),
        _ => None,
    }
}

/// The same, with spans that become OTLP bytes.
pub fn to_bytes(side: &str, case: &str) -> Option<Scenario> {
    let prepare = match side {
        "ours" => bytes::ours,
        "fastrace" => bytes::fastrace,
        "otel-sdk" => otel::to_bytes,
        "tracing-otel" => tracing_otel::to_bytes,
        _ => return None,
    };
    Some(Scenario { prepare, ..scenario(side, case)? })
}
