//! The limits of spans.

use crate::init::environment::Environment;

/// How much of a span is kept: the
/// [limits of OpenTelemetry](https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/#attribute-limits).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// Attributes of a span; `OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT`, else `OTEL_ATTRIBUTE_COUNT_LIMIT`.
    pub attributes: u32,
    /// Events of a span; `OTEL_SPAN_EVENT_COUNT_LIMIT`.
    pub events: u32,
    /// Links of a span; `OTEL_SPAN_LINK_COUNT_LIMIT`.
    pub links: u32,
    /// The longest text of an attribute, in bytes of UTF-8 (OpenTelemetry counts characters); longer text is cut
    /// between characters. `OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT`, else `OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT`.
    pub value_length: usize,
}

impl Default for Limits {
    /// 128 of each, as OpenTelemetry has it, and 64 KiB of text, for which it has no limit: the memory of the host is more
    /// important than the whole of a text.
    fn default() -> Self {
        Self { attributes: 128, events: 128, links: 128, value_length: 64 << 10 }
    }
}

pub(super) fn read(environment: &mut Environment<'_>) -> Limits {
    let default = Limits::default();
    Limits {
        attributes: environment
            .parse(&["OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT", "OTEL_ATTRIBUTE_COUNT_LIMIT"], default.attributes),
        events: environment.parse(&["OTEL_SPAN_EVENT_COUNT_LIMIT"], default.events),
        links: environment.parse(&["OTEL_SPAN_LINK_COUNT_LIMIT"], default.links),
        value_length: environment.parse(
            &["OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT", "OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT"],
            default.value_length,
        ),
    }
}
