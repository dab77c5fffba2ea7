//! Runs a case of what stands on the core.

use std::process::ExitCode;

use throughline_benches::{driver, layers};

fn main() -> ExitCode {
    driver::main(layers::scenario)
}
