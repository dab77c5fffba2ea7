//! What `inject` writes and `extract` reads, on carriers of every kind.

use std::collections::{BTreeMap, HashMap};

use throughline::propagation::{Config, Generator, Inject, Policy, Propagators};
use throughline::{Context, ContextParts, Flags, extract, inject};

const PARENT: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

fn context() -> Context {
    let mut parts = ContextParts {
        trace_id: Some("4bf92f3577b34da6a3ce929d0e0e4736".parse().unwrap()),
        span_id: Some("00f067aa0ba902b7".parse().unwrap()),
        flags: Flags::SAMPLED,
        trace_state: Some("rojo=1,congo=2".into()),
        request_id: Some("req-abc".parse().unwrap()),
        ..ContextParts::default()
    };
    parts.baggage.set("user", "Ada Löwe", "");
    Context::from(parts)
}

#[test]
fn state_and_flags_of_a_trace_can_be_changed_alone() {
    let changed = context().with_parts(|parts| {
        parts.trace_state = Some("congo=3".into());
        parts.flags = Flags::default();
    });
    let expected =
        ContextParts { trace_state: Some("congo=3".into()), flags: Flags::default(), ..context().to_parts() };
    assert_eq!(changed.to_parts(), expected);
    assert_eq!(context().with_parts(|parts| parts.trace_state = None).to_parts().trace_state, None);
}

fn check_round_trip<C: Inject + throughline::propagation::Extract>(mut carrier: C) {
    let _attached = context().attach();
    inject(&mut carrier);
    assert_eq!(extract(&carrier).to_parts(), context().to_parts());
}

#[test]
fn a_context_survives_every_carrier() {
    check_round_trip(HashMap::<String, String>::new());
    check_round_trip(BTreeMap::<String, String>::new());
    check_round_trip(Vec::<(String, String)>::new());
    check_round_trip(http::HeaderMap::new());
}

#[test]
fn values_that_are_bytes_are_read() {
    let kafka = HashMap::from([("traceparent".to_owned(), PARENT.as_bytes().to_vec())]);
    assert!(extract(&kafka).trace_id().is_some());
    let bytes = vec![("x-request-id", b"req-\xff".to_vec())];
    assert!(extract(&bytes).request_id().is_some(), "replaced, as it is not text");
}

#[test]
fn nothing_is_written_when_no_context_is_current() {
    let mut carrier = HashMap::new();
    inject(&mut carrier);
    assert_eq!(carrier, HashMap::new());
}

#[test]
fn extraction_ignores_the_case_of_keys() {
    for key in ["traceparent", "TRACEPARENT", "TraceParent", "TrAcEpArEnT"] {
        let carrier = HashMap::from([(key.to_owned(), PARENT.to_owned())]);
        assert!(extract(&carrier).trace_id().is_some(), "{key}");
    }
}

#[test]
fn keys_that_only_look_alike_are_not_taken() {
    let carrier = [("trace-parent", PARENT), ("trace.parent", PARENT), ("traceparent ", PARENT)];
    assert!(extract(&carrier).is_empty());
}

#[test]
fn a_key_that_stands_twice_in_different_case_is_a_duplicate() {
    let carrier = BTreeMap::from([
        ("Traceparent".to_owned(), PARENT.to_owned()),
        ("traceparent".to_owned(), PARENT.to_owned()),
    ]);
    assert_eq!(extract(&carrier).trace_id(), None);
}

#[test]
fn in_a_message_what_the_caller_set_wins() {
    let theirs = "00-00000000000000000000000000000001-0000000000000002-00";
    let mut message = BTreeMap::from([
        ("TraceParent".to_owned(), theirs.to_owned()),
        ("x-request-id".to_owned(), "theirs".to_owned()),
        ("baggage".to_owned(), "a=b".to_owned()),
    ]);
    let before = message.clone();
    let _attached = context().attach();
    inject(&mut message);
    assert_eq!(message, before, "neither replaced nor joined by a tracestate of another parent");
}

#[test]
fn in_an_http_request_the_trace_headers_are_replaced_and_the_rest_is_kept() {
    let mut headers = http::HeaderMap::new();
    for (name, value) in [
        ("traceparent", "00-00000000000000000000000000000001-0000000000000002-00"),
        ("tracestate", "theirs=1"),
        ("x-request-id", "theirs"),
        ("baggage", "a=b"),
    ] {
        headers.append(name, value.parse().unwrap());
    }
    let _attached = context().attach();
    inject(&mut headers);
    assert_eq!(headers["traceparent"], PARENT);
    assert_eq!(headers["tracestate"], "rojo=1,congo=2");
    assert_eq!(headers["x-request-id"], "theirs");
    assert_eq!(headers["baggage"], "a=b");
}

#[test]
fn a_state_left_over_from_another_parent_is_removed() {
    let mut headers = http::HeaderMap::new();
    headers.append("tracestate", "theirs=1".parse().unwrap());
    let parts = ContextParts { trace_state: None, ..context().to_parts() };
    let _attached = Context::from(parts).attach();
    inject(&mut headers);
    assert!(!headers.contains_key("tracestate"));
}

