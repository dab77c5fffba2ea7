//! What the environment says.

#[cfg(feature = "llm")]
use crate::init::content;
use crate::init::environment::Environment;
use crate::init::{Backend, Exporter, Limits, Logging, Orphans, Problem};
use crate::init::{exporters, limits, propagation, sampler, unbuilt};
use crate::sampling::Sampler;

/// What the environment says: a plain value.
///
/// ```
/// use throughline::init::{Config, Exporter};
///
/// let config = Config::from_env(|variable| match variable {
///     "OTEL_TRACES_EXPORTER" => Some("console".into()),
///     "OTEL_TRACES_SAMPLER" => Some("sometimes".into()),
///     _ => None,
/// });
/// assert_eq!(config.exporters, Some(vec![Exporter::Console]));
/// assert_eq!(config.problems[0].variable(), "OTEL_TRACES_SAMPLER");
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Config {
    /// No spans are recorded.
    pub disabled: bool,
    /// Where spans go. `None`: to the sinks of the program; where it has none, to stderr if that is a terminal.
    pub exporters: Option<Vec<Exporter>>,
    /// The name of the service, and how spans are sent.
    pub backend: Backend,
    /// Which traces are recorded.
    pub sampler: Sampler,
    /// How much of a span is kept.
    pub limits: Limits,
    /// How context and request IDs are read and written.
    pub propagation: crate::propagation::Config,
    /// What is logged, and how.
    pub logging: Logging,
    /// How the content of model calls is recorded. `None`: not at all.
    #[cfg(feature = "llm")]
    pub content: Option<crate::llm::Content>,
    /// What is said of spans that begin without a parent.
    pub orphans: Orphans,
    /// What is wrong with variables.
    pub problems: Vec<Problem>,
}

impl Config {
    /// The config that the variables ask for; `get` reads an environment variable.
    pub fn from_env(get: impl Fn(&str) -> Option<String>) -> Self {
        let mut environment = Environment::new(&get);
        let environment = &mut environment;
        let mut config = Self {
            disabled: environment.is_true("OTEL_SDK_DISABLED"),
            exporters: exporters::read(environment),
            backend: Backend::read(environment),
            sampler: sampler::read(environment),
            limits: limits::read(environment),
            propagation: propagation::read(environment),
            logging: Logging::read(environment),
            #[cfg(feature = "llm")]
            content: content::read(environment),
            orphans: environment.parse(&[Orphans::VARIABLE], Orphans::Off),
            problems: Vec::new(),
        };
        unbuilt::report(environment);
        config.problems = std::mem::take(&mut environment.problems);
        config
    }
}
