//! With the feature `otlp`.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use crate::collect::PipelineBuilder;
use crate::export::file::FileSink;
use crate::export::otlp::{OtlpConfig, OtlpSink, Resource};
use crate::export::zipkin::{ZipkinConfig, ZipkinSink};
use crate::init::Config;
use crate::init::environment::Environment;
use crate::report;
use crate::span::Sink;
use crate::stats::Counters;

/// The name of the service, and how spans are sent.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Backend {
    /// Where spans are sent by OTLP.
    pub otlp: OtlpConfig,
    /// Where spans are sent as Zipkin's.
    pub zipkin: ZipkinConfig,
    /// The file that spans are written to.
    pub file: PathBuf,
    /// What makes the spans, with the name of the service.
    pub resource: Resource,
}

impl Backend {
    pub(in crate::init) fn read(environment: &mut Environment<'_>) -> Self {
        let (resource, of_resource) = Resource::from_env(environment.get);
        let (otlp, of_otlp) = OtlpConfig::from_env(environment.get);
        let (zipkin, of_zipkin) = ZipkinConfig::from_env(environment.get);
        for issue in of_resource.into_iter().chain(of_otlp).chain(of_zipkin) {
            // What is wrong with a variable of several exporters is said once.
            if !environment.problems.iter().any(|known| known.variable() == issue.variable()) {
                environment.problems.push(issue.into());
            }
        }
        let file = environment.read("THROUGHLINE_OTLP_FILE").unwrap_or_else(|| "traces.jsonl".to_owned());
        Self { otlp, zipkin, file: file.into(), resource }
    }

    /// The name of the service.
    pub fn service_name(&self) -> &str {
        self.resource.service_name()
    }

    pub(in crate::init) fn set_service_name(&mut self, name: &str) {
        self.resource.set(crate::semconv::SERVICE_NAME, name);
    }

    /// Adds the sink that sends OTLP. What cannot be sent to is reported, and the program goes on without.
    pub(in crate::init) fn add_otlp_to(
        &self,
        builder: PipelineBuilder,
        config: &Config,
        counters: &Arc<Counters>,
    ) -> PipelineBuilder {
        let sink = OtlpSink::start(self.otlp.clone(), &self.resource, Arc::clone(counters));
        added(builder, config, sink, &self.otlp.shown_endpoint())
    }

    /// The same for Zipkin.
    pub(in crate::init) fn add_zipkin_to(
        &self,
        builder: PipelineBuilder,
        config: &Config,
        counters: &Arc<Counters>,
    ) -> PipelineBuilder {
        let sink = ZipkinSink::start(self.zipkin.clone(), &self.resource, Arc::clone(counters));
        added(builder, config, sink, &self.zipkin.http.shown_endpoint())
    }

    /// The same for the file.
    pub(in crate::init) fn add_file_to(
        &self,
        builder: PipelineBuilder,
        config: &Config,
        counters: &Arc<Counters>,
    ) -> PipelineBuilder {
        let sink = FileSink::append(&self.file, &self.resource, Arc::clone(counters));
        added(builder, config, sink, &self.file.display().to_string())
    }

    /// The same for the standard output, which is always there.
    pub(in crate::init) fn add_stdout_to(
        &self,
        builder: PipelineBuilder,
        config: &Config,
        counters: &Arc<Counters>,
    ) -> PipelineBuilder {
        config.add_sink(builder, FileSink::stdout(&self.resource, Arc::clone(counters)))
    }
}

fn added(
    builder: PipelineBuilder,
    config: &Config,
    sink: io::Result<impl Sink + 'static>,
    to: &str,
) -> PipelineBuilder {
    match sink {
        Ok(sink) => config.add_sink(builder, sink),
        Err(error) => {
            report::say(&format!("nothing is sent to {to}: {error}"));
            builder
        }
    }
}
