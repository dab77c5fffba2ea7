//! A level that was given as a constant.

use crate::span::Level;

/// A constant of one of the types that levels have. Asked by inherent methods: a callsite is made where those of traits
/// cannot be called.
#[derive(Debug)]
pub struct GivenLevel<T>(T);

/// What is a level.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a level",
    label = "neither `throughline::span::Level` nor, with the feature `logs`, `tracing::Level`",
    note = "a word will do too: `level = \"debug\"`, or a number from 1 (trace) to 5 (error)"
)]
pub trait IsLevel: Copy {}

impl IsLevel for Level {}

#[cfg(feature = "logs")]
impl IsLevel for tracing_core::Level {}

impl<T: IsLevel> GivenLevel<T> {
    /// The constant, to be asked.
    pub const fn of(level: T) -> Self {
        Self(level)
    }
}

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
