//! The tests of a package, and the spans that were recorded while they ran.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result, ensure};

use crate::cargo::{cargo, logged};

/// What became of the tests, each by the binary it is in and its name.
#[derive(Default)]
pub(crate) struct Outcome {
    pub(crate) passed: BTreeSet<String>,
    pub(crate) failed: BTreeSet<String>,
}

/// What the recorder wrote.
#[derive(Default)]
pub(crate) struct Spans {
    pub(crate) recorded: u64,
    pub(crate) dropped: u64,
    /// The functions that had any.
    pub(crate) functions: BTreeSet<String>,
}

/// Runs the unit tests and the integration tests of the package in `root`. The processes write their spans to `spans`.
pub(crate) fn run(root: &Path, features: &[&str], spans: &Path, log: &Path) -> Result<Outcome> {
    let mut test = cargo(root, &["test", "--tests", "--no-fail-fast"]);
    let (_, text) = logged(test.args(features).env("ANNOTATE_SPANS", spans), log)?;
    let outcome = read(&text);
    let is_built = !text.lines().any(|line| line.starts_with("error: could not compile"));
    ensure!(is_built, "the tests do not build, see {}", log.display());
    Ok(outcome)
}

/// The names in what cargo and the test binaries print.
fn read(text: &str) -> Outcome {
    let mut outcome = Outcome::default();
    let mut binary = "";
    for line in text.lines() {
        if let Some(running) = line.trim_start().strip_prefix("Running ") {
            binary = running.split(" (").next().unwrap_or(running);
        } else if let Some((name, result)) =
            line.strip_prefix("test ").and_then(|test| test.rsplit_once(" ... "))
        {
            let test = format!("{binary} {name}");
            match result.split(' ').next() {
                Some("ok") => outcome.passed.insert(test),
                Some("FAILED") => outcome.failed.insert(test),
                _ => false,
            };
        }
    }
    outcome
}

/// Reads what the recorder wrote.
pub(crate) fn spans(file: &Path) -> Result<Spans> {
    let text = fs::read_to_string(file).with_context(|| file.display().to_string())?;
    let mut counts = BTreeMap::<&str, u64>::new();
    for line in text.lines() {
        let (count, what) = line.split_once(' ').context("a line of the recorder has two parts")?;
        *counts.entry(what).or_default() += count.parse::<u64>()?;
    }
    let dropped = counts.remove("dropped").unwrap_or_default();
    let recorded = counts.values().sum();
    Ok(Spans { recorded, dropped, functions: counts.into_keys().map(str::to_owned).collect() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tests_are_known_by_their_binary_and_name() {
        let outcome = read(
            "     Running unittests src/lib.rs (target/debug/deps/a-1)\n\
             test b::c ... ok\ntest d - should panic ... ok\ntest e ... ignored\n\
             \x20    Running tests/f.rs (target/debug/deps/f-1)\n\
             test b::c ... FAILED\n",
        );
        let passed: Vec<_> = outcome.passed.iter().map(String::as_str).collect();
        assert_eq!(passed, ["unittests src/lib.rs b::c", "unittests src/lib.rs d - should panic"]);
        assert!(outcome.failed.contains("tests/f.rs b::c") && outcome.failed.len() == 1);
    }
}
