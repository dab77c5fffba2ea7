//! Whether a request is what Zipkin's description of its API allows.

use serde_json::Value;
use throughline::span::{Callsite, Kind};
use throughline_tests::otlp::Shape;

use crate::sending::sent;

static CLIENT: Callsite = Callsite::new("GET", "shop", "src/shop.rs", 1, &[]).with_kind(Kind::Client);
static SERVER: Callsite = Callsite::new("GET /", "shop", "src/shop.rs", 2, &[]).with_kind(Kind::Server);
static INTERNAL: Callsite = Callsite::new("work", "shop", "src/shop.rs", 3, &[]);

/// What is wrong with `value` at `place`, by a schema of Swagger 2.0: as much of it as this description uses. A member that
/// it does not name is wrong too, though Swagger allows it.
fn violations(api: &Value, schema: &Value, value: &Value, place: &str, found: &mut Vec<String>) {
    if let Some(name) = schema["$ref"].as_str() {
        let pointer = name.strip_prefix('#').expect("a reference within");
        let schema = api.pointer(pointer).unwrap_or_else(|| panic!("no {name}"));
        return violations(api, schema, value, place, found);
    }
    let fits = match schema["type"].as_str().expect("a type") {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.as_str().is_some_and(|text| {
            let length = text.chars().count() as u64;
            schema["minLength"].as_u64().is_none_or(|least| length >= least)
                && schema["maxLength"].as_u64().is_none_or(|most| length <= most)
                && schema["enum"].as_array().is_none_or(|words| words.contains(value))
        }),
        "integer" => value.is_i64(),
        "boolean" => value.is_boolean(),
        other => panic!("a type that this does not know: {other}"),
    };
    if !fits {
        found.push(format!("{place}: {value}"));
    }
    for (index, item) in value.as_array().into_iter().flatten().enumerate() {
        violations(api, &schema["items"], item, &format!("{place}[{index}]"), found);
    }
    for (name, member) in value.as_object().into_iter().flatten() {
        let place = format!("{place}.{name}");
        match schema["properties"].get(name).or_else(|| schema.get("additionalProperties")) {
            Some(schema) => violations(api, schema, member, &place, found),
            None => found.push(format!("{place} is not in the description")),
        }
    }
}

fn check(body: &Value) -> Vec<String> {
    let api: Value = serde_yaml_ng::from_str(include_str!("zipkin2-api.yaml")).expect("YAML");
    let request = &api["paths"]["/spans"]["post"]["parameters"][0];
    assert_eq!((&request["in"], &request["name"]), (&"body".into(), &"spans".into()));
    let mut found = Vec::new();
    violations(&api, &request["schema"], body, "body", &mut found);
    found
}

#[test]
fn spans_of_every_shape_are_what_the_description_allows() {
    let shapes: Vec<_> = (0..100)
        .map(|seed| {
            let mut shape =
                Shape::random(&mut fastrand::Rng::with_seed(seed), &[&CLIENT, &SERVER, &INTERNAL]);
            shape.attributes.push(("network.peer.address".to_owned(), "10.1.2.80".into()));
            shape.attributes.push(("network.peer.port".to_owned(), 5432.into()));
            shape
        })
        .collect();
    let body: Value = serde_json::from_slice(&sent(&shapes)).expect("JSON");
    assert_eq!(body.as_array().map(Vec::len), Some(shapes.len()));
    assert_eq!(check(&body), [""; 0]);
}

#[test]
fn what_the_description_does_not_allow_is_found() {
    let wrong = serde_json::json!([{"traceId": "123", "id": "0000000000000001", "kind": "INTERNAL", "spanId": "1",
        "timestamp": "1", "tags": {"n": 1}, "remoteEndpoint": {"port": "443"}}]);
    assert_eq!(check(&wrong).len(), 6, "{:?}", check(&wrong));
}
