//! `THROUGHLINE_LOG`.

use std::fmt;
use std::str::FromStr;

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

impl FromStr for LogFormat {
    type Err = ParseLogFormatError;

    fn from_str(name: &str) -> Result<Self, ParseLogFormatError> {
        match name {
            "json" => Ok(Self::Json),
            "pretty" => Ok(Self::Pretty),
            "off" => Ok(Self::Off),
            _ => Err(ParseLogFormatError),
        }
    }
}

impl fmt::Display for LogFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Json => "json",
            Self::Pretty => "pretty",
            Self::Off => "off",
        })
    }
}

impl fmt::Display for ParseLogFormatError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("expected `json`, `pretty` or `off`")
    }
}

impl std::error::Error for ParseLogFormatError {}
