//! What a side allocates on the producer's thread: `allocations SIDE CASE` prints the allocations of a unit after
//! warm-up, `allocations SIDE first` the bytes that a fresh thread's first span takes.

use std::process::ExitCode;
use std::thread;

use allocation_counter::measure;
use throughline_benches::driver::{SPANS, Scenario};
use throughline_benches::side;

/// Rounds before anything is counted, and rounds that are.
const ROUNDS: u64 = 20;

#[expect(clippy::print_stdout, clippy::print_stderr, reason = "the number is what the command is for")]
fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number = match &arguments[..] {
        [side, first] if first == "first" => side::scenario(side, "first").map(first_span),
        [side, case] => side::scenario(side, case).map(a_unit),
        _ => None,
    };
    match number {
        Some(number) => println!("{number:.3}"),
        None => {
            eprintln!("usage: allocations SIDE CASE|first");
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}

fn a_unit(scenario: Scenario) -> f64 {
    let kept = (scenario.prepare)();
    let mut counted = 0;
    for round in 0..2 * ROUNDS {
        let allocations = measure(scenario.round).count_total;
        counted += if round < ROUNDS { 0 } else { allocations };
        (scenario.settle)();
    }
    drop(kept);
    counted as f64 / (ROUNDS * SPANS) as f64
}

/// The bytes that a fresh thread holds when it has made one span. The span of another thread before takes out what is
/// made once a process.
fn first_span(scenario: Scenario) -> f64 {
    let kept = (scenario.prepare)();
    (scenario.round)();
    (scenario.settle)();
    let held = thread::scope(|scope| scope.spawn(|| measure(scenario.round).bytes_current).join());
    drop(kept);
    held.unwrap_or_default() as f64
}
