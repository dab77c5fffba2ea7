//! `THROUGHLINE_LOG`.

use crate::named::named;

/// How log lines are written to the standard output.
///
/// ```
/// use throughline::init::LogFormat;
///
/// assert_eq!("pretty".parse(), Ok(LogFormat::Pretty));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum LogFormat {
    /// One JSON object a line.
    #[default]
    Json,
    /// For people.
    Pretty,
    /// Not at all. Events of `tracing` still become events of spans.
    Off,
}

/// The text names no format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ParseLogFormatError;

impl LogFormat {
    /// The variable of the environment that names it.
    pub const VARIABLE: &'static str = "THROUGHLINE_LOG";
}

named!(LogFormat, ParseLogFormatError, "`json`, `pretty` or `off`", {
    Json = "json",
    Pretty = "pretty",
    Off = "off",
});
