//! The waterfall of a trace on a terminal.
