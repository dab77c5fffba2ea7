//! A level that was given as a constant.

use crate::span::Level;

/// A constant of one of the types that levels have. Inherent, so that it can be asked where a callsite is made.
#[derive(Debug)]
pub struct GivenLevel<T>(pub T);

impl GivenLevel<Level> {
    /// Itself.
    pub const fn __level(self) -> Level {
        self.0
    }
}

#[cfg(feature = "logs")]
impl GivenLevel<tracing_core::Level> {
    /// The level of the same name.
    pub const fn __level(self) -> Level {
        match self.0 {
            tracing_core::Level::ERROR => Level::Error,
            tracing_core::Level::WARN => Level::Warn,
            tracing_core::Level::INFO => Level::Info,
            tracing_core::Level::DEBUG => Level::Debug,
            tracing_core::Level::TRACE => Level::Trace,
        }
    }
}
