//! With the feature `otlp`.

use std::sync::Arc;

use crate::collect::PipelineBuilder;
use crate::export::otlp::{OtlpConfig, OtlpSink, Resource};
use crate::init::Config;
use crate::init::environment::Environment;
use crate::report;
use crate::stats::Counters;

/// The name of the service, and how spans are sent.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Backend {
    /// Where spans are sent by OTLP.
    pub otlp: OtlpConfig,
    /// What makes the spans, with the name of the service.
    pub resource: Resource,
}

impl Backend {
    pub(in crate::init) fn read(environment: &mut Environment<'_>) -> Self {
        let (resource, of_resource) = Resource::from_env(environment.get);
        let (otlp, of_otlp) = OtlpConfig::from_env(environment.get);
        environment.problems.extend(of_resource.into_iter().chain(of_otlp).map(Into::into));
        Self { otlp, resource }
    }

    /// The name of the service.
    pub fn service_name(&self) -> &str {
        self.resource.service_name()
    }

    pub(in crate::init) fn set_service_name(&mut self, name: &str) {
        self.resource.set(crate::semconv::SERVICE_NAME, name);
    }

    /// Adds the sink that sends. What cannot be sent to is reported, and the program goes on without.
    pub(in crate::init) fn add_to(
        &self,
        builder: PipelineBuilder,
        config: &Config,
        counters: &Arc<Counters>,
    ) -> PipelineBuilder {
        match OtlpSink::start(self.otlp.clone(), &self.resource, Arc::clone(counters)) {
            Ok(sink) => config.add_sink(builder, sink),
            Err(error) => {
                report::say(&format!("nothing is sent to {}: {error}", self.otlp.shown_endpoint()));
                builder
            }
        }
    }
}
