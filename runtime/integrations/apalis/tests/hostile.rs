//! What handlers of tasks with hostile metadata log.

mod support;

use std::sync::Mutex;

use apalis::prelude::*;
use apalis_sqlite::{Config, SqlitePool, SqliteStorage};
use serde_json::Value;
use support::{Sent, assert_clean, hostile_task, recorded, sends_on};
use throughline::logs::JsonLayer;
use throughline_apalis::JobLayer;
use throughline_test_servers::Scratch;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::MakeWriter as _;
use tracing_subscriber::prelude::*;

/// What is logged.
static LOGGED: Mutex<Vec<u8>> = Mutex::new(Vec::new());

/// Logs what is left of the baggage that came.
async fn logs_and_sends_on(number: u32, sent: Data<Sent>, worker: WorkerContext) -> Result<(), BoxDynError> {
    tracing::info!(number, a = throughline::baggage::get("a"), b = throughline::baggage::get("b"), "working");
    sends_on(number, sent, worker).await
}

#[test]
fn a_task_with_hostile_metadata_forges_no_line() {
    let targets = Targets::new().with_target("hostile", tracing::Level::INFO);
    let layer = JsonLayer::new().with_writer(|| LOGGED.make_writer()).with_filter(targets);
    let _subscribed = tracing::subscriber::set_default(tracing_subscriber::registry().with(layer));
    let scratch = Scratch::new("apalis");
    let test = async || {
        let file = scratch.path().join("jobs.db");
        let pool = SqlitePool::connect(&format!("sqlite:{}?mode=rwc", file.display())).await.unwrap();
        SqliteStorage::setup(&pool).await.unwrap();
        let mut emails = SqliteStorage::new(&pool).with_config(Config::default().queue("emails"));
        emails.push_task(hostile_task()).await.unwrap();
        let sent = Sent::default();
        let worker = WorkerBuilder::new("mailer").backend(emails).layer(JobLayer::new()).data(sent.clone());
        worker.build(logs_and_sends_on).run().await.unwrap();
        sent
    };
    recorded(test, |sent, trace| {
        assert_clean(&sent, &trace);
        let run = trace.span("process emails");
        let logged = String::from_utf8(LOGGED.lock().unwrap().clone()).unwrap();
        let lines: Vec<Value> = logged.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let [line] = &lines[..] else { panic!("{lines:?}") };
        assert_eq!((&line["message"], &line["number"]), (&"working".into(), &7.into()));
        assert_eq!(line["request_id"], run.request_id().unwrap());
        assert_eq!(line["trace_id"], run.trace_id().to_string());
        assert_eq!((&line["a"], &line["b"]), (&"1".into(), &"\r\n".into()));
        assert!(!logged.contains("X-Injected"), "{logged}");
    });
}
