//! Starts what a config describes.

use std::sync::Arc;
use std::time::Duration;

use crate::Pipeline;
use crate::collect::PipelineBuilder;
use crate::init::guard::Started;
use crate::init::{Config, Exporter, console};
use crate::report;
use crate::stats::Counters;

/// Adds a sink of the program.
pub(super) type AddSink = Box<dyn FnOnce(PipelineBuilder, &Config) -> PipelineBuilder>;

/// Starts the pipeline of the process, where spans go anywhere.
pub(super) fn pipeline(config: &Config, sinks: Vec<AddSink>, flush_timeout: Duration) -> Option<Started> {
    let exporters = match &config.exporters {
        _ if config.disabled => return None,
        Some(exporters) => exporters.clone(),
        None if sinks.is_empty() && console::is_default() => vec![Exporter::Console],
        None => Vec::new(),
    };
    if exporters.is_empty() && sinks.is_empty() && !config.metrics.want_a_pipeline() {
        return None;
    }
    let counters = Arc::new(Counters::default());
    let mut builder = limited(config).counters(Arc::clone(&counters));
    for exporter in exporters {
        builder = config.backend.add_to(exporter, builder, config, &counters);
    }
    let builder = config.metrics.add_to(builder, &config.backend, &counters);
    let builder = sinks.into_iter().fold(builder, |builder, add| add(builder, config));
    match builder.start() {
        Ok(pipeline) => Some(Started { pipeline, flush_timeout }),
        Err(error) => {
            report::say(&format!("nothing is traced: {error}"));
            None
        }
    }
}

fn limited(config: &Config) -> PipelineBuilder {
    let limits = config.limits;
    Pipeline::builder()
        .sampler(config.sampler)
        .span_limits(limits.attributes, limits.events, limits.links)
        .value_length(limits.value_length)
}
