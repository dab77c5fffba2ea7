//! A line while another is written. That happens only under the global subscriber, and only where no scoped one is at work
//! in the whole process: hence a file of its own.

mod logs_context;
use std::fmt;

use logs_context::request;
use serde_json::{Value, json};
use throughline::logs::JsonLayer;
use throughline_tests::lines::Lines;
use tracing_subscriber::prelude::*;

#[test]
fn a_debug_that_logs_writes_a_line_of_its_own() {
    struct Chatty;
    impl fmt::Debug for Chatty {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            tracing::info!("inner");
            f.write_str("said")
        }
    }
    let written = Lines::default();
    let subscriber = tracing_subscriber::registry().with(JsonLayer::new().with_writer(written.clone()));
    tracing::subscriber::set_global_default(subscriber).unwrap();
    let _request = request();
    tracing::info!(value = ?Chatty, "outer");
    let lines = written.take();
    let lines: Vec<Value> = lines.iter().map(|line| serde_json::from_str(line).unwrap()).collect();
    let seen: Vec<_> = lines.iter().map(|line| (&line["message"], &line["value"])).collect();
    assert_eq!(seen, [(&json!("inner"), &Value::Null), (&json!("outer"), &json!("said"))]);
    assert!(lines.iter().all(|line| line["request_id"] == "req-abc"), "{lines:?}");
}
