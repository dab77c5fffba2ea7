//! What handlers of tasks with hostile metadata log.

mod support;

use std::io;
use std::sync::{Arc, Mutex};

use apalis::prelude::*;
use apalis_sqlite::{Config, SqlitePool, SqliteStorage};
use serde_json::Value;
use support::{Sent, assert_clean, hostile_task, recorded, sends_on};
use throughline::logs::JsonLayer;
use throughline_apalis::JobLayer;
use throughline_test_servers::Scratch;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::prelude::*;

/// What is logged, byte by byte.
#[derive(Clone, Default)]
struct Logged(Arc<Mutex<Vec<u8>>>);

impl io::Write for Logged {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Logs what is left of the baggage that came.
async fn logs_and_sends_on(number: u32, sent: Data<Sent>, worker: WorkerContext) -> Result<(), BoxDynError> {
    tracing::info!(number, a = throughline::baggage::get("a"), b = throughline::baggage::get("b"), "working");
    sends_on(number, sent, worker).await
}

#[test]
fn a_task_with_hostile_metadata_forges_no_line() {
    let logged = Logged::default();
    let writer = logged.clone();
    let targets = Targets::new().with_target("hostile", tracing::Level::INFO);
    let layer = JsonLayer::new().with_writer(move || writer.clone()).with_filter(targets);
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
        let logged = String::from_utf8(logged.0.lock().unwrap().clone()).unwrap();
        let lines: Vec<Value> = logged.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let [line] = &lines[..] else { panic!("{lines:?}") };
        assert_eq!((&line["message"], &line["number"]), (&"working".into(), &7.into()));
        assert_eq!(line["request_id"], run.request_id().unwrap());
        assert_eq!(line["trace_id"], run.trace_id().to_string());
        assert_eq!((&line["a"], &line["b"]), (&"1".into(), &"\r\n".into()));
        assert!(!logged.contains("X-Injected"), "{logged}");
    });
}
