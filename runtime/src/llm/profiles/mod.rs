//! Keys that single backends want besides those of the conventions.
//!
//! A profile translates finished spans on their way to a sink, on the worker's thread: whoever makes the spans pays
//! nothing for it, and nobody where none is asked for.

mod additions;
mod facts;
mod langfuse;
mod logfire;
mod openinference;
mod profiled;
mod step;

pub use profiled::Profiled;

use self::additions::Additions;
use self::step::Step;
use crate::named::named;

/// Keys that a backend wants besides those of the conventions, on spans that have to do with language models.
///
/// ```
/// use throughline::llm::Profile;
///
/// assert_eq!("openinference".parse(), Ok(Profile::OpenInference));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Profile {
    /// [OpenInference](https://github.com/Arize-ai/openinference), which Phoenix and others read.
    OpenInference,
    /// Those of Langfuse.
    Langfuse,
    /// Those of Logfire.
    Logfire,
}

/// The text names no profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ParseProfileError;

impl Profile {
    /// The variable of the environment that lists them.
    pub const VARIABLE: &'static str = "THROUGHLINE_PROFILES";

    /// Adds its keys to those of a span.
    fn translate(self, step: Step, additions: &mut Additions<'_>) {
        match self {
            Self::OpenInference => openinference::translate(step, additions),
            Self::Langfuse => langfuse::translate(step, additions),
            Self::Logfire => logfire::translate(additions),
        }
    }
}

named!(Profile, ParseProfileError, "`openinference`, `langfuse` or `logfire`", {
    OpenInference = "openinference",
    Langfuse = "langfuse",
    Logfire = "logfire",
});
