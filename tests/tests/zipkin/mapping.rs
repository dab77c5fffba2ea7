//! What becomes of each part of a span.

use serde_json::{Value, json};
use throughline::span::{Callsite, Dropped, Kind, Outcome};
use throughline::{SpanId, TraceId};
use throughline_tests::otlp::{Event, Shape, Typed};

use crate::sending::sent;

static INTERNAL: Callsite = Callsite::new("work", "", "", 0, &[]);
static SERVER: Callsite = Callsite::new("GET /", "", "", 0, &[]).with_kind(Kind::Server);
static CLIENT: Callsite = Callsite::new("GET", "", "", 0, &[]).with_kind(Kind::Client);
static PRODUCER: Callsite = Callsite::new("send", "", "", 0, &[]).with_kind(Kind::Producer);
static CONSUMER: Callsite = Callsite::new("receive", "", "", 0, &[]).with_kind(Kind::Consumer);

/// The one span that this becomes.
fn mapped(shape: Shape) -> Value {
    let spans: Vec<Value> = serde_json::from_slice(&sent(&[shape])).expect("JSON");
    let [span] = <[Value; 1]>::try_from(spans).expect("one span");
    span
}

#[test]
fn a_span_is_written_as_the_mapping_says() {
    let version = env!("CARGO_PKG_VERSION");
    let mut shape = Shape::new(&CLIENT, 0xffdc_9bb9_a645_3df3)
        .with("server.address", "catalog")
        .with("list", Typed::Array(vec![1.into(), "-Infinity".into(), Typed::Double(f64::INFINITY)]))
        .with("nothing", Typed::Array(Vec::new()))
        .with("yes", Typed::Bool(true))
        .with("ratio", Typed::Double(0.5))
        .with("nan", Typed::Double(f64::NAN))
        .with("text", "a \"quoted\" word");
    shape.trace_id = TraceId::new(0x4e44_1824_ec2b_6a44_ffdc_9bb9_a645_3df3).expect("not 0");
    shape.parent = SpanId::new(7);
    (shape.start, shape.duration) = (1_502_787_600_000_000_999, 150_000_999);
    (shape.outcome, shape.message) = (Outcome::Error, Some("no tea".to_owned()));
    // The example of the mapping.
    let attributes = vec![("key1".to_owned(), "value1".into()), ("key2".to_owned(), "value2".into())];
    shape.events = vec![
        Event { name: "my-event-name".to_owned(), time: 1_502_787_600_000_001_999, attributes },
        Event { name: "plain".to_owned(), time: 2_000, attributes: Vec::new() },
    ];
    shape.dropped = Dropped { attributes: 1, events: 2, links: 3 };
    let expected = [
        r#"[{"traceId":"4e441824ec2b6a44ffdc9bb9a6453df3","parentId":"0000000000000007","id":"ffdc9bb9a6453df3","#,
        r#""kind":"CLIENT","name":"GET","timestamp":1502787600000000,"duration":150000,"#,
        r#""localEndpoint":{"serviceName":"shop"},"remoteEndpoint":{"serviceName":"catalog"},"#,
        r#""annotations":[{"timestamp":1502787600000001,"#,
        r#""value":"\"my-event-name\": {\"key1\":\"value1\",\"key2\":\"value2\"}"},{"timestamp":2,"value":"plain"}],"#,
        r#""tags":{"error":"no tea","list":"[1,\"-Infinity\",\"Infinity\"]","nan":"NaN","nothing":"[]","#,
        r#""otel.dropped_attributes_count":"1","otel.dropped_events_count":"2","otel.dropped_links_count":"3","#,
        &format!(r#""otel.library.name":"throughline","otel.library.version":"{version}","#),
        &format!(r#""otel.scope.name":"throughline","otel.scope.version":"{version}","#),
        r#""otel.status_code":"ERROR","ratio":"0.5","server.address":"catalog","service.namespace":"market","#,
        &format!(
            r#""telemetry.sdk.language":"rust","telemetry.sdk.name":"throughline","telemetry.sdk.version":"{version}","#
        ),
        r#""text":"a \"quoted\" word","yes":"true"}}]"#,
    ];
    assert_eq!(String::from_utf8(sent(&[shape])).expect("UTF-8"), expected.concat());
}

#[test]
fn what_is_not_there_is_left_out() {
    let span = mapped(Shape::new(&INTERNAL, 1));
    for absent in ["parentId", "kind", "remoteEndpoint", "annotations", "shared", "debug"] {
        assert_eq!(span.get(absent), None, "{absent}");
    }
    for absent in ["error", "otel.status_code", "otel.dropped_events_count", "service.name"] {
        assert_eq!(span["tags"].get(absent), None, "{absent}");
    }
}

#[test]
fn every_kind_but_internal_has_a_word() {
    for (callsite, kind) in
        [(&SERVER, "SERVER"), (&CLIENT, "CLIENT"), (&PRODUCER, "PRODUCER"), (&CONSUMER, "CONSUMER")]
    {
        assert_eq!(mapped(Shape::new(callsite, 1))["kind"], kind);
    }
}

#[test]
fn durations_are_whole_microseconds_and_never_nothing() {
    for (nanos, micros) in [(1_234, 1), (0, 1), (999, 1), (1_999, 1), (2_000, 2)] {
        let mut shape = Shape::new(&INTERNAL, 1);
        shape.duration = nanos;
        assert_eq!(mapped(shape)["duration"], micros, "{nanos} ns");
    }
}

#[test]
fn the_error_is_that_of_the_status_alone() {
    let span = mapped(Shape::new(&INTERNAL, 1).with("error", Typed::Bool(false)));
    assert_eq!(span["tags"].get("error"), None, "Zipkin would take it for one that failed");
    let mut failed = Shape::new(&INTERNAL, 1).with("error", "said by the program");
    failed.outcome = Outcome::Panicked;
    let tags = &mapped(failed)["tags"];
    assert_eq!((&tags["error"], &tags["otel.status_code"]), (&json!(""), &json!("ERROR")));
    assert_eq!(tags["throughline.outcome"], "panicked");
}

#[test]
fn the_other_side_is_named_by_the_best_attribute() {
    let remote = |callsite: &'static Callsite, attributes: &[(&str, &str)]| {
        let shape =
            attributes.iter().fold(Shape::new(callsite, 1), |shape, (key, value)| shape.with(key, *value));
        mapped(shape).get("remoteEndpoint").cloned()
    };
    let ranked = [
        "peer.service",
        "server.address",
        "net.peer.name",
        "network.peer.address",
        "server.socket.domain",
        "server.socket.address",
        "net.sock.peer.name",
        "net.sock.peer.addr",
        "peer.hostname",
        "peer.address",
        "db.name",
    ];
    for (rank, best) in ranked.into_iter().enumerate() {
        let attributes: Vec<_> = ranked[rank..].iter().map(|key| (*key, *key)).collect();
        assert_eq!(remote(&PRODUCER, &attributes), Some(json!({"serviceName": best})));
    }
    let v4 = [("network.peer.address", "10.1.2.80"), ("network.peer.port", "443")];
    assert_eq!(remote(&CLIENT, &v4), Some(json!({"ipv4": "10.1.2.80", "port": 443})));
    let v6 = [("network.peer.address", "2001:db8::c001"), ("network.peer.port", "none")];
    assert_eq!(remote(&CLIENT, &v6), Some(json!({"ipv6": "2001:db8::c001"})));
    assert_eq!(remote(&CLIENT, &[("peer.service", ""), ("db.name", "d")]), Some(json!({"serviceName": "d"})));
    assert_eq!(remote(&CLIENT, &[]), None);
    assert_eq!(remote(&SERVER, &v4), None, "only those that call have another side");
}

#[test]
fn tags_of_megabytes_arrive_whole() {
    let text = "\u{0}\u{1b}[31m\"\\\r\n\u{2028}\u{202e}🍵\u{ffff}".repeat(2_500);
    let keys: Vec<_> = (0..100).map(|number| format!("tag \"{number}\"\n")).collect();
    let shape = keys.iter().fold(Shape::new(&INTERNAL, 1), |shape, key| shape.with(key, &*text));
    let span = mapped(shape);
    assert!(text.len() > 50_000 && keys.iter().all(|key| span["tags"][key] == *text), "each is what it was");
}
