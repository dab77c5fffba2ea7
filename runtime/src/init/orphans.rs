//! `THROUGHLINE_ORPHANS`.

use crate::named::named;
use crate::span::orphans;

/// What is said of spans that begin without a parent in a process that has served requests: mostly, their context was lost
/// where the work was handed to another task or thread.
///
/// The first request is the first one that a server's layer or a job takes, or that is [extracted](crate::extract); what
/// begins before is the program's own. A span that is to begin a trace says so by `root`, and is never reported.
///
/// ```
/// use throughline::init::Orphans;
///
/// assert_eq!("warn".parse(), Ok(Orphans::Warn));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Orphans {
    /// Nothing.
    #[default]
    Off,
    /// File and line of the annotated function, on stderr, once for each. For development: traces take longer to begin.
    Warn,
}

/// The text says none of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ParseOrphansError;

impl Orphans {
    /// The variable of the environment that says it.
    pub const VARIABLE: &'static str = "THROUGHLINE_ORPHANS";

    pub(super) fn install(self) {
        match self {
            Self::Off => {}
            Self::Warn => orphans::watch(),
        }
    }
}

named!(Orphans, ParseOrphansError, "`warn` or `off`", {
    Off = "off",
    Warn = "warn",
});
