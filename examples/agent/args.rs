//! What the command line asks for.

use std::time::Duration;

use lexopt::{Arg, Parser, ValueExt as _};
use throughline_examples::model::ModelOptions;

/// What `--help` prints.
pub(crate) const HELP: &str = "\
Agents that answer questions about Rust from chapters of The Rust Programming Language.

Usage:
  agent [OPTIONS]            ask the questions of questions.txt
  agent [OPTIONS] QUESTION   ask one question

Options:
  --first-token-delay MS    how long the model of this process thinks (default 40)
  --wire-log FILE           write what the model of this process received and sent, as JSON lines
  -h, --help                print this

Environment:
  OPENAI_API_KEY, OPENAI_BASE_URL   ask a real model instead of the one of this process
  OPENAI_MODEL                      the model's name (default gpt-4o-mini)
  OTEL_EXPORTER_OTLP_ENDPOINT       send the traces there too, for example http://localhost:4318
";

/// The command and its options.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Args {
    pub(crate) command: Command,
    pub(crate) model: ModelOptions,
}

/// What to do.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Command {
    /// Print [`HELP`].
    Help,
    /// Ask one question.
    Ask(String),
    /// Ask the questions that ship with the example.
    AskAll,
}

/// Reads the arguments of the process.
pub(crate) fn parse() -> Result<Args, lexopt::Error> {
    read(Parser::from_env())
}

fn read(mut parser: Parser) -> Result<Args, lexopt::Error> {
    let mut model = ModelOptions::default();
    let mut words: Vec<String> = Vec::new();
    while let Some(arg) = parser.next()? {
        match arg {
            Arg::Short('h') | Arg::Long("help") => return Ok(Args { command: Command::Help, model }),
            Arg::Long("first-token-delay") => {
                model.first_token_delay = Duration::from_millis(parser.value()?.parse()?);
            }
            Arg::Long("wire-log") => model.wire_log = Some(parser.value()?.into()),
            Arg::Value(word) => words.push(word.string()?),
            _ => return Err(arg.unexpected()),
        }
    }
    let command = if words.is_empty() { Command::AskAll } else { Command::Ask(words.join(" ")) };
    Ok(Args { command, model })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_form_of_the_command_line_is_understood() {
        let command = |args: &[&str]| read(Parser::from_args(args)).map(|args| args.command).unwrap();
        assert_eq!(command(&[]), Command::AskAll);
        assert_eq!(command(&["what", "is", "a", "slice"]), Command::Ask("what is a slice".to_owned()));
        assert_eq!(command(&["what", "-h"]), Command::Help);
        let error = read(Parser::from_args(["--port"])).unwrap_err().to_string();
        assert_eq!(error, "invalid option '--port'");
    }
}
