//! What the variables of OpenTelemetry make of the config and the resource.

use std::collections::HashMap;
use std::time::Duration;

use throughline::export::otlp::{Compression, ConfigIssue, OtlpConfig, Protocol, Resource};
use throughline::span::ValueView;

fn getter<'a>(variables: &[(&'a str, &'a str)]) -> impl Fn(&str) -> Option<String> + use<'a> {
    let variables: HashMap<_, _> = variables.iter().copied().collect();
    move |name| variables.get(name).map(|value| (*value).to_owned())
}

/// The config of variables that have nothing wrong with them.
fn config(variables: &[(&str, &str)]) -> OtlpConfig {
    let (config, issues) = OtlpConfig::from_env(getter(variables));
    assert_eq!(issues, []);
    config
}

/// The config and the one issue of variables.
fn issue(variables: &[(&str, &str)]) -> (OtlpConfig, String) {
    let (config, issues) = OtlpConfig::from_env(getter(variables));
    let [issue] = &issues[..] else { panic!("one issue: {issues:?}") };
    (config, issue.to_string())
}

#[test]
fn without_variables_it_is_the_default() {
    assert_eq!(config(&[]), OtlpConfig::default());
    assert_eq!(config(&[("OTEL_EXPORTER_OTLP_ENDPOINT", " ")]), OtlpConfig::default());
}

#[test]
fn the_path_for_traces_is_added_to_the_general_endpoint_alone() {
    let general = "OTEL_EXPORTER_OTLP_ENDPOINT";
    let traces = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT";
    for (variables, endpoint) in [
        (&[(general, "http://c:4318")][..], "http://c:4318/v1/traces"),
        (&[(general, "http://c:4318/")], "http://c:4318/v1/traces"),
        (&[(general, "https://c/otlp/")], "https://c/otlp/v1/traces"),
        (&[(general, "https://c/otlp?key=1")], "https://c/otlp/v1/traces?key=1"),
        (&[(general, "https://[::1]:4318")], "https://[::1]:4318/v1/traces"),
        (&[(traces, "http://c:4318")], "http://c:4318"),
        (&[(traces, "http://c:4318/api/"), (general, "http://d")], "http://c:4318/api/"),
    ] {
        assert_eq!(config(variables).endpoint, endpoint);
    }
}

#[test]
fn a_malformed_endpoint_is_reported_and_the_next_best_used() {
    for malformed in ["collector:4318", "grpc://collector", "http://", "http://a b", "/v1/traces"] {
        let (config, issue) = issue(&[("OTEL_EXPORTER_OTLP_ENDPOINT", malformed)]);
        assert_eq!(config.endpoint, "http://localhost:4318/v1/traces");
        assert!(issue.starts_with("OTEL_EXPORTER_OTLP_ENDPOINT: "), "{issue}");
        assert!(issue.ends_with("http://localhost:4318/v1/traces is used"), "{issue}");
    }
    let variables =
        [("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "nonsense"), ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://c")];
    let (config, issue) = issue(&variables);
    assert_eq!(config.endpoint, "http://c/v1/traces");
    assert!(issue.starts_with("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: "), "{issue}");
}

#[test]
fn headers_are_percent_decoded() {
    let list = "api-key=secret%20key, x-tenant = a%3Db=c ,,empty=,";
    let expected = [("api-key", "secret key"), ("x-tenant", "a=b=c"), ("empty", "")];
    let expected: Vec<_> = expected.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
    assert_eq!(config(&[("OTEL_EXPORTER_OTLP_HEADERS", list)]).headers, expected);
    let both = [("OTEL_EXPORTER_OTLP_HEADERS", "a=1"), ("OTEL_EXPORTER_OTLP_TRACES_HEADERS", "b=2")];
    assert_eq!(config(&both).headers, [("b".to_owned(), "2".to_owned())]);
}

#[test]
fn a_malformed_header_is_reported_without_its_text() {
    for malformed in ["secret", "=secret", "se cret=secret", "x=secret%0A", "x=%ffsecret"] {
        let list = format!("good=1,{malformed}");
        let (config, issue) = issue(&[("OTEL_EXPORTER_OTLP_HEADERS", &list)]);
        assert_eq!(config.headers, [("good".to_owned(), "1".to_owned())], "{malformed}");
        assert!(issue.starts_with("OTEL_EXPORTER_OTLP_HEADERS: header 2 "), "{issue}");
        assert!(!issue.contains("secret"), "{issue}");
    }
}

