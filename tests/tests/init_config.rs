//! What `init` reads out of the environment, without one.

use throughline::export::otlp::{Compression, Protocol};
use throughline::init::{Config, Exporter, LogFormat, Orphans};
use throughline::llm::Profile;
use throughline::propagation::{Policy, Propagators};
use throughline::sampling::Sampler;
use throughline::span::Level;

fn config(environment: &[(&str, &str)]) -> Config {
    Config::from_env(|name| {
        environment.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())
    })
}

/// What is wrong with the variables, as it is said.
fn problems(environment: &[(&str, &str)]) -> Vec<String> {
    config(environment).problems.iter().map(ToString::to_string).collect()
}

/// Checks that the config has no problem and that `get` finds the value in it.
#[track_caller]
fn check<T: PartialEq + std::fmt::Debug>(
    environment: &[(&str, &str)],
    get: impl Fn(Config) -> T,
    expected: T,
) {
    assert_eq!(problems(environment), [""; 0], "{environment:?}");
    assert_eq!(get(config(environment)), expected, "{environment:?}");
}

/// Checks that one problem is reported, in these words, and that `get` finds what is used instead.
#[track_caller]
fn check_malformed<T: PartialEq + std::fmt::Debug>(
    environment: &[(&str, &str)],
    problem: &str,
    get: impl Fn(Config) -> T,
    expected: T,
) {
    assert_eq!(problems(environment), [problem]);
    assert_eq!(get(config(environment)), expected, "{environment:?}");
}

#[test]
fn an_empty_environment_means_the_defaults() {
    let config = config(&[]);
    assert_eq!(config.problems, []);
    assert!(!config.disabled);
    assert_eq!(config.exporters, None);
    assert_eq!(config.sampler, Sampler::default());
    let limits = config.limits;
    assert_eq!(
        (limits.attributes, limits.events, limits.links, limits.value_length),
        (128, 128, 128, 65_536)
    );
    assert_eq!(config.propagation.propagators, Propagators::default());
    assert_eq!(config.propagation.request_ids.policy, Policy::Validate);
    assert_eq!(config.logging.format, LogFormat::Json);
    assert!(config.logging.span_filter.enabled("any", Level::Info));
    assert!(!config.logging.span_filter.enabled("any", Level::Debug));
    assert!(config.backend.service_name().starts_with("unknown_service:init_config"), "{:?}", config.backend);
}

#[test]
fn an_empty_value_is_as_none() {
    for variable in [
        "OTEL_SERVICE_NAME",
        "OTEL_TRACES_EXPORTER",
        "OTEL_EXPORTER_OTLP_ENDPOINT",
        "OTEL_TRACES_SAMPLER",
        "OTEL_PROPAGATORS",
        "OTEL_SDK_DISABLED",
        "OTEL_ATTRIBUTE_COUNT_LIMIT",
        "THROUGHLINE_LOG",
        "THROUGHLINE_FILTER",
        "RUST_LOG",
        "THROUGHLINE_REQUEST_ID",
        "THROUGHLINE_TAIL",
        "THROUGHLINE_CAPTURE_CONTENT",
        "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT",
    ] {
        for value in ["", " "] {
            assert_eq!(
                format!("{:?}", config(&[(variable, value)])),
                format!("{:?}", config(&[])),
                "{variable}"
            );
        }
    }
}

#[test]
fn the_exporters_are_those_listed_or_otlp_where_an_endpoint_is_set() {
    use Exporter::{Console, Otlp};
    let get = |config: Config| config.exporters;
    let endpoint = ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector:4318");
    check(&[("OTEL_TRACES_EXPORTER", "otlp")], get, Some(vec![Otlp]));
    check(&[("OTEL_TRACES_EXPORTER", "console , otlp")], get, Some(vec![Console, Otlp]));
    check(&[("OTEL_TRACES_EXPORTER", "otlp,console,otlp")], get, Some(vec![Otlp, Console]));
    check(&[("OTEL_TRACES_EXPORTER", "none")], get, Some(vec![]));
    check(&[endpoint], get, Some(vec![Otlp]));
    check(
        &[("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://collector:4318/v1/traces")],
        get,
        Some(vec![Otlp]),
    );
    check(&[endpoint, ("OTEL_TRACES_EXPORTER", "console")], get, Some(vec![Console]));
    check(&[endpoint, ("OTEL_TRACES_EXPORTER", "none")], get, Some(vec![]));
}

