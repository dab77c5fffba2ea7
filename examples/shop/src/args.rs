//! What the command line asks for.

use lexopt::{Arg, Parser, ValueExt as _};

use crate::role::Role;

/// What `--help` prints.
pub const HELP: &str = "\
A shop of five processes. Starts them, sends orders, and shows the trace and the log lines of each.

Usage:
  shop [OPTIONS]

Options:
  --keep        leave the shop open, and show the requests that are sent to it until Ctrl-C
  -h, --help    print this

Environment:
  DATABASE_URL                  the catalog's database: postgres://.. (default: a SQLite file that goes away)
  AMQP_URL                      the queue: a RabbitMQ at amqp://.. (default: a queue in a SQLite file that goes away)
  OTEL_EXPORTER_OTLP_ENDPOINT   send the traces there too, for example http://localhost:4318
";

/// What to do.
#[derive(Debug, PartialEq, Eq)]
pub enum Command {
    /// Print [`HELP`].
    Help,
    /// Be one of the shop's processes.
    Play(Role),
    /// Open the shop.
    Open {
        /// Leave it open.
        keep: bool,
    },
}

/// Reads the arguments of the process.
///
/// # Errors
///
/// When they say nothing that makes sense.
pub fn parse() -> Result<Command, lexopt::Error> {
    let mut parser = Parser::from_env();
    let mut keep = false;
    while let Some(arg) = parser.next()? {
        match arg {
            Arg::Short('h') | Arg::Long("help") => return Ok(Command::Help),
            Arg::Long("keep") => keep = true,
            // What the program starts itself with.
            Arg::Long("role") => return Ok(Command::Play(parser.value()?.parse()?)),
            _ => return Err(arg.unexpected()),
        }
    }
    Ok(Command::Open { keep })
}
