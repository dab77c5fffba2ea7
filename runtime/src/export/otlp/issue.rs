//! What is wrong with a setting.

use std::fmt;

/// What is wrong with an environment variable, and what is used instead. Never a reason to stop: whoever wires
/// the program together prints it once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigIssue {
    variable: String,
    problem: String,
    instead: String,
}

impl ConfigIssue {
    pub(super) fn new(variable: &str, problem: impl Into<String>, instead: impl Into<String>) -> Self {
        Self { variable: variable.to_owned(), problem: problem.into(), instead: instead.into() }
    }

    /// The variable's name.
    pub fn variable(&self) -> &str {
        &self.variable
    }
}

impl fmt::Display for ConfigIssue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}; {}", self.variable, self.problem, self.instead)
    }
}

impl std::error::Error for ConfigIssue {}
