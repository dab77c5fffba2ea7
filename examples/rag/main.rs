//! A question-answering service over real documents, instrumented with Throughline.
//!
//! `cargo run --example rag` asks a handful of questions; `cargo run --example rag -- --help` says what else it does.

mod args;
mod ask;
mod book;
mod model;
mod search;
mod service;

use std::env;
use std::fs;
use std::net::SocketAddr;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context as _;
use tokio::net::TcpListener;

use args::{Args, Command, ModelOptions};
use ask::Asker;
use model::Model;
use service::{Chat, Service};

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
        Err(error) => {
            eprintln!("rag: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(command: Command, options: &ModelOptions) -> anyhow::Result<()> {
    match command {
        Command::Help => {
            print!("{}", args::HELP);
            Ok(())
        }
        Command::Ask(question) => ask_all(&[question], options).await,
        Command::AskAll(file) => ask_all(&questions(file.as_deref())?, options).await,
        Command::Serve { port } => serve(port, options).await,
    }
}

/// The questions of a file, one a line, or those that ship with the example.
fn questions(file: Option<&Path>) -> anyhow::Result<Vec<String>> {
    let text = match file {
        None => include_str!("questions.txt").to_owned(),
        Some(file) => fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?,
    };
    let questions: Vec<String> =
        text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect();
    anyhow::ensure!(!questions.is_empty(), "there is no question in the file");
    Ok(questions)
}

/// Starts the model, unless the environment names one, and the service that asks it.
async fn start(options: &ModelOptions) -> anyhow::Result<(Arc<Service>, Option<Model>)> {
    // The HTTP client leaves the choice to us: ring, which the exporter uses too. It fails if one is set already.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let set = |name| env::var(name).ok().filter(|value| !value.is_empty());
    let name = set("OPENAI_MODEL").unwrap_or_else(|| "gpt-4o-mini".to_owned());
    let (base_url, key) = (set("OPENAI_BASE_URL"), set("OPENAI_API_KEY"));
    let model = match (&base_url, &key) {
        (None, None) => Some(Model::start(options).await?),
        _ => None,
    };
    let base_url = match &model {
        Some(model) => model.base_url().to_owned(),
        None => base_url.unwrap_or_else(|| "https://api.openai.com/v1".to_owned()),
    };
    let chat = Chat::new(&base_url, key.as_deref().unwrap_or("none"), &name);
    Ok((Arc::new(Service::new(chat)?), model))
}

/// Runs the service in the background and asks it everything.
async fn ask_all(questions: &[String], options: &ModelOptions) -> anyhow::Result<()> {
    let (service, model) = start(options).await?;
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.context("no port for the service")?;
    let asker = Asker::new(listener.local_addr()?);
    let router = service::router(Arc::clone(&service));
    tokio::spawn(async move { axum::serve(listener, router).await });
    for question in questions {
        let answered = asker.ask(question).await?;
        service.feedback().settled().await;
        println!("Q: {question}\nA: {}", answered.answer);
        for (at, source) in answered.sources.iter().enumerate() {
            println!("   [{}] {source}", at + 1);
        }
        println!("   request {}\n", answered.request_id.as_deref().unwrap_or("-"));
    }
    if let Some(model) = model {
        let stats = model.stats();
        println!(
            "The model of this process had {} requests and turned {} away.",
            stats.requests, stats.throttled
        );
    }
    Ok(())
}

/// Serves until the process is interrupted.
async fn serve(port: u16, options: &ModelOptions) -> anyhow::Result<()> {
    let (service, _model) = start(options).await?;
    let address = SocketAddr::from(([127, 0, 0, 1], port));
    let listener = TcpListener::bind(address).await.with_context(|| format!("cannot listen on {address}"))?;
    eprintln!("Listening on http://{}", listener.local_addr()?);
    axum::serve(listener, service::router(Arc::clone(&service)))
        .with_graceful_shutdown(interrupted())
        .await?;
    service.feedback().settled().await;
    Ok(())
}

async fn interrupted() {
    // Without the signal the service runs on, until it is killed.
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}
