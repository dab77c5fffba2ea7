//! Without the feature `terminal`: nothing to show traces with.

use std::sync::Arc;

use crate::collect::PipelineBuilder;
use crate::report;
use crate::stats::Counters;

pub(in crate::init) fn is_default() -> bool {
    false
}

pub(in crate::init) fn add_to(builder: PipelineBuilder, _: &Arc<Counters>) -> PipelineBuilder {
    report::say("no trace is shown: that needs the feature `terminal` of the crate `throughline`");
    builder
}
