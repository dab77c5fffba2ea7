//! What the command line asks for.

use std::path::PathBuf;
use std::time::Duration;

use lexopt::{Arg, Parser, ValueExt as _};
use throughline_examples::model::ModelOptions;

/// What `--help` prints.
pub(crate) const HELP: &str = "\
Answers questions about Rust from chapters of The Rust Programming Language.

Usage:
  rag [OPTIONS]                     ask the questions of questions.txt
  rag [OPTIONS] QUESTION            ask one question
  rag [OPTIONS] serve [--port PORT] answer POST /ask {\"question\": \"..\"} over HTTP

Options:
  --port PORT               where `serve` listens, on 127.0.0.1 (default 8080; 0 takes a free one)
  --questions FILE          ask the questions of FILE, one a line
  --first-token-delay MS    how long the model of this process thinks (default 40)
  --wire-log FILE           write what the model of this process received and sent, as JSON lines
  -h, --help                print this

Environment:
  OPENAI_API_KEY, OPENAI_BASE_URL   ask a real model instead of the one of this process
  OPENAI_MODEL                      the model's name (default gpt-4o-mini)
  OTEL_EXPORTER_OTLP_ENDPOINT       send the traces there too, for example http://localhost:4318
";

/// The command and its options.
#[derive(Debug, Default, PartialEq, Eq)]
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
    /// Ask the questions of a file, or those that ship with the example.
    AskAll(Option<PathBuf>),
    /// Serve until interrupted.
    Serve { port: u16 },
}

impl Default for Command {
    fn default() -> Self {
        Self::AskAll(None)
    }
}

/// Reads the arguments of the process.
pub(crate) fn parse() -> Result<Args, lexopt::Error> {
    read(Parser::from_env())
}

fn read(mut parser: Parser) -> Result<Args, lexopt::Error> {
    let mut model = ModelOptions::default();
    let (mut port, mut questions) = (None, None);
    let mut words: Vec<String> = Vec::new();
    while let Some(arg) = parser.next()? {
        match arg {
            Arg::Short('h') | Arg::Long("help") => {
                return Ok(Args { command: Command::Help, model });
            }
            Arg::Long("port") => port = Some(parser.value()?.parse()?),
            Arg::Long("questions") => questions = Some(parser.value()?.into()),
            Arg::Long("first-token-delay") => {
                model.first_token_delay = Duration::from_millis(parser.value()?.parse()?);
            }
            Arg::Long("wire-log") => model.wire_log = Some(parser.value()?.into()),
            Arg::Value(word) => words.push(word.string()?),
            _ => return Err(arg.unexpected()),
        }
    }
    Ok(Args { command: command(words, port, questions)?, model })
}

/// The command that the words and options mean together.
fn command(
    words: Vec<String>,
    port: Option<u16>,
    questions: Option<PathBuf>,
) -> Result<Command, lexopt::Error> {
    let serve = words.first().is_some_and(|word| word == "serve");
    match (serve, words.len(), port, questions) {
        (true, 1, port, None) => Ok(Command::Serve { port: port.unwrap_or(8080) }),
        (true, _, _, Some(_)) => Err("`serve` takes no --questions".into()),
        (true, _, _, None) => Err(format!("`serve` takes no {:?}", words[1]).into()),
        (false, _, Some(_), _) => Err("--port belongs to `serve`".into()),
        (false, 0, None, questions) => Ok(Command::AskAll(questions)),
        (false, _, None, Some(_)) => Err("give either a question or --questions, not both".into()),
        (false, _, None, None) => Ok(Command::Ask(words.join(" "))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(args: &[&str], expected: Result<Command, &str>) {
        let read = read(Parser::from_args(args)).map(|args| args.command).map_err(|error| error.to_string());
        assert_eq!(read, expected.map_err(str::to_owned), "{args:?}");
    }

    #[test]
    fn each_form_of_the_command_line_is_understood() {
        check(&[], Ok(Command::AskAll(None)));
        check(&["--questions", "mine.txt"], Ok(Command::AskAll(Some("mine.txt".into()))));
        check(&["What is a slice?"], Ok(Command::Ask("What is a slice?".to_owned())));
        check(&["what", "is", "a", "slice"], Ok(Command::Ask("what is a slice".to_owned())));
        check(&["serve"], Ok(Command::Serve { port: 8080 }));
        check(&["serve", "--port", "0"], Ok(Command::Serve { port: 0 }));
        check(&["what", "--help"], Ok(Command::Help));
    }

    #[test]
    fn what_makes_no_sense_is_refused_by_name() {
        check(&["--prot", "1"], Err("invalid option '--prot'"));
        check(&["serve", "--port", "x"], Err("cannot parse argument \"x\": invalid digit found in string"));
        check(&["--port", "1"], Err("--port belongs to `serve`"));
        check(&["serve", "now"], Err("`serve` takes no \"now\""));
        check(&["why", "--questions", "f"], Err("give either a question or --questions, not both"));
    }

    #[test]
    fn the_model_of_the_process_is_told_its_delay_and_its_log() {
        let args =
            read(Parser::from_args(["--first-token-delay", "300", "--wire-log", "wire.jsonl"])).unwrap();
        let expected = ModelOptions {
            first_token_delay: Duration::from_millis(300),
            wire_log: Some(PathBuf::from("wire.jsonl")),
        };
        assert_eq!(args.model, expected);
    }
}
