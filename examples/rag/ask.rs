//! Asks the service over HTTP, as anyone would, and prints what came of it.

use std::io::{self, Write as _};
use std::sync::Arc;

use anyhow::Context as _;
use serde_json::json;
use throughline_examples::model::{ModelOptions, Stats};
use throughline_examples::waterfalls::Waterfalls;
use tokio::sync::oneshot;

use crate::service::{Answered, Failed};
use crate::start::Started;

/// Starts the service, asks it one question after the other, and stops it.
pub(crate) async fn ask_all(
    questions: &[String],
    options: &ModelOptions,
    waterfalls: &mut Waterfalls,
) -> anyhow::Result<()> {
    let mut started = Started::new(0, options).await?;
    let (model, service) = (started.model.take(), Arc::clone(&started.service));
    let url = format!("http://{}/ask", started.address);
    let (stop, stopped) = oneshot::channel::<()>();
    let serving = tokio::spawn(started.serve(async move {
        // Told, or the sender is gone: the questions are over.
        let _ = stopped.await;
    }));
    let client = reqwest::Client::new();
    for question in questions {
        writeln!(io::stdout(), "Q: {question}\n")?;
        let answered = ask(&client, &url, question).await?;
        // What runs after the answer is part of the picture.
        service.feedback().settled().await;
        print(&answered)?;
        writeln!(io::stdout(), "{}", waterfalls.of(&answered.request_id).await)?;
    }
    if let Some(model) = model {
        let Stats { requests, throttled } = model.stats();
        writeln!(
            io::stdout(),
            "Requests to the model of this process: {requests}, {throttled} of them turned away."
        )?;
    }
    drop((stop, client));
    serving.await?
}

async fn ask(client: &reqwest::Client, url: &str, question: &str) -> anyhow::Result<Answered> {
    let body = json!({"question": question});
    let response = client.post(url).json(&body).send().await.context("the service does not answer")?;
    if response.status().is_success() {
        return response.json().await.context("an answer that cannot be read");
    }
    let status = response.status();
    let Failed { request_id, error } = response.json().await.with_context(|| status.to_string())?;
    anyhow::bail!("{status}: {error} (request {request_id})")
}

fn print(Answered { request_id, answer, sources }: &Answered) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "\nA: {answer}")?;
    for (at, source) in sources.iter().enumerate() {
        let mark = format!("[{}]", at + 1);
        if answer.contains(&mark) {
            writeln!(out, "   {mark} {source}")?;
        }
    }
    writeln!(out, "   request {request_id}\n")
}
