//! Runs a case under callgrind and reads what it counted.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::case::Case;

/// How many rounds the shorter run has: enough for every thread-local buffer to have reached its size.
const ROUNDS: u64 = 20;

/// Counts the instructions of one unit: the difference between runs of N and 2N rounds, which cancels what is done once.
///
/// # Errors
///
/// When valgrind or the case fails, with what it said.
pub fn count(program: &Path, side: &str, case: &Case, scratch: &Path) -> Result<f64, String> {
    let collect = |rounds| collect(program, side, case.name, rounds, scratch);
    let (short, long) = (collect(ROUNDS)?, collect(2 * ROUNDS)?);
    let difference =
        long.checked_sub(short).ok_or_else(|| format!("{side} {}: twice as much took less", case.name))?;
    Ok(difference as f64 / (ROUNDS * case.units) as f64)
}

/// Counts what one run does inside of `driver::producer_side`, on the thread that calls it.
fn collect(program: &Path, side: &str, case: &str, rounds: u64, scratch: &Path) -> Result<u64, String> {
    let file: PathBuf = scratch.join(format!("callgrind.out.{side}.{case}.{rounds}"));
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--toggle-collect=*producer_side*", "--quiet"])
        .arg(format!("--callgrind-out-file={}", file.display()))
        .arg(program)
        .args([side, case, &rounds.to_string()])
        .output()
        .map_err(|error| format!("valgrind: {error}"))?;
    if !output.status.success() {
        return Err(format!("{side} {case}: {}", String::from_utf8_lossy(&output.stderr)));
    }
    let text = fs::read_to_string(&file).map_err(|error| format!("{}: {error}", file.display()))?;
    summary(&text).ok_or_else(|| format!("{}: no summary", file.display()))
}

/// The total that callgrind writes at the end of its file.
fn summary(text: &str) -> Option<u64> {
    let line = text.lines().find_map(|line| line.strip_prefix("summary: "))?;
    line.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_total_is_the_first_event_of_the_summary() {
        assert_eq!(super::summary("events: Ir\nfn=a\n1 2\nsummary: 123 4\ntotals: 9\n"), Some(123));
        assert_eq!(super::summary("events: Ir\n"), None);
    }
}
