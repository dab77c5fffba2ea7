//! Without the feature `terminal`: nothing to show traces with.

use crate::collect::PipelineBuilder;
use crate::report;

pub(in crate::init) fn is_default() -> bool {
    false
}

pub(in crate::init) fn add_to(builder: PipelineBuilder) -> PipelineBuilder {
    report::say("no trace is shown: that needs the feature `terminal` of the crate `throughline`");
    builder
}
