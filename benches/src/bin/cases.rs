//! Runs a case of the core.

use std::process::ExitCode;

use throughline_benches::{driver, ours, peer, without};

fn main() -> ExitCode {
    driver::main(|side, case| match side {
        "ours" => ours::scenario(case),
        "without" => without::scenario(case),
        "fastrace" => peer::scenario(case),
        _ => None,
    })
}
