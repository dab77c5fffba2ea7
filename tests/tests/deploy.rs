//! The configurations of `docs/deploy`: nothing in them refers to what is not there.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::Value;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/deploy")
}

/// All documents of a file.
fn documents(name: &str) -> Vec<Value> {
    let text = std::fs::read_to_string(folder().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
    parsed(name, &text)
}

fn parsed(name: &str, text: &str) -> Vec<Value> {
    let documents = serde_yaml_ng::Deserializer::from_str(text).map(Value::deserialize);
    documents.collect::<Result<_, _>>().unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn document(name: &str) -> Value {
    let [document] = <[Value; 1]>::try_from(documents(name)).expect("one document");
    document
}

fn texts(list: &Value) -> Vec<&str> {
    list.as_array().into_iter().flatten().map(|text| text.as_str().expect("a text")).collect()
}

fn keys(object: &Value) -> BTreeSet<&str> {
    object.as_object().into_iter().flatten().map(|(key, _)| &**key).collect()
}

/// What a collector's configuration refers to and does not define, or defines and does not use.
fn strays(config: &Value) -> Vec<String> {
    let pipelines = config["service"]["pipelines"].as_object().expect("pipelines");
    assert!(!pipelines.is_empty());
    let mut strays = Vec::new();
    for part in ["receivers", "processors", "exporters", "extensions"] {
        let used: BTreeSet<&str> = match part {
            "extensions" => texts(&config["service"][part]).into_iter().collect(),
            _ => pipelines.values().flat_map(|pipeline| texts(&pipeline[part])).collect(),
        };
        let defined = keys(&config[part]);
        strays.extend(used.symmetric_difference(&defined).map(|name| format!("{part}/{name}")));
    }
    strays
}

/// The ports that the receivers of a collector listen on.
fn ports(config: &Value) -> BTreeSet<u64> {
    let protocols = config["receivers"]["otlp"]["protocols"].as_object().expect("protocols");
    let endpoints = protocols.values().map(|protocol| protocol["endpoint"].as_str().expect("an address"));
    endpoints.map(port).collect()
}

fn port(address: &str) -> u64 {
    address.rsplit(':').next().and_then(|port| port.parse().ok()).unwrap_or_else(|| panic!("{address}"))
}

/// The object of that kind and name.
fn object<'a>(objects: &'a [Value], kind: &str, name: &str) -> &'a Value {
    let mut found =
        objects.iter().filter(|object| object["kind"] == kind && object["metadata"]["name"] == name);
    found.next().unwrap_or_else(|| panic!("no {kind} {name}"))
}

/// The value of a variable that a container gets.
fn variable<'a>(container: &'a Value, name: &str) -> &'a str {
    let variables = container["env"].as_array().expect("variables");
    let variable = variables.iter().find(|variable| variable["name"] == name);
    variable.and_then(|variable| variable["value"].as_str()).unwrap_or_else(|| panic!("no {name}"))
}

#[test]
fn pipelines_name_what_is_defined_and_all_of_it() {
    for name in ["collector.yaml", "balancer.yaml"] {
        let config = document(name);
        assert_eq!(strays(&config), [""; 0], "{name}");
        assert_eq!(ports(&config), [4317, 4318].into(), "{name}");
        let processors = texts(&config["service"]["pipelines"]["traces"]["processors"]);
        assert_eq!(processors[0], "memory_limiter", "{name}");
    }
    let broken = serde_json::json!({"receivers": {"otlp": {}}, "exporters": {"debug": {}},
        "service": {"pipelines": {"traces": {"receivers": ["otlp"], "exporters": ["otlp/tempo"]}}}});
    assert_eq!(strays(&broken), ["exporters/debug", "exporters/otlp/tempo"]);
}

#[test]
fn what_was_cut_off_is_kept_by_the_key_that_spans_have() {
    let config = document("collector.yaml");
    let policies = config["processors"]["tail_sampling"]["policies"].as_array().expect("policies");
    for policy in policies {
        let kind = policy["type"].as_str().expect("a type");
        assert!(policy[kind].is_object(), "{policy}");
    }
    let cut_off = policies.iter().find(|policy| policy["type"] == "string_attribute").expect("a policy");
    assert_eq!(cut_off["string_attribute"]["key"], throughline::semconv::THROUGHLINE_OUTCOME);
    assert_eq!(texts(&cut_off["string_attribute"]["values"]), ["cancelled", "panicked"]);
}

/// Where the collector sends: the variable that says so, and what counts without it.
fn sent_to(collector: &Value) -> (String, String) {
    let endpoint = collector["exporters"]["otlp"]["endpoint"].as_str().expect("an address");
    let variable = endpoint.strip_prefix("${env:").and_then(|rest| rest.strip_suffix('}'));
    let (name, default) = variable.and_then(|variable| variable.split_once(":-")).expect("a variable");
    (name.to_owned(), default.to_owned())
}

