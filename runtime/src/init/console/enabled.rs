//! With the feature `terminal`.

use std::io::IsTerminal;
use std::sync::Arc;

use crate::collect::PipelineBuilder;
use crate::export::terminal::TerminalSink;
use crate::stats::Counters;

/// Whether traces are shown when nothing says where they go.
pub(in crate::init) fn is_default() -> bool {
    std::io::stderr().is_terminal()
}

pub(in crate::init) fn add_to(builder: PipelineBuilder, counters: &Arc<Counters>) -> PipelineBuilder {
    builder.sink(TerminalSink::stderr().counters(Arc::clone(counters)))
}
