//! Without the feature `otlp` or `llm`: no metrics.

use std::sync::Arc;

use crate::collect::PipelineBuilder;
use crate::init::environment::Environment;
use crate::init::metrics::EXPORTER;
use crate::init::{Backend, Problem};
use crate::stats::Counters;

/// Where metrics of model calls would go.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Metrics {}

impl Metrics {
    pub(in crate::init) fn read(environment: &mut Environment<'_>) -> Self {
        if environment.read(EXPORTER).is_some_and(|value| !value.eq_ignore_ascii_case("none")) {
            let feature = if cfg!(feature = "otlp") { "llm" } else { "otlp" };
            environment.problems.push(Problem::needs_feature(EXPORTER, feature));
        }
        Self {}
    }

    pub(in crate::init) fn want_a_pipeline(&self) -> bool {
        false
    }

    pub(in crate::init) fn add_to(
        &self,
        builder: PipelineBuilder,
        _: &Backend,
        _: &Arc<Counters>,
    ) -> PipelineBuilder {
        builder
    }
}