#[test]
fn an_unknown_exporter_is_left_out() {
    use Exporter::{Console, Otlp};
    let get = |config: Config| config.exporters;
    let unknown = |instead: &str| {
        format!(
            "OTEL_TRACES_EXPORTER: `jaeger` is none of otlp, otlp_file, otlp/stdout, zipkin, console, none; {instead}"
        )
    };
    check_malformed(
        &[("OTEL_TRACES_EXPORTER", "jaeger,console")],
        &unknown("the others are used"),
        get,
        Some(vec![Console]),
    );
    check_malformed(
        &[("OTEL_TRACES_EXPORTER", "jaeger")],
        &unknown("the console is used where it is a terminal"),
        get,
        None,
    );
    check_malformed(
        &[("OTEL_TRACES_EXPORTER", "jaeger"), ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector:4318")],
        &unknown("otlp is used, since an endpoint is set"),
        get,
        Some(vec![Otlp]),
    );
    check_malformed(
        &[("OTEL_TRACES_EXPORTER", "none,otlp")],
        "OTEL_TRACES_EXPORTER: `none` stands beside other exporters; the others are used",
        get,
        Some(vec![Otlp]),
    );
}

#[test]
fn the_service_is_named_by_its_variable_before_the_resource() {
    let get = |config: Config| config.backend.service_name().to_owned();
    let resource = ("OTEL_RESOURCE_ATTRIBUTES", "service.name=by-resource");
    check(&[resource], get, "by-resource".to_owned());
    check(&[resource, ("OTEL_SERVICE_NAME", "shop")], get, "shop".to_owned());
}

#[test]
fn otlp_variables_are_read_and_reported() {
    let endpoint = ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector:4318");
    let get = |config: Config| config.backend.otlp.endpoint;
    check(&[endpoint], get, "http://collector:4318/v1/traces".to_owned());
    assert_eq!(
        config(&[endpoint, ("OTEL_EXPORTER_OTLP_TIMEOUT", "soon")]).problems[0].variable(),
        "OTEL_EXPORTER_OTLP_TIMEOUT"
    );
}

#[test]
fn samplers_go_by_the_names_of_opentelemetry() {
    let get = |config: Config| config.sampler;
    check(&[("OTEL_TRACES_SAMPLER", "always_off")], get, Sampler::ALWAYS_OFF);
    check(
        &[("OTEL_TRACES_SAMPLER", "parentbased_traceidratio"), ("OTEL_TRACES_SAMPLER_ARG", "0.25")],
        get,
        Sampler::ratio(0.25).parent_based(),
    );
    check_malformed(
        &[("OTEL_TRACES_SAMPLER", "traceidratio"), ("OTEL_TRACES_SAMPLER_ARG", "lots")],
        "OTEL_TRACES_SAMPLER_ARG: invalid ratio \"lots\": expected a number from 0 to 1; 1.0 is used",
        get,
        Sampler::ratio(1.0),
    );
    let environment = [("OTEL_TRACES_SAMPLER", "sometimes")];
    assert_eq!(config(&environment).sampler, Sampler::default());
    let problems = problems(&environment);
    assert!(problems[0].starts_with("OTEL_TRACES_SAMPLER: unknown sampler \"sometimes\""), "{problems:?}");
    assert!(problems[0].ends_with("; parentbased_always_on is used"), "{problems:?}");
}

#[test]
fn the_case_of_names_of_opentelemetry_does_not_matter() {
    let config = config(&[
        ("OTEL_TRACES_EXPORTER", "Console,OTLP"),
        ("OTEL_METRICS_EXPORTER", "NONE"),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector:4317"),
        ("OTEL_EXPORTER_OTLP_PROTOCOL", "GRPC"),
        ("OTEL_EXPORTER_OTLP_COMPRESSION", "GZIP"),
        ("OTEL_TRACES_SAMPLER", "PARENTBASED_ALWAYS_OFF"),
        ("OTEL_PROPAGATORS", "TraceContext,B3,b3"),
    ]);
    assert_eq!(config.problems, []);
    assert_eq!(config.exporters, Some(vec![Exporter::Console, Exporter::Otlp]));
    assert!(config.metrics.otlp.is_none());
    assert_eq!(config.backend.otlp.protocol, Protocol::Grpc);
    assert_eq!(config.backend.otlp.compression, Compression::Gzip);
    assert_eq!(config.sampler, Sampler::ALWAYS_OFF.parent_based());
    assert_eq!(config.propagation.propagators.to_string(), "tracecontext,b3");
}

#[test]
fn limits_for_spans_win_over_the_general_ones() {
    let get = |config: Config| (config.limits.attributes, config.limits.value_length);
    let general = [("OTEL_ATTRIBUTE_COUNT_LIMIT", "10"), ("OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT", "100")];
    check(&general, get, (10, 100));
    let all = [
        general[0],
        general[1],
        ("OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT", "5"),
        ("OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT", "50"),
    ];
    check(&all, get, (5, 50));
    let get = |config: Config| (config.limits.events, config.limits.links);
    check(&[("OTEL_SPAN_EVENT_COUNT_LIMIT", "7"), ("OTEL_SPAN_LINK_COUNT_LIMIT", "0")], get, (7, 0));
    check_malformed(
        &[("OTEL_SPAN_LINK_COUNT_LIMIT", "-1")],
        "OTEL_SPAN_LINK_COUNT_LIMIT: `-1`: invalid digit found in string; 128 is used",
        get,
        (128, 128),
    );
}

#[test]
fn the_sdk_is_disabled_by_true_alone() {
    let get = |config: Config| config.disabled;
    check(&[("OTEL_SDK_DISABLED", "TRUE")], get, true);
    check(&[("OTEL_SDK_DISABLED", "false")], get, false);
    check_malformed(
        &[("OTEL_SDK_DISABLED", "1")],
        "OTEL_SDK_DISABLED: `1` is neither true nor false; false is used",
        get,
        false,
    );
}

#[test]
fn propagators_that_are_not_there_are_left_out() {
    let get = |config: Config| config.propagation.propagators.to_string();
    check(&[("OTEL_PROPAGATORS", "none")], get, "none".to_owned());
    check(&[("OTEL_PROPAGATORS", "tracecontext,b3")], get, "tracecontext,b3".to_owned());
    check_malformed(
        &[("OTEL_PROPAGATORS", "tracecontext,b4")],
        "OTEL_PROPAGATORS: unknown propagator `b4`; there are `tracecontext`, `baggage`, `b3`, `b3multi`, `jaeger`, \
         `xray`, `ottrace`, `datadog`, `gcp`, and `none`; tracecontext is used",
        get,
        "tracecontext".to_owned(),
    );
}

#[test]
fn the_policy_for_request_ids_is_one_of_three() {
    let get = |config: Config| config.propagation.request_ids.policy;
    check(&[("THROUGHLINE_REQUEST_ID", "always-new")], get, Policy::AlwaysNew);
    check_malformed(
        &[("THROUGHLINE_REQUEST_ID", "never")],
        "THROUGHLINE_REQUEST_ID: `never`: expected `trust`, `validate` or `always-new`; validate is used",
        get,
        Policy::Validate,
    );
}

#[test]
fn log_lines_are_json_pretty_or_off() {
    let get = |config: Config| config.logging.format;
    check(&[("THROUGHLINE_LOG", "pretty")], get, LogFormat::Pretty);
    check(&[("THROUGHLINE_LOG", " off ")], get, LogFormat::Off);
    check_malformed(
        &[("THROUGHLINE_LOG", "xml")],
        "THROUGHLINE_LOG: `xml`: expected `json`, `pretty` or `off`; json is used",
        get,
        LogFormat::Json,
    );
}

#[test]
fn the_filter_is_for_events_and_spans_and_rust_log_for_events_alone() {
    let get = |config: Config| {
        let spans = config.logging.span_filter;
        (
            config.logging.filter.to_string(),
            spans.enabled("shop", Level::Debug),
            spans.enabled("shop", Level::Info),
        )
    };
    check(&[("THROUGHLINE_FILTER", "warn,shop=debug")], get, ("warn,shop=debug".to_owned(), true, true));
    check(&[("RUST_LOG", "error")], get, ("error".to_owned(), false, true));
    check(
        &[("THROUGHLINE_FILTER", "shop=debug"), ("RUST_LOG", "error")],
        get,
        ("shop=debug".to_owned(), true, true),
    );
    let environment = [("THROUGHLINE_FILTER", "info,shop=loud")];
    assert_eq!(get(config(&environment)), ("info".to_owned(), false, true));
    let problems = problems(&environment);
    assert!(problems[0].starts_with("THROUGHLINE_FILTER: `info,shop=loud`: \"shop=loud\""), "{problems:?}");
    assert!(problems[0].ends_with("; info is used"), "{problems:?}");
}

#[test]
fn what_is_known_but_not_built_is_said() {
    for variable in
        ["THROUGHLINE_TAIL", "THROUGHLINE_SPOOL_DIR", "OTEL_LINK_ATTRIBUTE_COUNT_LIMIT", "OTEL_LOGS_EXPORTER"]
    {
        let problem = format!("{variable}: is known, but not built in this version; it has no effect");
        assert_eq!(problems(&[(variable, "x")]), [problem.as_str()]);
        if variable != "OTEL_LOGS_EXPORTER" {
            assert_eq!(problems(&[(variable, "console")]), [problem]);
        }
        assert_eq!(problems(&[(variable, "false")]), [""; 0], "who switches it off gets what they want");
    }
    assert_eq!(problems(&[("OTEL_LOGS_EXPORTER", "console")]), [""; 0], "there log lines go");
}

#[test]
fn profiles_are_a_list_of_which_unknown_ones_are_left_out() {
    use Profile::{Langfuse, Logfire, OpenInference};
    let get = |config: Config| config.profiles.list;
    check(&[], get, vec![]);
    check(&[("THROUGHLINE_PROFILES", "none")], get, vec![]);
    check(&[("THROUGHLINE_PROFILES", "openinference")], get, vec![OpenInference]);
    check(
        &[("THROUGHLINE_PROFILES", " logfire, langfuse,,openinference,logfire")],
        get,
        vec![Logfire, Langfuse, OpenInference],
    );
    check_malformed(
        &[("THROUGHLINE_PROFILES", "phoenix,langfuse")],
        "THROUGHLINE_PROFILES: `phoenix`: expected `openinference`, `langfuse` or `logfire`; it is left out",
        get,
        vec![Langfuse],
    );
}

#[test]
fn orphans_are_reported_or_not() {
    check(&[], |config| config.orphans, Orphans::Off);
    check(&[("THROUGHLINE_ORPHANS", "off")], |config| config.orphans, Orphans::Off);
    check(&[("THROUGHLINE_ORPHANS", " warn ")], |config| config.orphans, Orphans::Warn);
    check_malformed(
        &[("THROUGHLINE_ORPHANS", "error")],
        "THROUGHLINE_ORPHANS: `error`: expected `warn` or `off`; off is used",
        |config| config.orphans,
        Orphans::Off,
    );
}

#[test]
fn content_is_recorded_where_it_is_asked_for_and_our_word_counts_first() {
    const OURS: &str = "THROUGHLINE_CAPTURE_CONTENT";
    const OTEL: &str = "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT";
    let get = |config: Config| config.content.is_some();
    check(&[], get, false);
    for (value, is_asked) in [("on", true), ("ON", true), ("true", true), ("off", false), ("false", false)] {
        check(&[(OURS, value)], get, is_asked);
        check(&[(OURS, value), (OTEL, "SPAN_ONLY")], get, is_asked);
        check(&[(OURS, value), (OTEL, "NO_CONTENT")], get, is_asked);
    }
    for (value, is_asked) in
        [("SPAN_ONLY", true), ("span_only", true), ("True", true), ("NO_CONTENT", false), ("false", false)]
    {
        check(&[(OTEL, value)], get, is_asked);
    }
    check_malformed(
        &[(OURS, "some"), (OTEL, "SPAN_ONLY")],
        "THROUGHLINE_CAPTURE_CONTENT: `some`: expected `on` or `off`; no content is recorded",
        get,
        false,
    );
    check_malformed(
        &[(OTEL, "yes")],
        "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: `yes`: expected `NO_CONTENT`, `SPAN_ONLY`, \
         `EVENT_ONLY` or `SPAN_AND_EVENT`; no content is recorded",
        get,
        false,
    );
    let events = |value: &str, instead: &str| {
        format!(
            "{OTEL}: `{value}` asks for events, which need logs over OTLP, and these are not built in this \
             version; {instead}"
        )
    };
    check_malformed(&[(OTEL, "EVENT_ONLY")], &events("EVENT_ONLY", "no content is recorded"), get, false);
    check_malformed(
        &[(OTEL, "SPAN_AND_EVENT")],
        &events("SPAN_AND_EVENT", "content is recorded on spans alone"),
        get,
        true,
    );
}

#[test]
fn each_wrong_entry_of_a_variable_is_said_and_a_variable_of_several_exporters_once() {
    let headers = problems(&[("OTEL_EXPORTER_OTLP_HEADERS", "a,b")]);
    assert_eq!(headers.len(), 2, "{headers:?}");
    let timeout = problems(&[
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1"),
        ("OTEL_EXPORTER_OTLP_TIMEOUT", "soon"),
    ]);
    assert_eq!(timeout.len(), 1, "{timeout:?}");
}
