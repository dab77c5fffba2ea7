//! With the feature `terminal`.

use std::io::IsTerminal;

use crate::collect::PipelineBuilder;
use crate::export::terminal::TerminalSink;

/// Whether traces are shown when nothing says where they go.
pub(in crate::init) fn is_default() -> bool {
    std::io::stderr().is_terminal()
}

pub(in crate::init) fn add_to(builder: PipelineBuilder) -> PipelineBuilder {
    builder.sink(TerminalSink::stderr())
}
