//! Records of `log`. The logger is one for the process, hence a file of its own.

mod logs_context;
use logs_context::request;
use serde_json::{Value, json};
use throughline::logs::{Filter, JsonLayer, PrettyLayer, capture_log_records};
use throughline_tests::lines::Lines;
use tracing_core::LevelFilter;
use tracing_subscriber::prelude::*;

#[test]
fn records_of_log_are_lines_with_their_own_target() {
    capture_log_records(LevelFilter::TRACE).unwrap();
    assert!(capture_log_records(LevelFilter::TRACE).is_err(), "a logger that is there is left alone");
    let (json, pretty) = (Lines::default(), Lines::default());
    let filter: Filter = "warn,shop=debug".parse().unwrap();
    let subscriber = tracing_subscriber::registry()
        .with(filter.to_layer())
        .with(JsonLayer::new().with_writer(json.clone()))
        .with(PrettyLayer::new().with_color(false).with_writer(pretty.clone()));
    tracing::subscriber::with_default(subscriber, || {
        let _request = request();
        log::debug!(target: "shop::db", "query {}", 1);
        log::info!(target: "hyper", "filtered out by its target");
        log::trace!(target: "shop::db", "filtered out by its level");
    });

    let lines = json.take();
    let [line] = &lines[..] else { panic!("one line expected: {lines:?}") };
    let mut line: Value = serde_json::from_str(line).unwrap();
    line.as_object_mut().unwrap().remove("timestamp");
    assert_eq!(
        line,
        json!({
            "level": "DEBUG", "message": "query 1", "target": "shop::db", "request_id": "req-abc",
            "trace_id": "4bf92f3577b34da6a3ce929d0e0e4736", "span_id": "00f067aa0ba902b7",
        })
    );
    assert_eq!(&pretty.take()[0]["02:05:09.123".len()..], " DEBUG shop::db: query 1 req-abc\n");
}
