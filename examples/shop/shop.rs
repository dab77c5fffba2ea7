//! A shop of five processes, instrumented with Throughline.
//!
//! `cargo run --example shop` starts them, sends orders, and shows what became of each; `-- --help` says what else it does.

#![expect(clippy::print_stderr, reason = "a program tells its user what went wrong")]

use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    let command = match throughline_example_shop::args::parse() {
        Ok(command) => command,
        Err(error) => {
            eprintln!("shop: {error}\nTry `shop --help`.");
            return ExitCode::from(2);
        }
    };
    match throughline_example_shop::run(command).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("shop: {error:#}");
            ExitCode::FAILURE
        }
    }
}
