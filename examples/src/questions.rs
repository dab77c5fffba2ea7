//! The questions of a file.

use std::fs;
use std::path::Path;

use anyhow::Context as _;

/// The questions of a file, one a line, or those that ship with the example.
pub fn of(file: Option<&Path>, shipped: &str) -> anyhow::Result<Vec<String>> {
    let text = match file {
        None => shipped.to_owned(),
        Some(file) => fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?,
    };
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let questions: Vec<String> = lines.map(str::to_owned).collect();
    anyhow::ensure!(!questions.is_empty(), "there is no question in the file");
    Ok(questions)
}
