//! Runs a case of the core.

use std::process::ExitCode;

use throughline_benches::{driver, ours, peer};

fn main() -> ExitCode {
    driver::main(|side, case| match side {
        "ours" => ours::scenario(case),
        "fastrace" => peer::scenario(case),
        _ => None,
    })
}
