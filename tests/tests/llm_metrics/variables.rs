//! What the variables of the environment make of the configuration.

use std::time::Duration;

use throughline::export::otlp::{Compression, ExemplarFilter, MetricsConfig, Temporality};
use throughline::init::Config;

fn init(variables: &[(&str, &str)]) -> Config {
    Config::from_env(|name| {
        variables.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())
    })
}

/// How metrics are exported, where nothing is wrong with the variables.
#[track_caller]
fn config(variables: &[(&str, &str)]) -> MetricsConfig {
    let config = init(variables);
    assert_eq!(config.problems, [], "{variables:?}");
    config.metrics.otlp.unwrap_or_else(|| panic!("metrics are off: {variables:?}"))
}

const ON: (&str, &str) = ("OTEL_METRICS_EXPORTER", "otlp");
const ENDPOINT: (&str, &str) = ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector:4318/");
const OWN: (&str, &str) = ("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", "http://metrics:9/in");
const TRACES: (&str, &str) = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://traces:9/in");

#[test]
fn metrics_are_sent_where_an_endpoint_is_set_or_they_are_asked_for() {
    let on = |variables: &[(&str, &str)]| {
        let metrics = init(variables).metrics;
        (metrics.otlp.is_some(), metrics.alone)
    };
    assert_eq!(on(&[]), (false, false));
    assert_eq!(on(&[TRACES]), (false, false));
    assert_eq!(on(&[ENDPOINT]), (true, false));
    assert_eq!(on(&[OWN]), (true, true));
    assert_eq!(on(&[ON]), (true, true));
    assert_eq!(on(&[ENDPOINT, ("OTEL_METRICS_EXPORTER", "none")]), (false, false));
    assert_eq!(on(&[OWN, ("OTEL_METRICS_EXPORTER", " ")]), (true, true));
}

#[test]
fn exporters_that_are_not_built_are_reported() {
    let problems = |list: &str, more: &[(&str, &str)]| {
        let config = init(&[&[("OTEL_METRICS_EXPORTER", list)], more].concat());
        let problems: Vec<_> = config.problems.iter().map(ToString::to_string).collect();
        (problems.join("\n"), config.metrics.otlp.is_some())
    };
    let said = |text: &str| format!("OTEL_METRICS_EXPORTER: {text}");
    assert_eq!(
        problems("console", &[]),
        (said("`console` is not built in this version; no metrics are sent"), false)
    );
    assert_eq!(
        problems("prometheus, otlp", &[]),
        (said("`prometheus` is not built in this version; otlp is used"), true)
    );
    assert_eq!(problems("pigeon", &[ENDPOINT]), (said("`pigeon` is none of otlp, none; otlp is used"), true));
}

#[test]
fn the_path_of_metrics_is_added_to_the_general_endpoint_alone() {
    assert_eq!(config(&[ON]).otlp.endpoint, "http://localhost:4318/v1/metrics");
    assert_eq!(config(&[ENDPOINT]).otlp.endpoint, "http://collector:4318/v1/metrics");
    assert_eq!(config(&[ENDPOINT, OWN, TRACES]).otlp.endpoint, "http://metrics:9/in");
    assert_eq!(init(&[ENDPOINT, OWN, TRACES]).backend.otlp.endpoint, "http://traces:9/in");
}

