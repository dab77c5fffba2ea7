//! Which headers carry context: `OTEL_PROPAGATORS`.

use std::fmt;

/// The formats in which trace and baggage are read and written. Request IDs are apart: see
/// [`RequestIds`](crate::propagation::RequestIds).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Propagators {
    /// `traceparent` and `tracestate`, as in [W3C Trace Context](https://www.w3.org/TR/trace-context-2/).
    pub trace_context: bool,
    /// `baggage`, as in [W3C Baggage](https://www.w3.org/TR/baggage/).
    pub baggage: bool,
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
    /// OpenTelemetry knows it, this version of Throughline has not built it yet.
    NotBuilt(String),
    /// Nobody knows it.
    Unknown(String),
    /// `none` stands beside other names, which are used.
    NoneAmongOthers,
}

impl Default for Propagators {
    /// `tracecontext,baggage`.
    fn default() -> Self {
        Self { trace_context: true, baggage: true }
    }
}

impl Propagators {
    /// The variable of the environment that names them.
    pub const VARIABLE: &'static str = "OTEL_PROPAGATORS";

    /// No propagator: context neither comes in nor goes out, but for request IDs.
    pub const NONE: Self = Self { trace_context: false, baggage: false };

    /// Reads the value of
    /// [`OTEL_PROPAGATORS`](https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/): names
    /// with commas between them. An empty text is as good as none, so that it means the default.
    ///
    /// ```
    /// use throughline::propagation::{PropagatorError, Propagators};
    ///
    /// let parsed = Propagators::parse("tracecontext, b3");
    /// assert!(parsed.propagators.trace_context && !parsed.propagators.baggage);
    /// assert_eq!(parsed.errors, [PropagatorError::NotBuilt("b3".to_owned())]);
    /// ```
    pub fn parse(names: &str) -> ParsedPropagators {
        let mut propagators = Self::NONE;
        let mut errors = Vec::new();
        let mut is_none = false;
        for name in names.split(',').map(str::trim).filter(|name| !name.is_empty()) {
            match name {
                "tracecontext" => propagators.trace_context = true,
                "baggage" => propagators.baggage = true,
                "none" => is_none = true,
                "b3" | "b3multi" | "jaeger" | "ottrace" | "xray" => {
                    errors.push(PropagatorError::NotBuilt(name.to_owned()));
                }
                _ => errors.push(PropagatorError::Unknown(name.to_owned())),
            }
        }
        let is_named = propagators != Self::NONE;
        if is_none && (is_named || !errors.is_empty()) {
            errors.push(PropagatorError::NoneAmongOthers);
        }
        let propagators = if is_named || is_none { propagators } else { Self::default() };
        ParsedPropagators { propagators, errors }
    }
}

impl fmt::Display for Propagators {
    /// The names, as in the variable.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match (self.trace_context, self.baggage) {
            (true, true) => "tracecontext,baggage",
            (true, false) => "tracecontext",
            (false, true) => "baggage",
            (false, false) => "none",
        })
    }
}

impl fmt::Display for PropagatorError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotBuilt(name) => write!(f, "propagator `{name}` is not built yet"),
            Self::Unknown(name) => {
                write!(f, "unknown propagator `{name}`; there are `tracecontext`, `baggage` and `none`")
            }
            Self::NoneAmongOthers => f.write_str("`none` stands beside other propagators"),
        }
    }
}

impl std::error::Error for PropagatorError {}
