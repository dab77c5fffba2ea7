//! With the feature `otlp`.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use crate::collect::PipelineBuilder;
use crate::export::file::FileSink;
use crate::export::otlp::{OtlpConfig, OtlpSink, Resource};
use crate::export::zipkin::{ZipkinConfig, ZipkinSink};
use crate::init::environment::Environment;
use crate::init::{Config, Exporter, console};
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
        for issues in [of_resource, of_otlp, of_zipkin] {
            environment.report_new(issues);
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

    /// Adds the sink of an exporter. What cannot be sent to is reported, and the program goes on without.
    pub(in crate::init) fn add_to(
        &self,
        exporter: Exporter,
        builder: PipelineBuilder,
        config: &Config,
        counters: &Arc<Counters>,
    ) -> PipelineBuilder {
        let Self { otlp, zipkin, file, resource } = self;
        let counted = Arc::clone(counters);
        match exporter {
            Exporter::Otlp => {
                let sink = OtlpSink::start(otlp.clone(), resource, counted);
                added(builder, config, sink, &otlp.shown_endpoint())
            }
            Exporter::Zipkin => {
                let sink = ZipkinSink::start(zipkin.clone(), resource, counted);
                added(builder, config, sink, &zipkin.http.shown_endpoint())
            }
            Exporter::OtlpFile => {
                let sink = FileSink::append(file, resource, counted);
                added(builder, config, sink, &file.display().to_string())
            }
            Exporter::OtlpStdout => config.add_sink(builder, FileSink::stdout(resource, counted)),
            Exporter::Console => console::add_to(builder, counters),
        }
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
