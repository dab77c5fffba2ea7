//! Several formats at once.

use std::collections::BTreeMap;

use throughline::{Context, ContextParts, Flags};

use crate::*;

const ALL: &str = "tracecontext,b3,b3multi,jaeger,xray,ottrace,datadog,gcp,baggage";

#[test]
fn what_a_format_writes_it_reads() {
    for name in ALL.split(',').filter(|name| *name != "baggage") {
        for flags in [Flags::SAMPLED, NOT_SAMPLED] {
            // The longest numbers, and one that fits the lower half alone, which is all that one format has.
            let largest = if name == "ottrace" { u128::from(u64::MAX) } else { u128::MAX };
            for (trace, span) in [(largest, u64::MAX), (1, 1)] {
                let headers = written(name, parts(trace, span, flags));
                let headers: Vec<(&str, &str)> =
                    headers.iter().map(|(key, value)| (&**key, &**value)).collect();
                check_read(name, &headers, parts(trace, span, flags));
            }
        }
    }
}

#[test]
fn a_format_that_is_not_named_is_neither_read_nor_written() {
    let all = written(ALL, parts(u128::MAX, 1, Flags::SAMPLED));
    assert_eq!(all.len(), 15, "{all:?}");
    for name in ALL.split(',') {
        let others = all
            .iter()
            .filter(|(key, _)| !written(name, parts(u128::MAX, 1, Flags::SAMPLED)).contains_key(*key));
        let is_b3 = |key: &str| key.contains("b3");
        let others: Vec<(&str, &str)> = others
            .map(|(key, value)| (&**key, &**value))
            .filter(|(key, _)| !(is_b3(name) && is_b3(key)))
            .collect();
        check_read(name, &others, ContextParts::default());
    }
}

#[test]
fn the_format_that_is_named_last_wins_where_it_finds_a_trace() {
    let headers = [
        ("traceparent", "00-11111111111111111111111111111111-1111111111111111-01"),
        ("tracestate", "rojo=1"),
        ("b3", "22222222222222222222222222222222-2222222222222222-0"),
    ];
    let b3 = parts(0x2222_2222_2222_2222_2222_2222_2222_2222, 0x2222_2222_2222_2222, NOT_SAMPLED);
    let w3c = ContextParts {
        trace_state: Some("rojo=1".into()),
        ..parts(0x1111_1111_1111_1111_1111_1111_1111_1111, 0x1111_1111_1111_1111, Flags::SAMPLED)
    };
    check_read("tracecontext,b3", &headers, b3);
    check_read("b3,tracecontext", &headers, w3c.clone());
    check_read("tracecontext,b3", &headers[..2], w3c.clone());
    let malformed = [headers[0], headers[1], ("b3", "22222222222222222222222222222222-2222222222222222-x")];
    check_read("tracecontext,b3,jaeger,xray", &malformed, w3c.clone());
    let same = [headers[0], headers[1], ("b3", "11111111111111111111111111111111-1111111111111111-1")];
    check_read("tracecontext,b3", &same, w3c.clone());
    let random = ("traceparent", "00-11111111111111111111111111111111-1111111111111111-03");
    let flags = Flags::SAMPLED.with(Flags::RANDOM);
    check_read("tracecontext,b3", &[random, same[1], same[2]], ContextParts { flags, ..w3c });
    let other = [random, ("b3", "22222222222222222222222222222222-2222222222222222-0")];
    check_read("tracecontext,b3", &other, read("b3", &other));
}

#[test]
fn values_of_the_header_baggage_win_over_those_of_other_headers() {
    let headers = [("baggage", "user=w3c"), ("uberctx-user", "jaeger"), ("uberctx-tenant", "acme")];
    let parts = read("baggage,jaeger", &headers);
    assert_eq!((parts.baggage.get("user"), parts.baggage.get("tenant")), (Some("w3c"), Some("acme")));
}

#[test]
fn a_message_keeps_what_its_sender_set_and_an_http_request_what_is_newer() {
    let context = Context::from(parts(u128::MAX, 1, Flags::SAMPLED));
    let config = config("b3,b3multi,datadog");
    let old = [("b3", "0"), ("x-b3-parentspanid", "00f067aa0ba902b7"), ("x-datadog-origin", "rum")];
    let set: Vec<(String, String)> =
        old.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
    let mut message = set.clone();
    config.inject(&context, &mut message);
    message.retain(|(key, _)| key != "X-Request-ID");
    assert_eq!(message, set);
    let mut request = http::HeaderMap::new();
    old.iter().for_each(|(key, value)| {
        request.insert(*key, value.parse().unwrap());
    });
    config.inject(&context, &mut request);
    assert_eq!(request["b3"], "ffffffffffffffffffffffffffffffff-0000000000000001-1");
    assert_eq!(request["x-datadog-sampling-priority"], "1");
    assert!(!request.contains_key("x-b3-parentspanid") && !request.contains_key("x-datadog-origin"));
}