#[test]
fn the_request_id_is_spelled_as_the_carrier_wants_it() {
    let _attached = context().attach();
    let mut message = HashMap::new();
    inject(&mut message);
    assert_eq!(message["X-Request-ID"], "req-abc");
    let mut headers = http::HeaderMap::new();
    inject(&mut headers);
    assert_eq!(headers["x-request-id"], "req-abc");

    let mut config = Config::default();
    config.request_ids.message_header = "correlation_id".into();
    let mut message = HashMap::<String, String>::new();
    config.inject(&context(), &mut message);
    assert_eq!(message["correlation_id"], "req-abc");
}

#[test]
fn propagators_that_are_not_chosen_neither_read_nor_write() {
    let full = HashMap::from([
        ("traceparent".to_owned(), PARENT.to_owned()),
        ("baggage".to_owned(), "a=b".to_owned()),
        ("x-request-id".to_owned(), "req-abc".to_owned()),
    ]);
    let mut config = Config::default();
    for (names, keys) in [
        ("tracecontext,baggage", &["X-Request-ID", "baggage", "traceparent", "tracestate"][..]),
        ("tracecontext", &["X-Request-ID", "traceparent", "tracestate"]),
        ("baggage", &["X-Request-ID", "baggage"]),
        ("none", &["X-Request-ID"]),
    ] {
        config.propagators = Propagators::parse(names).propagators;
        let read = config.extract(&full);
        assert_eq!(read.trace_id().is_some(), names.contains("tracecontext"), "{names}");
        assert_eq!(read.baggage("a").is_some(), names.contains("baggage"), "{names}");
        let mut written = BTreeMap::<String, String>::new();
        config.inject(&context(), &mut written);
        assert!(written.keys().eq(keys), "{names}: {written:?}");
    }
}

#[test]
fn a_trace_from_outside_without_a_request_id_gets_a_fresh_one() {
    let carrier = [("traceparent", PARENT)];
    let (one, two) = (extract(&carrier).request_id().unwrap(), extract(&carrier).request_id().unwrap());
    assert_ne!(one, two);
    assert_ne!(one, throughline::RequestId::of_trace("4bf92f3577b34da6a3ce929d0e0e4736".parse().unwrap()));
}

#[test]
fn every_generator_makes_valid_ids_of_its_form() {
    let check = |generator: Generator, form: &str| {
        let (one, two) = (generator.generate().to_string(), generator.generate().to_string());
        assert_ne!(one, two);
        let digits = |text: &str| -> String {
            text.chars().map(|c| if c.is_ascii_hexdigit() { '0' } else { c }).collect()
        };
        assert_eq!(digits(one.strip_prefix("req-").unwrap()), form, "{generator:?}");
        assert!(throughline::RequestId::new(&one).is_ok());
        one
    };
    let uuid = "00000000-0000-0000-0000-000000000000";
    assert_eq!(&check(Generator::UuidV7, uuid)[18..19], "7");
    assert_eq!(&check(Generator::UuidV4, uuid)[18..19], "4");
    check(Generator::Timestamp, "0000000000000-000000000000");
}

#[test]
fn a_function_that_makes_no_request_id_is_helped_out() {
    let id = Generator::function(|| "two words\r\n".to_owned()).generate();
    assert!(id.to_string().starts_with("req-"));
    assert_eq!(Generator::function(|| "mine-1".to_owned()).generate(), "mine-1");
}

#[test]
fn policies_say_which_ids_are_taken() {
    let mut config = Config::default();
    for (policy, value, is_taken) in [
        (Policy::Trust, "two words", true),
        (Policy::Trust, "tab\there", false),
        (Policy::Validate, "two words", false),
        (Policy::Validate, "a.b_c:d-1", true),
        (Policy::AlwaysNew, "a.b_c:d-1", false),
    ] {
        config.request_ids.policy = policy;
        let id = config.extract(&[("x-request-id", value)]).request_id().unwrap();
        assert_eq!(id == value, is_taken, "{policy}: {value}");
    }
    let long = "x".repeat(1025);
    config.request_ids.policy = Policy::Trust;
    assert_ne!(config.extract(&[("x-request-id", &*long)]).request_id().unwrap(), long.as_str());
}

#[test]
fn the_first_header_that_has_an_id_brings_it() {
    let all = [("x-trace-id", "three"), ("x-correlation-id", "two"), ("x-request-id", "one")];
    assert_eq!(extract(&all).request_id().unwrap(), "one");
    assert_eq!(extract(&all[..2]).request_id().unwrap(), "two");
    assert_eq!(extract(&all[..1]).request_id().unwrap(), "three");
    let empty = [("x-request-id", " "), ("x-trace-id", "three")];
    assert_eq!(extract(&empty).request_id().unwrap(), "three");
}

#[test]
fn two_ids_under_one_name_are_no_id() {
    let id = extract(&[("x-request-id", "one"), ("x-request-id", "two")]).request_id().unwrap();
    assert!(id != "one" && id != "two");
}

#[test]
fn a_state_with_a_control_character_is_discarded_where_http_does_not_refuse_it() {
    for value in ["foo=\u{7f}", "foo=\u{1}", "foo=1\n", "foo=1\r\nx: y"] {
        let context = extract(&[("traceparent", PARENT), ("tracestate", value)]);
        assert!(context.trace_id().is_some());
        assert_eq!(context.to_parts().trace_state, None, "{value:?}");
    }
}
