//! Runs one case so many rounds: `cases SIDE CASE ROUNDS`. Meant to be run under callgrind, by the gate.

use std::process::ExitCode;

use throughline_benches::{ours, peer};

#[expect(clippy::print_stderr, reason = "a command's way to say how it is used")]
fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let (scenario, rounds) = match arguments[..] {
        ["ours", case, rounds] => (ours::scenario(case), rounds.parse()),
        ["fastrace", case, rounds] => (peer::scenario(case), rounds.parse()),
        _ => (None, Ok(0)),
    };
    let (Some(scenario), Ok(rounds)) = (scenario, rounds) else {
        eprintln!("usage: cases ours|fastrace CASE ROUNDS");
        return ExitCode::FAILURE;
    };
    scenario.run(rounds);
    ExitCode::SUCCESS
}
