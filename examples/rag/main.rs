//! A question-answering service over real documents, instrumented with Throughline.
//!
//! `cargo run --example rag` asks a handful of questions; `cargo run --example rag -- --help` says what else it does.

#![expect(clippy::print_stderr, reason = "a program tells its user what went wrong")]

mod args;
mod ask;
mod search;
mod service;
mod start;

use std::io::{self, ErrorKind, Write as _};
use std::process::ExitCode;

use args::{Args, Command};
use start::Started;
use throughline_examples::model::ModelOptions;
use throughline_examples::questions;
use throughline_examples::waterfalls::Waterfalls;

/// The questions that ship with the example.
const SHIPPED: &str = include_str!("questions.txt");

#[tokio::main]
async fn main() -> ExitCode {
    let Args { command, model } = match args::parse() {
        Ok(args) => args,
        Err(error) => {
            eprintln!("rag: {error}\nTry `rag --help`.");
            return ExitCode::from(2);
        }
    };
    match run(command, &model).await {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever reads the output has seen enough of it, as `head` does.
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("rag: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == ErrorKind::BrokenPipe)
}

async fn run(command: Command, options: &ModelOptions) -> anyhow::Result<()> {
    match command {
        Command::Help => Ok(io::stdout().write_all(args::HELP.as_bytes())?),
        Command::Ask(question) => ask(&[question], options).await,
        Command::AskAll(file) => ask(&questions::of(file.as_deref(), SHIPPED)?, options).await,
        Command::Serve { port } => serve(port, options).await,
    }
}

/// Answers questions: log lines go to stdout as they come, and the waterfall follows, also where nobody watches.
async fn ask(questions: &[String], options: &ModelOptions) -> anyhow::Result<()> {
    let (sink, mut waterfalls) = Waterfalls::new();
    let _guard = throughline::builder().service_name("rag").sink(sink).init();
    ask::ask_all(questions, options, &mut waterfalls).await
}

/// Serves: log lines go to stdout, and traces wherever the environment says.
async fn serve(port: u16, options: &ModelOptions) -> anyhow::Result<()> {
    let _guard = throughline::builder().service_name("rag").init();
    let started = Started::new(port, options).await?;
    let mut stop = Box::pin(interrupted());
    // Asked once, it hears the signal from now on: whoever reads the next line may send it at once.
    let _ = futures_util::poll!(&mut stop);
    eprintln!("Listening on http://{}", started.address);
    started.serve(stop).await
}

async fn interrupted() {
    // Without the signal the service runs on, until it is killed.
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}
