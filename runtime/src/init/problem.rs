//! What is wrong with a setting.

use std::fmt;

/// What is wrong with an environment variable, and what is used instead. Never a reason to stop: `init` says it
/// once, on stderr.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    variable: String,
    text: String,
}

impl Problem {
    /// `problem` says what is wrong with the variable, `instead` what happens now.
    pub(super) fn new(variable: &str, problem: impl fmt::Display, instead: impl fmt::Display) -> Self {
        Self { variable: variable.to_owned(), text: format!("{variable}: {problem}; {instead}") }
    }

    /// A variable that is part of the plan and has no effect yet.
    pub(super) fn not_built(variable: &str) -> Self {
        Self::new(variable, "is known, but not built in this version", "it has no effect")
    }

    /// A variable whose effect was left out when the program was built.
    pub(super) fn needs_feature(variable: &str, feature: &str) -> Self {
        let problem = format!("needs the feature `{feature}` of the crate `throughline`");
        Self::new(variable, problem, "it has no effect")
    }

    /// The variable.
    pub fn variable(&self) -> &str {
        &self.variable
    }
}

#[cfg(feature = "otlp")]
impl From<crate::export::otlp::ConfigIssue> for Problem {
    fn from(issue: crate::export::otlp::ConfigIssue) -> Self {
        Self { variable: issue.variable().to_owned(), text: issue.to_string() }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl std::error::Error for Problem {}