#[test]
fn one_form_of_b3_leaves_nothing_of_an_older_trace_in_the_other() {
    let context = Context::from(parts(u128::MAX, 1, Flags::SAMPLED));
    let single = [("b3", "80f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86bd1-0")];
    let multiple = [
        ("x-b3-traceid", "80f198ee56343ba864fe8b2a57d3eff7"),
        ("x-b3-spanid", "e457b5a2e4d86bd1"),
        ("x-b3-sampled", "0"),
        ("x-b3-flags", "1"),
        ("x-b3-parentspanid", "05e3ac9a4f6e3b90"),
    ];
    for (names, old) in
        [("b3multi", &single[..]), ("b3", &multiple), ("b3,b3multi", &single), ("b3multi,b3", &multiple)]
    {
        let mut request = http::HeaderMap::new();
        old.iter().for_each(|(key, value)| {
            request.insert(*key, value.parse().unwrap());
        });
        config(names).inject(&context, &mut request);
        let sent: BTreeMap<String, String> = request
            .iter()
            .filter(|(key, _)| *key != "x-request-id")
            .map(|(key, value)| (key.to_string(), value.to_str().unwrap().to_owned()))
            .collect();
        assert_eq!(sent, written(names, context.to_parts()), "{names}");

        let mut message: Vec<(String, String)> =
            old.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
        config(names).inject(&context, &mut message);
        assert_eq!(
            message.len(),
            old.len() + 1,
            "{names}: what the sender set stays, and a request ID: {message:?}"
        );
    }
}

#[test]
fn that_a_trace_is_for_debugging_goes_through_spans_and_is_not_exported() {
    use throughline::testing::MemorySink;

    let memory = MemorySink::new();
    let pipeline = throughline::Pipeline::builder().sink(memory.clone()).start().unwrap();
    let entered = pipeline.enter();
    let received = [("b3", "80f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86bd1-d")];
    let attached = config("b3").extract(&received).attach();
    let mut sent = BTreeMap::<String, String>::new();
    throughline::span!("outer").in_scope(|| {
        throughline::span!("inner", linked = true).in_scope(|| {
            throughline::span::current::link(&Context::current());
            config("tracecontext,b3,b3multi,jaeger").inject(&Context::current(), &mut sent);
        });
    });
    drop((attached, entered));
    assert!(pipeline.flush(std::time::Duration::from_secs(60)));
    let spans = memory.take();
    assert_eq!(spans.len(), 2);
    for span in spans.spans() {
        assert_eq!(span.record().flags(), Flags::SAMPLED);
        span.record().links().iter().for_each(|link| assert_eq!(link.flags, Flags::SAMPLED));
    }
    assert!(sent["b3"].ends_with("-d") && sent["uber-trace-id"].ends_with(":3"), "{sent:?}");
    assert!(sent["x-b3-flags"] == "1" && !sent.contains_key("x-b3-sampled"), "{sent:?}");
    assert!(sent["traceparent"].ends_with("-01"), "{sent:?}");
}

#[test]
fn where_nobody_has_decided_the_sampler_does() {
    use throughline::sampling::Sampler;
    use throughline::testing::MemorySink;

    for (sampler, is_recorded) in
        [(Sampler::ALWAYS_ON.parent_based(), true), (Sampler::ALWAYS_OFF.parent_based(), false)]
    {
        let memory = MemorySink::new();
        let pipeline =
            throughline::Pipeline::builder().sink(memory.clone()).sampler(sampler).start().unwrap();
        let entered = pipeline.enter();
        let deferred = config("b3").extract(&[("b3", "80f198ee56343ba864fe8b2a57d3eff7-05e3ac9a4f6e3b90")]);
        let attached = deferred.attach();
        let mut sent = BTreeMap::<String, String>::new();
        throughline::span!("decided")
            .in_scope(|| config("b3,tracecontext").inject(&Context::current(), &mut sent));
        drop((attached, entered));
        assert!(pipeline.flush(std::time::Duration::from_secs(60)));
        let spans = memory.take();
        assert_eq!(spans.len(), usize::from(is_recorded));
        let verdict = if is_recorded { '1' } else { '0' };
        assert!(sent["b3"].ends_with(&format!("-{verdict}")), "{sent:?}");
        assert!(sent["traceparent"].ends_with(&format!("-0{verdict}")), "{sent:?}");
        if is_recorded {
            let span = spans.root();
            assert_eq!(span.trace_id().to_string(), "80f198ee56343ba864fe8b2a57d3eff7");
            assert_eq!(span.record().flags(), Flags::SAMPLED, "the mark is gone");
        }
    }
}

#[test]
fn what_is_passed_on_undecided_is_recorded_by_those_who_cannot_be_told() {
    let sent = written("b3,tracecontext,ottrace", parts(u128::MAX, 1, Flags::DEFERRED));
    assert!(sent["b3"].ends_with("-0000000000000001"), "{sent:?}");
    assert!(sent["traceparent"].ends_with("-01"), "{sent:?}");
    assert_eq!(sent["ot-tracer-sampled"], "true");
}
