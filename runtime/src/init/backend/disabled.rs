//! Without the feature `otlp`: the name of the service alone.

use std::sync::Arc;

use crate::collect::PipelineBuilder;
use crate::init::environment::Environment;
use crate::init::{Config, Exporter, console};
use crate::report;
use crate::service_name;
use crate::stats::Counters;

/// The name of the service.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Backend {
    service_name: String,
}

impl Backend {
    pub(in crate::init) fn read(environment: &mut Environment<'_>) -> Self {
        let name = environment.read("OTEL_SERVICE_NAME");
        Self { service_name: name.unwrap_or_else(service_name::unknown) }
    }

    /// The name of the service.
    pub fn service_name(&self) -> &str {
        &self.service_name
    }

    pub(in crate::init) fn set_service_name(&mut self, name: &str) {
        self.service_name = name.to_owned();
    }

    pub(in crate::init) fn add_to(
        &self,
        exporter: Exporter,
        builder: PipelineBuilder,
        _: &Config,
        counters: &Arc<Counters>,
    ) -> PipelineBuilder {
        if exporter == Exporter::Console {
            return console::add_to(builder, counters);
        }
        report::say(
            "nothing is sent by OTLP, to Zipkin or to a file: that needs the feature `otlp` of the crate `throughline`",
        );
        builder
    }
}