#[test]
fn services_of_compose_are_there_and_so_are_their_files() {
    let compose = document("compose.yaml");
    let services = keys(&compose["services"]);
    for (name, service) in compose["services"].as_object().expect("services") {
        assert!(service["image"].as_str().is_some_and(|image| image.contains(':')), "{name}");
        assert!(texts(&service["depends_on"]).iter().all(|other| services.contains(other)), "{name}");
        for volume in texts(&service["volumes"]) {
            let source = volume.split(':').next().expect("a source");
            match source.strip_prefix("./") {
                Some(file) => assert!(folder().join(file).is_file(), "{volume}"),
                None => assert!(keys(&compose["volumes"]).contains(source), "{volume}"),
            }
        }
    }
    // Collectors send to services that are there, and that they wait for.
    let (variable, default) = sent_to(&document("collector.yaml"));
    for (name, expected) in [("collector", "tempo"), ("collector-jaeger", "jaeger")] {
        let collector = &compose["services"][name];
        let endpoint = collector["environment"][&variable].as_str().unwrap_or(&default);
        assert_eq!(endpoint, format!("{expected}:4317"), "{name}");
        assert!(services.contains(expected) && texts(&collector["depends_on"]) == [expected], "{name}");
    }
}

#[test]
fn tempo_listens_where_the_collector_sends_and_grafana_asks() {
    let (tempo, collector, grafana) =
        (document("tempo.yaml"), document("collector.yaml"), document("grafana.yaml"));
    let (_, sent) = sent_to(&collector);
    let received = &tempo["distributor"]["receivers"]["otlp"]["protocols"]["grpc"]["endpoint"];
    assert_eq!(port(&sent), port(received.as_str().expect("an address")));
    let asked = grafana["datasources"][0]["url"].as_str().expect("a URL");
    assert_eq!(Some(port(asked)), tempo["server"]["http_listen_port"].as_u64());
}

#[test]
fn objects_of_kubernetes_refer_to_one_another() {
    let objects = documents("kubernetes/daemonset.yaml");
    assert_eq!(objects.len(), 4);
    for object in objects.iter().filter(|object| object["spec"]["template"].is_object()) {
        let labels = &object["spec"]["template"]["metadata"]["labels"];
        assert_eq!(&object["spec"]["selector"]["matchLabels"], labels, "{object}");
    }
    // The balancer finds the pods of the collectors by their service.
    let balancer = document("balancer.yaml");
    let resolver = &balancer["exporters"]["loadbalancing"]["resolver"]["dns"];
    let service = object(&objects, "Service", resolver["hostname"].as_str().expect("a name"));
    assert_eq!(service["spec"]["clusterIP"], "None");
    assert_eq!(service["spec"]["ports"][0]["port"].to_string(), resolver["port"].as_str().expect("a port"));
    let collectors = object(&objects, "Deployment", "collector-sampling");
    assert_eq!(service["spec"]["selector"], collectors["spec"]["template"]["metadata"]["labels"]);
    let health = document("collector.yaml")["extensions"]["health_check"]["endpoint"].clone();
    let probe = &collectors["spec"]["template"]["spec"]["containers"][0]["readinessProbe"]["httpGet"]["port"];
    assert_eq!(probe.as_u64(), Some(port(health.as_str().expect("an address"))));
    // A service sends to its node's balancer.
    let shop = &object(&objects, "Deployment", "shop")["spec"]["template"]["spec"]["containers"][0];
    let endpoint = variable(shop, "OTEL_EXPORTER_OTLP_ENDPOINT");
    let of_node =
        &object(&objects, "DaemonSet", "balancer")["spec"]["template"]["spec"]["containers"][0]["ports"];
    assert!(
        of_node.as_array().expect("ports").iter().any(|of| of["hostPort"].as_u64() == Some(port(endpoint)))
    );
    assert!(ports(&balancer).contains(&port(endpoint)));
}

#[test]
fn the_sidecar_listens_where_its_service_sends() {
    let objects = documents("kubernetes/sidecar.yaml");
    let file = object(&objects, "ConfigMap", "sidecar")["data"]["collector.yaml"].as_str().expect("a file");
    let [config] = &parsed("sidecar", file)[..] else { panic!("one document") };
    assert_eq!(strays(config), [""; 0]);
    let pod = &object(&objects, "Deployment", "shop")["spec"]["template"]["spec"];
    let endpoint = variable(&pod["containers"][0], "OTEL_EXPORTER_OTLP_ENDPOINT");
    assert_eq!(ports(config), [port(endpoint)].into());
    assert_eq!(pod["volumes"][0]["configMap"]["name"], "sidecar");
    assert_eq!(config["exporters"], document("balancer.yaml")["exporters"], "it sends as the balancer does");
}
