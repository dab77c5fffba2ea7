//! Times beside all peers: `cargo run --profile thin -p throughline-benches --features report --bin report`.
//!
//! Not a gate: times hold for one machine and one run. Each number is of a process of its own.

use std::path::Path;
use std::process::{Command, ExitCode};
use std::time::Duration;
use std::{env, io};

use rustix::time::{ClockId, clock_gettime};
use throughline_benches::case::{self, Beside, CORE, Case, LAYERS};
use throughline_benches::side::{self, SIDES};
use throughline_benches::{bytes, cargo, driver, table};

/// Rounds before anything is timed, and rounds that are.
const ROUNDS: usize = 200;
/// Rounds between two flushes where the way to bytes counts: as many as the queues of all sides hold.
const FLUSH_EVERY: usize = 20;

#[expect(clippy::print_stdout, clippy::print_stderr, reason = "the report is what the command is for")]
fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match arguments[..] {
        [] => report().map(|report| print!("{report}")),
        ["wall", side, case] => one(wall(side, case)).map(|nanos| println!("{nanos:.1}")),
        ["bytes", side, case] => one(cpu_to_bytes(side, case)).map(|nanos| println!("{nanos:.1}")),
        _ => Err(io::Error::other("usage: report [wall|bytes SIDE CASE]")),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("report: {error}");
            ExitCode::FAILURE
        }
    }
}

fn one(number: Option<f64>) -> io::Result<f64> {
    number.ok_or_else(|| io::Error::other("no such side or case"))
}

fn report() -> io::Result<String> {
    let report = env::current_exe()?;
    let allocations = cargo::build("allocations", "release", "report", &cargo::target_directory()?)?;
    let cases: Vec<&str> = CORE.iter().map(|case| case.name).collect();
    let to_bytes = ["trace_100", "attributes_3"];
    let of_producer = ["trace_100", "attributes_3", "async_ready", "async_yields_3"];
    Ok([
        part(
            "ns of wall time a unit, on the producer's thread (median of rounds)",
            &cases,
            &report,
            &["wall"],
        ),
        layers(&report),
        part(
            "ns of CPU of the whole process a span, until it is in an OTLP body",
            &to_bytes,
            &report,
            &["bytes"],
        ),
        part("allocations a span, on the producer's thread", &of_producer, &allocations, &[]),
        part("bytes that a fresh thread holds after its first span", &["first"], &allocations, &[]),
    ]
    .concat())
}

fn part(title: &str, cases: &[&str], program: &Path, before: &[&str]) -> String {
    let rows: Vec<Vec<String>> = cases
        .iter()
        .map(|case| {
            let numbers = SIDES.map(|side| measure(program, before, side, case));
            let ratio = numbers[0]
                .zip(numbers[1])
                .filter(|(_, peer)| *peer > 0.0)
                .map(|(ours, peer)| format!("{:.3}", ours / peer));
            let cells = numbers.iter().map(|number| number.map(|number| number.to_string()));
            let cells = cells.chain([ratio]).map(|cell| cell.unwrap_or_else(|| "-".to_owned()));
            std::iter::once((*case).to_owned()).chain(cells).collect()
        })
        .collect();
    let head: Vec<&str> = ["case"].into_iter().chain(SIDES).chain(["ours/fastrace"]).collect();
    format!("{title}\n\n{}\n", table::render(&head, &rows))
}

/// What stands on the core has other peers than it, or none.
fn layers(report: &Path) -> String {
    let rows: Vec<Vec<String>> = LAYERS.iter().map(|case| layer(report, case)).collect();
    let head = ["case", "ours", "peer", "promised"];
    format!(
        "ns of wall time a unit of what stands on the core (median of rounds)\n\n{}\n",
        table::render(&head, &rows)
    )
}

fn layer(report: &Path, case: &Case) -> Vec<String> {
    let number = |side| measure(report, &["wall"], side, case.name);
    let without = if case.less_without { number("without") } else { Some(0.0) };
    let ours = number("ours").zip(without).map(|(ours, without)| ours - without);
    let peer = match case.beside {
        Beside::Peer(side, _) => number(side),
        Beside::Nothing => None,
    };
    let promised = case.nanos().or(case.ratio().zip(peer).map(|(ratio, peer)| ratio * peer));
    let cells =
        [ours, peer, promised].map(|cell| cell.map_or_else(|| "-".to_owned(), |cell| format!("{cell:.0}")));
    std::iter::once(case.name.to_owned()).chain(cells).collect()
}

/// The number that a process of its own prints; `None` when that side has no such case.
fn measure(program: &Path, before: &[&str], side: &str, case: &str) -> Option<f64> {
    let output = Command::new(program).args(before).args([side, case]).output().ok()?;
    String::from_utf8(output.stdout).ok()?.trim().parse().ok()
}

fn wall(side: &str, case: &str) -> Option<f64> {
    let units = case::find(case)?.units;
    let scenario = side::scenario(side, case)?;
    let kept = (scenario.prepare)();
    let mut rounds: Vec<Duration> = Vec::with_capacity(2 * ROUNDS);
    for _ in 0..2 * ROUNDS {
        let start = now(ClockId::Monotonic);
        driver::producer_side(scenario.round);
        rounds.push(now(ClockId::Monotonic).saturating_sub(start));
        (scenario.settle)();
    }
    drop(kept);
    let timed = rounds.get_mut(ROUNDS..)?;
    timed.sort_unstable();
    Some(timed.get(timed.len() / 2)?.as_nanos() as f64 / units as f64)
}

fn cpu_to_bytes(side: &str, case: &str) -> Option<f64> {
    let scenario = side::to_bytes(side, case)?;
    let kept = (scenario.prepare)();
    let mut start = Duration::ZERO;
    for round in 0..2 * ROUNDS {
        if round == ROUNDS {
            start = now(ClockId::ProcessCPUTime);
        }
        driver::producer_side(scenario.round);
        // Not each time: a flush is work that the spans do not ask for.
        if round % FLUSH_EVERY == FLUSH_EVERY - 1 {
            (scenario.settle)();
        }
    }
    let spent = now(ClockId::ProcessCPUTime).saturating_sub(start);
    drop(kept);
    // A side that lost spans would look cheap.
    let spans = (2 * ROUNDS) as u64 * driver::SPANS;
    assert!(bytes::written() > 50 * spans, "{} bytes for {spans} spans", bytes::written());
    Some(spent.as_nanos() as f64 / (ROUNDS as u64 * driver::SPANS) as f64)
}

fn now(clock: ClockId) -> Duration {
    let time = clock_gettime(clock);
    Duration::new(time.tv_sec.unsigned_abs(), u32::try_from(time.tv_nsec).unwrap_or(0))
}
