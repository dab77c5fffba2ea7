//! Context in `params._meta` of the Model Context Protocol: what is written, what is read, and a call over it.

use serde_json::{Map, Value, json};
use throughline::testing::capture_returning;
use throughline::{Context, ContextParts, Flags, extract, inject, llm_span, tool_span};

const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
const PARENT: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

fn context() -> Context {
    let mut parts = ContextParts {
        trace_id: TRACE.parse().ok(),
        span_id: "00f067aa0ba902b7".parse().ok(),
        flags: Flags::SAMPLED,
        trace_state: Some("rojo=1".into()),
        request_id: "req-abc".parse().ok(),
        ..ContextParts::default()
    };
    parts.baggage.set("tenant", "blue", "");
    Context::from(parts)
}

#[test]
fn context_is_written_under_the_plain_names_beside_what_is_there() {
    let _attached = context().attach();
    let mut call =
        json!({"method": "tools/call", "params": {"name": "weather", "_meta": {"progressToken": 7}}});
    inject(&mut call["params"]["_meta"]);
    assert_eq!(
        call["params"]["_meta"],
        json!({
            "progressToken": 7,
            "traceparent": PARENT,
            "tracestate": "rojo=1",
            "baggage": "tenant=blue",
            "X-Request-ID": "req-abc",
        })
    );
    assert_eq!(extract(&call["params"]["_meta"]).to_parts(), context().to_parts());
    let members = call["params"]["_meta"].as_object().unwrap();
    assert_eq!(extract(members).to_parts(), context().to_parts());
}

#[test]
fn a_missing_object_is_made_and_no_other_value_is_touched() {
    let _attached = context().attach();
    let mut call = json!({"params": {}});
    inject(&mut call["params"]["_meta"]);
    assert_eq!(call["params"]["_meta"]["traceparent"], PARENT);
    for other in [json!("text"), json!(7), json!([1]), json!(true)] {
        let mut meta = other.clone();
        inject(&mut meta);
        assert_eq!(meta, other);
        assert!(extract(&meta).is_empty());
    }
}

#[test]
fn nothing_is_made_where_nothing_is_current() {
    let mut call = json!({"params": {}});
    inject(&mut call["params"]["_meta"]);
    assert_eq!(call["params"]["_meta"], Value::Null);
    assert!(extract(&call["params"]["_meta"]).is_empty());
}

#[test]
fn what_the_caller_set_wins_whatever_its_case_and_type() {
    let _attached = context().attach();
    let mut meta = Map::new();
    meta.insert("TraceParent".to_owned(), json!(null));
    meta.insert("x-request-id".to_owned(), json!("req-mine"));
    inject(&mut meta);
    assert_eq!(
        Value::from(meta),
        json!({"TraceParent": null, "x-request-id": "req-mine", "baggage": "tenant=blue"})
    );
}

#[test]
fn values_of_other_types_are_not_read() {
    for wrong in [json!(7), json!(null), json!([PARENT]), json!({"traceparent": PARENT}), json!(false)] {
        let meta =
            json!({"traceparent": wrong, "tracestate": wrong, "baggage": wrong, "x-request-id": wrong});
        assert!(extract(&meta).is_empty(), "{meta}");
    }
    let meta = json!({"traceparent": PARENT, "tracestate": 7, "baggage": ["a=b"], "x-request-id": {}});
    let parts = extract(&meta).to_parts();
    assert_eq!(parts.trace_id, TRACE.parse().ok());
    assert_eq!(parts.trace_state, None);
    assert!(parts.baggage.is_empty());
}

#[test]
fn two_parents_in_different_case_are_none() {
    let meta = json!({"traceparent": PARENT, "Traceparent": PARENT.replace("4bf9", "aaaa")});
    assert_eq!(extract(&meta).trace_id(), None);
}

#[test]
fn huge_values_are_left_out() {
    let huge = "a=b,".repeat(1 << 20);
    let meta = json!({"traceparent": PARENT, "tracestate": huge, "baggage": huge, "x-request-id": huge});
    let parts = extract(&meta).to_parts();
    assert_eq!(parts.trace_id, TRACE.parse().ok());
    assert_eq!(parts.trace_state, None);
    assert!(parts.baggage.is_empty());
    assert!(parts.request_id.unwrap().with_str(|id| id.len() <= 128));
}

#[test]
fn objects_made_at_random_do_no_harm() {
    let mut rng = fastrand::Rng::with_seed(3);
    let names =
        ["traceparent", "TRACEPARENT", "tracestate", "baggage", "Baggage", "x-request-id", "X-Request-ID"];
    let characters: Vec<char> = "ab1%2F=,; \t\"\\é\u{0}".chars().collect();
    for _ in 0..20_000 {
        let mut meta = Map::new();
        for name in names {
            let text: String =
                (0..rng.usize(0..40)).map(|_| characters[rng.usize(0..characters.len())]).collect();
            let value = match rng.u8(0..6) {
                0 => continue,
                1 => json!(rng.i64(..)),
                2 => json!([text]),
                3 => json!(PARENT),
                _ => json!(text),
            };
            meta.insert(name.to_owned(), value);
        }
        let context = extract(&meta);
        let _attached = context.attach();
        let mut written = Map::new();
        inject(&mut written);
        assert_eq!(extract(&written).to_parts(), context.to_parts(), "{meta:?}");
    }
}

#[tool_span(name = "weather")]
fn weather(city: &str) -> String {
    format!("rain in {city} for {}", throughline::request_id().unwrap())
}

/// A server of the protocol, as far as it matters: a line in, a line out, under the context that the line brings.
fn serve(line: &str) -> String {
    let call: Value = serde_json::from_str(line).unwrap();
    let params = &call["params"];
    let _attached = extract(&params["_meta"]).attach();
    let text = weather(params["arguments"]["city"].as_str().unwrap());
    json!({"jsonrpc": "2.0", "id": call["id"], "result": {"content": [{"type": "text", "text": text}]}})
        .to_string()
}

#[llm_span(provider = "local", model = "m")]
fn ask() -> String {
    let mut call = json!({
        "jsonrpc": "2.0",
        "id": 1,
        "method": "tools/call",
        "params": {"name": "weather", "arguments": {"city": "Kiel"}},
    });
    inject(&mut call["params"]["_meta"]);
    serde_json::from_str::<Value>(&serve(&call.to_string())).unwrap()["result"]["content"][0]["text"]
        .as_str()
        .unwrap()
        .to_owned()
}

#[test]
fn a_tool_of_a_server_is_in_the_trace_of_the_model_that_asked_for_it() {
    let (answer, trace) = capture_returning(|| {
        let request = ContextParts { request_id: "req-1".parse().ok(), ..Context::current().to_parts() };
        let _attached = Context::from(request).attach();
        ask()
    });
    assert_eq!(answer, "rain in Kiel for req-1");
    let tool = trace.span("execute_tool weather");
    assert_eq!(tool.trace_id(), trace.span("chat m").trace_id());
    assert_eq!(tool.parent_id(), Some(trace.span("chat m").span_id()));
    assert!(tool.is_local_root(), "the client is another process for it");
    assert_eq!(tool.attribute("request.id").unwrap(), "req-1");
}
