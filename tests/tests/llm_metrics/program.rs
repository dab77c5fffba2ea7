//! `init` in a process of its own, from a real environment, and a real collector.

use std::process::{Command, Output, Stdio};

use throughline_tests::collector::Collector;
use throughline_tests::otlp;
use throughline_tests::receiver::{Nobody, Receiver};

use crate::subject::{DURATION, FIRST_CHUNK, PER_CHUNK, Points, TOKENS};

/// Runs the program with nothing but this environment, and returns what it says on stderr.
#[track_caller]
fn run(calls: u32, environment: &[(&str, &str)]) -> String {
    let mut program = Command::new(env!("CARGO_BIN_EXE_metrics_program"));
    program.arg(calls.to_string()).env_clear().envs(environment.iter().copied()).stdin(Stdio::null());
    let Output { status, stderr, .. } = program.output().unwrap();
    let stderr = String::from_utf8(stderr).unwrap();
    assert!(status.success(), "{status}: {stderr}");
    stderr
}

/// The points of each request for metrics, in order, and the names of all spans.
fn received(receiver: &Receiver) -> (Vec<Points>, Vec<String>) {
    let (metrics, traces): (Vec<_>, Vec<_>) =
        receiver.rest().into_iter().partition(|request| request.line.starts_with("POST /v1/metrics "));
    let spans = traces.iter().flat_map(|request| otlp::spans(&request.content()));
    let points = metrics.iter().map(|request| Points(otlp::points(&request.content())));
    (points.collect(), spans.map(|span| span.name).collect())
}

#[test]
fn an_endpoint_means_metrics_beside_spans_and_the_guard_sends_the_last_ones() {
    let receiver = Receiver::answering([]);
    let endpoint = receiver.endpoint();
    let base = endpoint.trim_end_matches("/v1/traces");
    let said = run(2, &[("OTEL_EXPORTER_OTLP_ENDPOINT", base), ("OTEL_EXPORTER_OTLP_COMPRESSION", "gzip")]);
    assert!(!said.contains("throughline:"), "{said}");
    let (exports, spans) = received(&receiver);
    assert_eq!(spans.iter().filter(|name| *name == "chat gpt-4o-mini").count(), 4, "{spans:?}");
    let counts: Vec<_> = exports.iter().map(|points| points.only(DURATION).count).collect();
    assert_eq!(counts, [2, 4]);
    assert_eq!(exports[1].tokens("input").sum, 28.0);
}

#[test]
fn without_a_model_call_there_is_no_request_and_no_thread_for_metrics() {
    let receiver = Receiver::answering([]);
    let (endpoint, traces) = (receiver.metrics_endpoint(), ("OTEL_TRACES_EXPORTER", "none"));
    let metrics = ("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", endpoint.as_str());
    let said = run(0, &[metrics, traces]);
    assert_eq!(received(&receiver).0.len(), 0);
    if !said.contains("unknown") {
        assert_eq!(said, "before: 0 senders\nafter: 0 senders\n");
        let said = run(1, &[metrics, traces]);
        assert_eq!(said, "before: 0 senders\nafter: 1 senders\n");
    }
}

#[test]
fn metrics_alone_are_sent_where_they_are_asked_for_and_spans_are_not_wanted() {
    let receiver = Receiver::answering([]);
    let endpoint = receiver.endpoint();
    let base = ("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint.trim_end_matches("/v1/traces"));
    let no_traces = ("OTEL_TRACES_EXPORTER", "none");
    run(1, &[base, no_traces]);
    assert_eq!(receiver.rest().len(), 0, "nobody asked for them by name");
    let delta = ("OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE", "delta");
    run(1, &[base, no_traces, ("OTEL_METRICS_EXPORTER", "otlp"), delta]);
    let (exports, spans) = received(&receiver);
    assert_eq!(spans, [""; 0]);
    let counts: Vec<_> = exports.iter().map(|points| points.only(DURATION).count).collect();
    assert_eq!(counts, [1, 1]);
}

#[test]
fn metrics_are_switched_off_and_an_sdk_that_is_disabled_has_none() {
    let receiver = Receiver::answering([]);
    let endpoint = receiver.endpoint();
    let base = ("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint.trim_end_matches("/v1/traces"));
    run(1, &[base, ("OTEL_METRICS_EXPORTER", "none")]);
    let (exports, spans) = received(&receiver);
    assert_eq!((exports.len(), spans.len()), (0, 3));
    run(1, &[base, ("OTEL_METRICS_EXPORTER", "otlp"), ("OTEL_SDK_DISABLED", "true")]);
    assert_eq!(receiver.rest().len(), 0);
}

#[test]
fn with_nothing_listening_the_program_ends_and_says_what_was_lost() {
    let nobody = Nobody::new();
    let said = run(1, &[("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", &nobody.url())]);
    let lost: Vec<_> = said.lines().filter(|line| line.starts_with("throughline:")).collect();
    assert_eq!(lost.len(), 1, "{said}");
    assert!(lost[0].contains("data points") && lost[0].contains("dropped"), "{said}");
}

#[test]
fn a_collector_takes_metrics_and_passes_them_on() {
    let Some(collector) = Collector::start() else { return };
    run(3, &[("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", &collector.metrics_endpoint())]);
    let points = Points(collector.received_points());
    let counts = |metric: &str| points.of(metric).iter().map(|point| point.count).max();
    assert_eq!((counts(DURATION), counts(TOKENS)), (Some(6), Some(6)));
    assert_eq!((counts(FIRST_CHUNK), counts(PER_CHUNK)), (None, None));
    let last = points.of(DURATION).into_iter().max_by_key(|point| point.count).expect("a point");
    assert_eq!(last.buckets.iter().sum::<u64>(), 6);
    assert_eq!(last.bounds.len(), 14);
    assert!(last.exemplars.iter().all(|(_, trace, span, _)| trace.len() == 32 && span.len() == 16));
    assert!(!last.exemplars.is_empty());
}
