//! The samplers of OpenTelemetry that decide when a trace begins.

use crate::collect::Head;

/// Which traces are recorded, decided when they begin: the
/// [samplers of OpenTelemetry](https://opentelemetry.io/docs/specs/otel/trace/sdk/#built-in-samplers).
///
/// The ratio is [consistent](https://opentelemetry.io/docs/specs/otel/trace/tracestate-probability-sampling/): it compares
/// the random part of the trace ID, so that every service with the same ratio decides the same for a trace.
///
/// ```
/// use throughline::sampling::Sampler;
///
/// assert_eq!(Sampler::from_name("parentbased_traceidratio", Some("0.25")), Ok(Sampler::ratio(0.25).parent_based()));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sampler {
    ratio: f64,
    parent_based: bool,
}

/// The name of a sampler or its argument makes no sense; the text says what was expected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidSampler(String);

impl Sampler {
    /// Every trace.
    pub const ALWAYS_ON: Self = Self { ratio: 1.0, parent_based: false };
    /// No trace.
    pub const ALWAYS_OFF: Self = Self { ratio: 0.0, parent_based: false };

    /// This part of all traces, 0 to 1; what is outside counts as the nearer end, NaN as 1.
    pub const fn ratio(ratio: f64) -> Self {
        let ratio = if ratio.is_nan() { 1.0 } else { ratio.clamp(0.0, 1.0) };
        Self { ratio, parent_based: false }
    }

    /// The same for traces that begin here; those that come from outside keep the verdict they came with.
    pub const fn parent_based(mut self) -> Self {
        self.parent_based = true;
        self
    }

    /// The sampler that `OTEL_TRACES_SAMPLER` names, whatever the case of letters, with the argument of
    /// `OTEL_TRACES_SAMPLER_ARG`.
    ///
    /// # Errors
    ///
    /// When the name is not one of OpenTelemetry's that are built in, or the ratio not a number from 0 to 1.
    pub fn from_name(name: &str, argument: Option<&str>) -> Result<Self, InvalidSampler> {
        let lower = name.to_ascii_lowercase();
        let (base, parent_based) = match lower.strip_prefix("parentbased_") {
            Some(base) => (base, true),
            None => (&*lower, false),
        };
        let sampler = match base {
            "always_on" => Self::ALWAYS_ON,
            "always_off" => Self::ALWAYS_OFF,
            "traceidratio" => Self::ratio(ratio_of(argument)?),
            _ => {
                return Err(InvalidSampler(format!(
                    "unknown sampler {name:?}: expected always_on, always_off, traceidratio, or one of these after `parentbased_`"
                )));
            }
        };
        Ok(if parent_based { sampler.parent_based() } else { sampler })
    }
}

impl From<Sampler> for Head {
    /// For the core: a threshold for the low 56 bits of the trace ID.
    fn from(sampler: Sampler) -> Self {
        const ALL: f64 = (1_u64 << 56) as f64;
        Self { threshold: ((1.0 - sampler.ratio) * ALL).round() as u64, parent_based: sampler.parent_based }
    }
}

impl Default for Sampler {
    /// `parentbased_always_on`, as OpenTelemetry's default.
    fn default() -> Self {
        Self::ALWAYS_ON.parent_based()
    }
}

fn ratio_of(argument: Option<&str>) -> Result<f64, InvalidSampler> {
    let Some(argument) = argument else { return Ok(1.0) };
    match argument.trim().parse::<f64>() {
        Ok(ratio) if (0.0..=1.0).contains(&ratio) => Ok(ratio),
        _ => Err(InvalidSampler(format!("invalid ratio {argument:?}: expected a number from 0 to 1"))),
    }
}

impl std::fmt::Display for InvalidSampler {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for InvalidSampler {}
