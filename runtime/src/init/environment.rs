//! Reading variables.

use std::fmt;
use std::str::FromStr;

#[cfg(feature = "otlp")]
use crate::export::otlp::ConfigIssue;
use crate::init::Problem;

/// What reads variables, and what was wrong with them.
pub(super) struct Environment<'a> {
    /// The variables themselves, for parts that read their own.
    pub(super) get: &'a dyn Fn(&str) -> Option<String>,
    pub(super) problems: Vec<Problem>,
}

impl<'a> Environment<'a> {
    pub(super) fn new(get: &'a dyn Fn(&str) -> Option<String>) -> Self {
        Self { get, problems: Vec::new() }
    }

    /// The value of a variable, without spaces around it; an empty one is as one that is not set, as
    /// [OpenTelemetry](https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/#parsing-empty-value)
    /// has it.
    pub(super) fn read(&self, variable: &str) -> Option<String> {
        (self.get)(variable).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty())
    }

    /// The first variable of `variables` that is set, and its value.
    fn first<'v>(&self, variables: &[&'v str]) -> Option<(&'v str, String)> {
        variables.iter().find_map(|variable| Some((*variable, self.read(variable)?)))
    }

    pub(super) fn problem(&mut self, variable: &str, problem: impl fmt::Display, instead: impl fmt::Display) {
        self.problems.push(Problem::new(variable, problem, instead));
    }

    /// What a part found wrong, but for variables that another one complained of already.
    #[cfg(feature = "otlp")]
    pub(super) fn report_new(&mut self, issues: Vec<ConfigIssue>) {
        let known = self.problems.len();
        for issue in issues {
            if !self.problems[..known].iter().any(|known| known.variable() == issue.variable()) {
                self.problems.push(issue.into());
            }
        }
    }

    /// The value of the first variable that is set; `default` when it is malformed or none is.
    pub(super) fn parse<T: FromStr<Err: fmt::Display> + fmt::Display>(
        &mut self,
        variables: &[&str],
        default: T,
    ) -> T {
        let Some((variable, value)) = self.first(variables) else { return default };
        value.parse().unwrap_or_else(|error| {
            self.problem(variable, format_args!("`{value}`: {error}"), format_args!("{default} is used"));
            default
        })
    }

    /// Whether a variable is `true`; see the rules of
    /// [OpenTelemetry](https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/#boolean).
    pub(super) fn is_true(&mut self, variable: &str) -> bool {
        match self.read(variable) {
            Some(value) if value.eq_ignore_ascii_case("true") => true,
            Some(value) if !value.eq_ignore_ascii_case("false") => {
                self.problem(variable, format_args!("`{value}` is neither true nor false"), "false is used");
                false
            }
            _ => false,
        }
    }
}
