//! Which headers carry context: `OTEL_PROPAGATORS`.

use std::fmt;
use std::sync::Arc;

use crate::propagation::{Propagator, formats};

/// The formats in which trace and baggage are read and written. Request IDs are apart: see
/// [`RequestIds`](crate::propagation::RequestIds).
///
/// All of them are written. Where a carrier has traces in several formats, the format that is named last wins, as in
/// OpenTelemetry's composite propagators, where each overrides what was found before it.
///
/// | name | headers |
/// |---|---|
/// | `tracecontext` | `traceparent` and `tracestate`, as in [W3C Trace Context](https://www.w3.org/TR/trace-context-2/) |
/// | `baggage` | `baggage`, as in [W3C Baggage](https://www.w3.org/TR/baggage/) |
/// | `b3` | `b3`, of [B3](https://github.com/openzipkin/b3-propagation); those of `b3multi` are read too |
/// | `b3multi` | `x-b3-traceid`, `-spanid`, and `-sampled` or `-flags`; that of `b3` is read too |
/// | `jaeger` | `uber-trace-id` and `uberctx-*`, of Jaeger's clients |
/// | `xray` | `X-Amzn-Trace-Id`, of AWS X-Ray |
/// | `ottrace` | `ot-tracer-*` and `ot-baggage-*`, of OpenTracing |
/// | `datadog` | `x-datadog-trace-id`, `-parent-id`, `-sampling-priority`, `-tags`, `-origin` |
/// | `gcp` | `X-Cloud-Trace-Context`, of Google Cloud |
///
/// The last two are not in OpenTelemetry's list; Datadog's tracers and Google's propagators call them so. A malformed
/// value counts as none. Where a request leaves open whether its trace is recorded, the sampler decides as for one that
/// begins here. That a trace is recorded [for debugging](crate::Flags::DEBUG) is passed on in the formats that can say so; what
/// Datadog's tracers tell beside the IDs stands in the trace state meanwhile, as their own member of it.
#[derive(Clone, Debug)]
pub struct Propagators {
    formats: Vec<Format>,
    pub(super) baggage: bool,
}

/// A format of traces. The usual one is no trait object, so that it costs no more than its work.
#[derive(Clone, Debug)]
pub(super) enum Format {
    TraceContext,
    Other(Arc<dyn Propagator>),
}

/// What [`Propagators::parse`] made of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ParsedPropagators {
    /// The propagators to use: those named that there are; the default when there is none among the names.
    pub propagators: Propagators,
    /// What is wrong with the names.
    pub errors: Vec<PropagatorError>,
}

/// What is wrong with the name of a propagator.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PropagatorError {
    /// There is none of this name.
    Unknown(String),
    /// `none` stands beside other names, which are used.
    NoneAmongOthers,
}

impl Default for Propagators {
    /// `tracecontext,baggage`.
    fn default() -> Self {
        Self { formats: vec![Format::TraceContext], baggage: true }
    }
}

impl Propagators {
    /// The variable of the environment that names them.
    pub const VARIABLE: &'static str = "OTEL_PROPAGATORS";

    /// No propagator: context neither comes in nor goes out, but for request IDs.
    pub const NONE: Self = Self { formats: Vec::new(), baggage: false };

    /// Reads the value of
    /// [`OTEL_PROPAGATORS`](https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/): names
    /// with commas between them. An empty text is as good as none, so that it means the default.
    ///
    /// ```
    /// use throughline::propagation::{PropagatorError, Propagators};
    ///
    /// let parsed = Propagators::parse("tracecontext, b3, carrier-pigeon");
    /// assert_eq!(parsed.propagators.to_string(), "tracecontext,b3");
    /// assert_eq!(parsed.errors, [PropagatorError::Unknown("carrier-pigeon".to_owned())]);
    /// ```
    pub fn parse(names: &str) -> ParsedPropagators {
        let mut propagators = Self::NONE;
        let mut errors = Vec::new();
        let mut is_none = false;
        for name in names.split(',').map(str::trim).filter(|name| !name.is_empty()) {
            match name.to_ascii_lowercase().as_str() {
                "none" => is_none = true,
                known if propagators.contains(known) => {}
                "tracecontext" => propagators.formats.push(Format::TraceContext),
                "baggage" => propagators.baggage = true,
                lower => match formats::by_name(lower) {
                    Some(format) => propagators.formats.push(Format::Other(format)),
                    None => errors.push(PropagatorError::Unknown(name.to_owned())),
                },
            }
        }
        let is_named = propagators != Self::NONE;
        if is_none && (is_named || !errors.is_empty()) {
            errors.push(PropagatorError::NoneAmongOthers);
        }
        let propagators = if is_named || is_none { propagators } else { Self::default() };
        ParsedPropagators { propagators, errors }
    }

    /// Adds a format behind the others: where it finds a trace, that one counts.
    pub fn add(&mut self, propagator: impl Propagator + 'static) {
        self.formats.push(Format::Other(Arc::new(propagator)));
    }

    /// Whether the one with this name is among them.
    pub fn contains(&self, name: &str) -> bool {
        self.names().any(|known| known == name)
    }

    /// The formats of traces, the one that wins last.
    pub(super) fn formats(&self) -> &[Format] {
        &self.formats
    }

    /// The formats of traces in order, then `baggage`.
    fn names(&self) -> impl Iterator<Item = &str> {
        let formats = self.formats.iter().map(|format| match format {
            Format::TraceContext => "tracecontext",
            Format::Other(format) => format.name(),
        });
        formats.chain(self.baggage.then_some("baggage"))
    }
}

/// Those with the same names in the same order are equal.
impl PartialEq for Propagators {
    fn eq(&self, other: &Self) -> bool {
        self.names().eq(other.names())
    }
}

impl Eq for Propagators {}

impl fmt::Display for Propagators {
    /// The names, as in the variable.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if *self == Self::NONE {
            return f.write_str("none");
        }
        self.names().enumerate().try_for_each(|(index, name)| {
            let comma = if index == 0 { "" } else { "," };
            write!(f, "{comma}{name}")
        })
    }
}

impl fmt::Display for PropagatorError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown(name) => {
                write!(f, "unknown propagator `{name}`; there are `tracecontext`, `baggage`, ")?;
                formats::NAMES.iter().try_for_each(|known| write!(f, "`{known}`, "))?;
                f.write_str("and `none`")
            }
            Self::NoneAmongOthers => f.write_str("`none` stands beside other propagators"),
        }
    }
}

impl std::error::Error for PropagatorError {}
