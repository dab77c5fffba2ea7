//! What a span of `tracing` keeps for the lines inside of it.

use throughline::logs::{JsonFormat, JsonLayer, SpanFields};
use throughline_tests::lines::Lines;
use throughline_tests::memory::{Counting, allocated};
use tracing::Subscriber;
use tracing_subscriber::fmt;
use tracing_subscriber::prelude::*;

#[global_allocator]
static MEMORY: Counting = Counting;

/// Tells a span something new many times over, as a span of a connection is told what it is asked for.
fn tell(subscriber: impl Subscriber + Send + Sync, lines: &Lines) {
    tracing::subscriber::with_default(subscriber, || {
        let connection = tracing::info_span!("connection", peer = "127.0.0.1", path = tracing::field::Empty);
        let before = allocated();
        for number in 0..10_000 {
            connection.record("path", format!("/{number}"));
        }
        let kept = allocated().saturating_sub(before);
        assert!(kept < 16 << 10, "{kept} bytes");
        connection.in_scope(|| tracing::info!("closed"));
    });
    let written = lines.take();
    let [line] = &written[..] else { panic!("{written:?}") };
    assert_eq!(line.matches(r#""path":"#).count(), 1, "{line}");
    let line: serde_json::Value = serde_json::from_str(line).unwrap();
    assert_eq!((&line["peer"], &line["path"]), (&"127.0.0.1".into(), &"/9999".into()));
}

#[test]
fn a_span_keeps_one_value_of_a_field_however_often_it_is_recorded() {
    let lines = Lines::default();
    tell(tracing_subscriber::registry().with(JsonLayer::new().with_writer(lines.clone())), &lines);
    let formatted = fmt::layer().fmt_fields(SpanFields).event_format(JsonFormat::new());
    tell(tracing_subscriber::registry().with(formatted.with_writer(lines.clone())), &lines);
}
