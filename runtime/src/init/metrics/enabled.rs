//! With the features `otlp` and `llm`.

use std::sync::Arc;

use crate::collect::PipelineBuilder;
use crate::export::otlp::{MetricsConfig, MetricsSink};
use crate::init::Backend;
use crate::init::environment::Environment;
use crate::init::metrics::EXPORTER;
use crate::stats::Counters;

const OWN_ENDPOINT: &str = "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT";
const ENDPOINT: &str = "OTEL_EXPORTER_OTLP_ENDPOINT";

/// Where metrics of model calls go, and how.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Metrics {
    /// How they are sent by OTLP; `None` for not at all.
    pub otlp: Option<MetricsConfig>,
    /// Spans are recorded for them even where they go nowhere else.
    pub alone: bool,
}

impl Metrics {
    /// By default they are sent where an endpoint is set, as spans are. What asks for them by name asks for the spans that
    /// they are taken from.
    pub(in crate::init) fn read(environment: &mut Environment<'_>) -> Self {
        let has_own = environment.read(OWN_ENDPOINT).is_some();
        let is_implied = has_own || environment.read(ENDPOINT).is_some();
        let asked = asked(environment, is_implied);
        if !asked.unwrap_or(is_implied) {
            return Self::default();
        }
        let (config, issues) = MetricsConfig::from_env(environment.get);
        environment.report_new(issues);
        Self { otlp: Some(config), alone: has_own || asked.is_some() }
    }

    /// Whether a pipeline is wanted for them alone.
    pub(in crate::init) fn want_a_pipeline(&self) -> bool {
        self.otlp.is_some() && self.alone
    }

    /// Adds the sink that sums up and sends.
    pub(in crate::init) fn add_to(
        &self,
        builder: PipelineBuilder,
        backend: &Backend,
        counters: &Arc<Counters>,
    ) -> PipelineBuilder {
        match &self.otlp {
            Some(config) => {
                builder.sink(MetricsSink::new(config.clone(), &backend.resource, Arc::clone(counters)))
            }
            None => builder,
        }
    }
}

/// Whether the variable asks for OTLP; `None` when it does not say.
fn asked(environment: &mut Environment<'_>, is_implied: bool) -> Option<bool> {
    let list = environment.read(EXPORTER)?;
    let names: Vec<_> = list.split(',').map(str::trim).filter(|name| !name.is_empty()).collect();
    let is_one_of = |name: &str, known: &[&str]| known.iter().any(|known| known.eq_ignore_ascii_case(name));
    let others: Vec<_> = names.iter().copied().filter(|name| !is_one_of(name, &["otlp", "none"])).collect();
    let asked = if is_one_of("otlp", &names) {
        Some(true)
    } else if is_one_of("none", &names) {
        Some(false)
    } else {
        None
    };
    if !others.is_empty() {
        let is_known = others.iter().all(|name| is_one_of(name, &["console", "prometheus"]));
        let problem = if is_known { "is not built in this version" } else { "is none of otlp, none" };
        let instead = if asked.unwrap_or(is_implied) { "otlp is used" } else { "no metrics are sent" };
        environment.problem(EXPORTER, format_args!("`{}` {problem}", others.join(",")), instead);
    }
    asked
}
