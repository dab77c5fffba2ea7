//! Counts every case in both profiles, prints the table, and fails when one may not land.
//!
//! `cargo run --release -p throughline-benches --bin gate`; with `-- --store` it writes the counts down instead.

use std::path::PathBuf;
use std::process::{Command, ExitCode};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::{env, fs, thread};

use throughline_benches::case::{Beside, Case, PROGRAMS};
use throughline_benches::counts::{self, Counts};
use throughline_benches::verdict::Measured;
use throughline_benches::{callgrind, cargo, table};

/// What users build with, and what those build with who ask for the last bit.
const PROFILES: [&str; 2] = ["release", "thin"];

type Failure = Box<dyn std::error::Error>;

#[expect(clippy::print_stderr, reason = "a command's way to report an error")]
fn main() -> ExitCode {
    match run(env::args().any(|argument| argument == "--store")) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("gate: {error}");
            ExitCode::FAILURE
        }
    }
}

#[expect(clippy::print_stdout, reason = "the table is what the command is for")]
fn run(store: bool) -> Result<bool, Failure> {
    let compiler = compiler()?;
    let (stored, stored_by) = counts::load()?;
    let measured = measure(&stored)?;
    for profile in PROFILES {
        let rows: Vec<_> = measured.iter().filter(|one| one.profile == profile).map(row).collect();
        println!("instructions a unit, profile {profile}\n\n{}", table::render(&HEAD, &rows));
    }
    if !has_counter() {
        println!(
            "gate: not judged: this machine's kernel does not list `tsc`, so that each span asks the system for the time"
        );
        return Ok(!store);
    }
    if store {
        let key = |one: &Measured| (one.profile.to_owned(), one.case.name.to_owned());
        counts::store(&measured.iter().map(|one| (key(one), one.ours)).collect(), &compiler)?;
        println!("stored");
        return Ok(true);
    }
    let passes = measured.iter().all(|one| one.verdict().passes());
    if !passes && stored_by.as_ref().is_some_and(|stored_by| *stored_by != compiler) {
        println!("counted with {compiler}, stored with {}", stored_by.unwrap_or_default());
    }
    println!("gate: {}", if passes { "all cases may land" } else { "FAILED" });
    Ok(passes)
}

const HEAD: [&str; 11] = [
    "case",
    "ours",
    "without",
    "added",
    "budget",
    "peer",
    "ratio",
    "ratio promised",
    "stored",
    "delta",
    "verdict",
];

fn row(one: &Measured) -> Vec<String> {
    let or_dash = |value: Option<String>| value.unwrap_or_else(|| "-".to_owned());
    vec![
        one.case.name.to_owned(),
        format!("{:.1}", one.ours),
        or_dash(one.without.map(|without| format!("{without:.1}"))),
        format!("{:.1}", one.added()),
        or_dash(one.case.instructions().map(|budget| format!("{budget:.0}"))),
        or_dash(one.peer.map(|peer| format!("{peer:.1}"))),
        or_dash(one.ratio().map(|ratio| format!("{ratio:.3}"))),
        or_dash(one.case.ratio().map(|ratio| format!("{ratio:.2}"))),
        or_dash(one.stored.map(|stored| format!("{stored:.1}"))),
        or_dash(one.delta().map(|delta| format!("{:+.1}%", 100.0 * delta))),
        one.verdict().word().to_owned(),
    ]
}

/// Counts everything, with as many valgrinds at a time as there are cores.
fn measure(stored: &Counts) -> Result<Vec<Measured>, Failure> {
    let target = cargo::target_directory()?;
    let mut jobs = Vec::new();
    for profile in PROFILES {
        let scratch = target.join("callgrind").join(profile);
        fs::create_dir_all(&scratch)?;
        for program in PROGRAMS {
            let path = cargo::build(program.name, profile, program.features, &target)?;
            let job = |case| Job { case, profile, program: path.clone(), scratch: scratch.clone() };
            jobs.extend(program.cases.iter().map(job));
        }
    }
    let (next, results) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                while let Some((at, job)) = take(&jobs, &next) {
                    let result = job.run(stored);
                    results.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).push((at, result));
                }
            });
        }
    });
    let mut results = results.into_inner().unwrap_or_else(|poisoned| poisoned.into_inner());
    results.sort_by_key(|(at, _)| *at);
    Ok(results.into_iter().map(|(_, result)| result).collect::<Result<Vec<_>, _>>()?)
}

fn take<'a>(jobs: &'a [Job], next: &AtomicUsize) -> Option<(usize, &'a Job)> {
    let at = next.fetch_add(1, Ordering::Relaxed);
    Some((at, jobs.get(at)?))
}

/// One case in one profile.
struct Job {
    case: &'static Case,
    profile: &'static str,
    program: PathBuf,
    scratch: PathBuf,
}

impl Job {
    fn run(&self, stored: &Counts) -> Result<Measured, String> {
        let Self { case, profile, .. } = *self;
        let count = |side| callgrind::count(&self.program, side, case, &self.scratch);
        let (ours, without) = (count("ours")?, case.less_without.then(|| count("without")).transpose()?);
        let peer = match case.beside {
            Beside::Peer(side, _) => Some(count(side)?),
            Beside::Nothing => None,
        };
        let stored = stored.get(&(profile.to_owned(), case.name.to_owned())).copied();
        Ok(Measured { case, profile, ours, without, peer, stored })
    }
}

/// Whether the time stamp counter is read, as it was for the stored counts and the budgets.
fn has_counter() -> bool {
    fs::read_to_string("/sys/devices/system/clocksource/clocksource0/available_clocksource")
        .is_ok_and(|sources| sources.split_whitespace().any(|source| source == "tsc"))
}

fn compiler() -> Result<String, Failure> {
    let output =
        Command::new(env::var_os("RUSTC").unwrap_or_else(|| "rustc".into())).arg("--version").output()?;
    Ok(String::from_utf8(output.stdout)?.trim().to_owned())
}