#[test]
fn a_variable_of_metrics_wins_over_the_general_one_and_says_nothing_of_traces() {
    let variables = [
        ENDPOINT,
        ("OTEL_EXPORTER_OTLP_TIMEOUT", "1000"),
        ("OTEL_EXPORTER_OTLP_METRICS_TIMEOUT", "2000"),
        ("OTEL_EXPORTER_OTLP_METRICS_COMPRESSION", "gzip"),
        ("OTEL_EXPORTER_OTLP_HEADERS", "key=all"),
        ("OTEL_EXPORTER_OTLP_METRICS_HEADERS", "key=metrics"),
        ("OTEL_BSP_EXPORT_TIMEOUT", "3000"),
    ];
    let (metrics, traces) = (config(&variables).otlp, init(&variables).backend.otlp);
    assert_eq!((metrics.timeout, traces.timeout), (Duration::from_secs(2), Duration::from_secs(1)));
    assert_eq!((metrics.compression, traces.compression), (Compression::Gzip, Compression::None));
    let header = |value: &str| vec![("key".to_owned(), value.to_owned())];
    assert_eq!((metrics.headers, traces.headers), (header("metrics"), header("all")));
    assert_eq!(
        (metrics.export_timeout, traces.export_timeout),
        (Duration::from_secs(30), Duration::from_secs(3))
    );
}

#[test]
fn interval_timeout_temporality_and_exemplars_have_variables() {
    let default = config(&[ON]);
    assert_eq!(default, MetricsConfig::default());
    assert_eq!((default.interval, default.temporality), (Duration::from_secs(60), Temporality::Cumulative));
    let set = config(&[
        ON,
        ("OTEL_METRIC_EXPORT_INTERVAL", "250"),
        ("OTEL_METRIC_EXPORT_TIMEOUT", "500"),
        ("OTEL_METRICS_EXEMPLAR_FILTER", "Always_On"),
    ]);
    assert_eq!(
        (set.interval, set.otlp.export_timeout),
        (Duration::from_millis(250), Duration::from_millis(500))
    );
    assert_eq!(set.exemplars, ExemplarFilter::AlwaysOn);
    let unlimited = config(&[ON, ("OTEL_METRIC_EXPORT_TIMEOUT", "0")]);
    assert_eq!(unlimited.otlp.export_timeout, Duration::MAX);
    let preference = "OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE";
    for (name, temporality) in [
        ("cumulative", Temporality::Cumulative),
        ("Delta", Temporality::Delta),
        ("LOWMEMORY", Temporality::Delta),
    ] {
        assert_eq!(config(&[ON, (preference, name)]).temporality, temporality);
    }
}

#[test]
fn malformed_values_are_reported_and_the_default_is_used() {
    for (variable, value, problem) in [
        ("OTEL_METRIC_EXPORT_INTERVAL", "0", "`0` is not a number of milliseconds; 60000 is used"),
        (
            "OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE",
            "never",
            "`never` is none of cumulative, delta, lowmemory; cumulative is used",
        ),
        (
            "OTEL_METRICS_EXEMPLAR_FILTER",
            "some",
            "`some`: expected `trace_based`, `always_on` or `always_off`; trace_based is used",
        ),
        (
            "OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION",
            "base2_exponential_bucket_histogram",
            "`base2_exponential_bucket_histogram` is not built; explicit_bucket_histogram is used",
        ),
        (
            "OTEL_EXPORTER_OTLP_METRICS_PROTOCOL",
            "tcp",
            "`tcp` is not a protocol of OTLP; http/protobuf is used (by custom on port 4318)",
        ),
    ] {
        let config = init(&[ON, (variable, value)]);
        let problems: Vec<_> = config.problems.iter().map(ToString::to_string).collect();
        assert_eq!(problems, [format!("{variable}: {problem}")]);
        assert_eq!(config.metrics.otlp, Some(MetricsConfig::default()));
    }
}

#[test]
fn what_is_wrong_with_a_variable_of_all_signals_is_said_once() {
    let problems = init(&[ENDPOINT, ("OTEL_EXPORTER_OTLP_TIMEOUT", "soon")]).problems;
    assert_eq!(problems.len(), 1, "{problems:?}");
    let own = init(&[ENDPOINT, ("OTEL_EXPORTER_OTLP_METRICS_TIMEOUT", "soon")]).problems;
    assert_eq!(
        own.iter().map(|problem| problem.variable()).collect::<Vec<_>>(),
        ["OTEL_EXPORTER_OTLP_METRICS_TIMEOUT"]
    );
}
