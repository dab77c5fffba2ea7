//! Agents that answer questions with tools, instrumented with Throughline.
//!
//! `cargo run --example agent` asks a handful of questions; `cargo run --example agent -- --help` says what else it does.
//!
//! From the top: [`workflow`] answers a question by the agent in [`planner`], which gives parts of it to agents of
//! [`researcher`]. Agents go on in [`conversation`] until their model, called in [`models`], needs no more tools.

#![expect(clippy::print_stderr, reason = "a program tells its user what went wrong")]

mod args;
mod arithmetic;
mod conversation;
mod library;
mod models;
mod planner;
mod researcher;
mod table;
mod totals;
mod workflow;

use std::io::{self, Write as _};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use throughline_examples::endpoint::Endpoint;
use throughline_examples::model::fault::last;
use throughline_examples::model::{Fault, ModelOptions, Stats, Trouble};
use throughline_examples::questions;
use throughline_examples::waterfalls::Waterfalls;

use args::{Args, Command};
use library::Library;
use models::Models;
use totals::Totals;
use workflow::{Answered, Workflow};

/// The questions that ship with the example.
const SHIPPED: &str = include_str!("questions.txt");

#[tokio::main]
async fn main() -> ExitCode {
    let Args { command, model } = match args::parse() {
        Ok(args) => args,
        Err(error) => {
            eprintln!("agent: {error}\nTry `agent --help`.");
            return ExitCode::from(2);
        }
    };
    match run(command, &model).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("agent: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(command: Command, options: &ModelOptions) -> anyhow::Result<()> {
    match command {
        Command::Help => Ok(io::stdout().write_all(args::HELP.as_bytes())?),
        Command::Ask(question) => ask(&[question], options).await,
        Command::AskAll => ask(&questions::of(None, SHIPPED)?, options).await,
    }
}

/// Answers questions one after the other, prints the waterfall of each, and what they took in the end.
async fn ask(questions: &[String], options: &ModelOptions) -> anyhow::Result<()> {
    let (waterfall, mut waterfalls) = Waterfalls::new();
    let totals = Totals::default();
    let _guard = throughline::builder().service_name("agent").sink(waterfall).sink(totals.sink()).init();

    let endpoint = Endpoint::new(options, faults()).await?;
    let models = Arc::new(Models::new(&endpoint));
    let library = Arc::new(Library::index(Arc::clone(&models)).await?);
    let workflow = Workflow::new(models, library);

    let mut asked = Vec::new();
    for question in questions {
        writeln!(io::stdout(), "Q: {question}\n")?;
        let Answered { request_id, text } = workflow.answer("demo", question).await?;
        writeln!(io::stdout(), "\nA: {text}\n   request {request_id}\n")?;
        writeln!(io::stdout(), "{}", waterfalls.of(&request_id).await)?;
        asked.push((question.as_str(), totals.of(&request_id)));
    }
    table::print(&asked)?;
    if let Some(model) = &endpoint.own {
        let Stats { requests, throttled } = model.stats();
        writeln!(
            io::stdout(),
            "\nRequests to the model of this process: {requests}, {throttled} of them turned away."
        )?;
    }
    Ok(())
}

/// What goes wrong with the model of this process, so that it can be seen in a trace: the researcher of the second topic is
/// turned away, and the first answer that is made of researchers' findings breaks off.
fn faults() -> Vec<Fault> {
    let asks_for_sharing = |request: &Value| last(request)["content"] == "how do threads share state";
    let has_findings = |request: &Value| {
        let result = last(request);
        result["role"] == "tool" && result["content"].as_str().is_some_and(|text| text.contains("\"topic\""))
    };
    vec![
        Fault::new(Trouble::TurnedAway(Duration::from_secs(1)), 1, asks_for_sharing),
        Fault::new(Trouble::CutOff, 1, has_findings),
    ]
}