#[test]
fn compression_timeout_and_limits_are_read() {
    let config = config(&[
        ("OTEL_EXPORTER_OTLP_COMPRESSION", "gzip"),
        ("OTEL_EXPORTER_OTLP_TRACES_TIMEOUT", "2500"),
        ("OTEL_EXPORTER_OTLP_TIMEOUT", "1"),
        ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
        ("OTEL_BSP_SCHEDULE_DELAY", "0"),
        ("OTEL_BSP_EXPORT_TIMEOUT", "7000"),
        ("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "512"),
        ("OTEL_BSP_MAX_QUEUE_SIZE", "100"),
    ]);
    assert_eq!(config.compression, Compression::Gzip);
    assert_eq!((config.timeout, config.schedule_delay), (Duration::from_millis(2500), Duration::ZERO));
    assert_eq!(config.export_timeout, Duration::from_secs(7));
    assert_eq!((config.batch_spans, config.queue_spans), (100, 100), "a batch must fit into the queue");
}

#[test]
fn a_timeout_of_0_is_no_limit() {
    let config = config(&[("OTEL_EXPORTER_OTLP_TIMEOUT", "0"), ("OTEL_BSP_EXPORT_TIMEOUT", "0")]);
    assert_eq!((config.timeout, config.export_timeout), (Duration::MAX, Duration::MAX));
}

#[test]
fn malformed_values_are_reported_and_the_default_used() {
    for (variable, value, instead) in [
        ("OTEL_EXPORTER_OTLP_COMPRESSION", "zstd", "nothing is compressed"),
        ("OTEL_EXPORTER_OTLP_TIMEOUT", "10s", "10000 is used"),
        ("OTEL_EXPORTER_OTLP_TRACES_TIMEOUT", "-1", "10000 is used"),
        ("OTEL_BSP_SCHEDULE_DELAY", "soon", "5000 is used"),
        ("OTEL_BSP_EXPORT_TIMEOUT", "1m", "30000 is used"),
        ("OTEL_BSP_MAX_QUEUE_SIZE", "0", "bytes alone are the limit"),
        ("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "many", "bytes alone are the limit"),
        ("OTEL_EXPORTER_OTLP_CERTIFICATE", "/nowhere.pem", "the authorities that Mozilla trusts are used"),
        ("OTEL_EXPORTER_OTLP_CERTIFICATE", "Cargo.toml", "the authorities that Mozilla trusts are used"),
        ("OTEL_EXPORTER_OTLP_CLIENT_KEY", "/nowhere.pem", "requests are sent without a client certificate"),
    ] {
        let (config, issue) = issue(&[(variable, value)]);
        assert_eq!(config, OtlpConfig::default(), "{variable}");
        assert!(issue.starts_with(&format!("{variable}: ")) && issue.ends_with(instead), "{issue}");
    }
}

#[test]
fn the_protocol_is_read_and_the_one_of_traces_wins() {
    let protocol = |name| config(&[("OTEL_EXPORTER_OTLP_PROTOCOL", name)]).protocol;
    assert_eq!(protocol("http/protobuf"), Protocol::HttpProtobuf);
    assert_eq!(protocol("http/json"), Protocol::HttpJson);
    assert_eq!(protocol("grpc"), Protocol::Grpc);
    let both = [("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "http/json"), ("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc")];
    assert_eq!(config(&both).protocol, Protocol::HttpJson);
    assert_eq!(config(&both).endpoint, "http://localhost:4318/v1/traces");
}

#[test]
fn what_is_no_protocol_is_reported() {
    let (config, issue) = issue(&[("OTEL_EXPORTER_OTLP_PROTOCOL", "tcp")]);
    assert_eq!(config, OtlpConfig::default());
    assert!(issue.contains("not a protocol") && issue.contains("http/protobuf is used"), "{issue}");
}

#[test]
fn an_address_for_grpc_is_taken_as_it_is_with_or_without_a_scheme() {
    let grpc = ("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc");
    let (general, traces) = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT");
    let insecure = |value| ("OTEL_EXPORTER_OTLP_INSECURE", value);
    assert_eq!(config(&[grpc]), OtlpConfig::speaking(Protocol::Grpc));
    for (variables, endpoint) in [
        (&[][..], "http://localhost:4317"),
        (&[(general, "http://c:4317")], "http://c:4317"),
        (&[(general, "https://c:4317"), insecure("true")], "https://c:4317"),
        (&[(general, "c:4317")], "https://c:4317"),
        (&[(general, "c:4317"), insecure("TRUE")], "http://c:4317"),
        (&[(traces, "d:1"), (general, "c:4317"), insecure("false")], "https://d:1"),
        (&[(traces, "d:1"), insecure("false"), ("OTEL_EXPORTER_OTLP_TRACES_INSECURE", "true")], "http://d:1"),
    ] {
        assert_eq!(config(&[variables, &[grpc]].concat()).endpoint, endpoint);
    }
    let (config, issue) = issue(&[grpc, (general, "unix:///run/otel.sock")]);
    assert_eq!(config.endpoint, "http://localhost:4317");
    assert!(issue.ends_with("http://localhost:4317 is used"), "{issue}");
}

#[test]
fn a_proxy_is_chosen_by_scheme_and_not_for_this_machine() {
    let proxies = |endpoint: &str, no_proxy: &str| {
        let variables = [
            ("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint),
            ("http_proxy", "http://plain:1"),
            ("HTTPS_PROXY", "http://secure:2"),
            ("NO_PROXY", no_proxy),
        ];
        config(&variables).proxy
    };
    assert_eq!(proxies("http://c.example", "").as_deref(), Some("http://plain:1"));
    assert_eq!(proxies("https://c.example", "other.example").as_deref(), Some("http://secure:2"));
    for exempt in ["*", "c.example", "example", ".example", "*.example", "x, C.Example"] {
        assert_eq!(proxies("http://c.example", exempt), None, "{exempt}");
    }
    for local in ["http://localhost:4318", "http://127.0.0.1", "http://[::1]"] {
        assert_eq!(proxies(local, ""), None, "{local}");
    }
}

fn resource(variables: &[(&str, &str)]) -> (Resource, Vec<ConfigIssue>) {
    Resource::from_env(getter(variables))
}

#[test]
fn the_name_of_the_service_has_its_own_variable() {
    let attributes = ("OTEL_RESOURCE_ATTRIBUTES", "service.name=general,team=a%20b");
    let (general, _) = resource(&[attributes]);
    assert_eq!(general.service_name(), "general");
    assert_eq!(general.attributes().get("team"), Some(ValueView::Str("a b")));
    let (own, _) = resource(&[attributes, ("OTEL_SERVICE_NAME", "own")]);
    assert_eq!(own.service_name(), "own");
    let (none, _) = resource(&[]);
    assert!(none.service_name().starts_with("unknown_service:otlp_env"), "{}", none.service_name());
}

#[test]
fn the_resource_names_the_process_and_what_made_the_spans() {
    let (resource, issues) = resource(&[]);
    assert_eq!(issues, []);
    let get = |key| resource.attributes().get(key);
    assert_eq!(get("process.pid"), Some(ValueView::Int(std::process::id().into())));
    assert_eq!(get("telemetry.sdk.name"), Some(ValueView::Str("throughline")));
    assert_eq!(get("telemetry.sdk.language"), Some(ValueView::Str("rust")));
    assert!(get("telemetry.sdk.version").is_some());
}

#[test]
fn malformed_resource_attributes_are_left_out_as_a_whole() {
    for malformed in ["team", "=a", "team=%ff"] {
        let list = format!("good=1,{malformed}");
        let (resource, issues) = resource(&[("OTEL_RESOURCE_ATTRIBUTES", &list)]);
        assert_eq!(resource.attributes().get("good"), None);
        let [issue] = &issues[..] else { panic!("one issue: {issues:?}") };
        assert_eq!(issue.variable(), "OTEL_RESOURCE_ATTRIBUTES");
    }
}
