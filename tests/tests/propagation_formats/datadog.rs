//! The values are those of Datadog's tests for all of its tracers: `test_128_bit_traceids.py`, `test_headers_datadog.py` and
//! `test_headers_tracestate_dd.py` in <https://github.com/DataDog/system-tests/tree/main/tests/parametric>.

use crate::*;

const IDS: [(&str, &str); 2] =
    [("x-datadog-trace-id", "1234567890123456789"), ("x-datadog-parent-id", "987654321")];
const TAGS: (&str, &str) = ("x-datadog-tags", "_dd.p.tid=640cfd8d00000000");
const TRACE: u128 = (0x640c_fd8d_0000_0000 << 64) + 1_234_567_890_123_456_789;

#[test]
fn traces_of_128_bits_and_of_64_are_read() {
    check_read("datadog", &[IDS[0], IDS[1], TAGS], parts(TRACE, 987_654_321, Flags::DEFERRED));
    let tags = ("x-datadog-tags", "_dd.p.dm=-4,_dd.p.tid=640cfd8d00000000");
    let told = with_state(parts(TRACE, 987_654_321, Flags::DEFERRED), "dd=t.dm:-4");
    check_read("datadog", &[IDS[0], IDS[1], tags], told);
    check_read("datadog", &IDS, parts(1_234_567_890_123_456_789, 987_654_321, Flags::DEFERRED));
    for (priority, flags, state) in [
        ("2", Flags::SAMPLED, Some("dd=s:2")),
        ("1", Flags::SAMPLED, None),
        ("0", NOT_SAMPLED, None),
        ("-1", NOT_SAMPLED, Some("dd=s:-1")),
        ("-3", NOT_SAMPLED, Some("dd=s:-3")),
    ] {
        let priority = ("x-datadog-sampling-priority", priority);
        let mut expected = parts(TRACE, 987_654_321, flags);
        expected.trace_state = state.map(Into::into);
        check_read("datadog", &[IDS[0], IDS[1], TAGS, priority], expected);
    }
}

fn with_state(parts: ContextParts, state: &str) -> ContextParts {
    ContextParts { trace_state: Some(state.into()), ..parts }
}

/// The upper half is left out, as by Datadog's tracers.
#[test]
fn what_is_no_upper_half_leaves_the_lower_one() {
    for tid in [
        "1234567890abcdef1",
        "1234567890abcde",
        "1234567890abcdeX",
        "640cfd8d0000000",
        "ZZZZZZZZZZZZZZZZ",
        "",
    ] {
        let tags = ("x-datadog-tags", &*format!("_dd.p.tid={tid}"));
        let short = parts(1_234_567_890_123_456_789, 987_654_321, Flags::DEFERRED);
        check_read("datadog", &[IDS[0], IDS[1], tags], short.clone());
        check_written("datadog", short, &IDS);
    }
}

/// What a service that reads these headers writes.
#[track_caller]
fn check_passed_on(names: &str, received: Headers<'_>, sent: Headers<'_>) {
    check_written(names, read(names, received), sent);
}

const DATADOG: [(&str, &str); 2] =
    [("x-datadog-trace-id", "123456789"), ("x-datadog-parent-id", "987654321")];

#[test]
fn priority_and_origin_and_tags_are_passed_on() {
    let more = [
        ("x-datadog-sampling-priority", "2"),
        ("x-datadog-origin", "synthetics"),
        ("x-datadog-tags", "_dd.p.dm=-4,_dd.p.usr.id=baz64==,_dd.p.url=http://localhost"),
    ];
    let all = [&DATADOG[..], &more].concat();
    check_passed_on("datadog", &all, &all);
    // Tags that are no tags, that another tracer's tags may not be, and that have nothing in them, are left out.
    let tags = ("x-datadog-tags", "_dd.p.dm=-4,foo=bar,_dd.p.=x,_dd.p.empty=,_dd.p.a;b=c,no tag, ,=");
    let left = ("x-datadog-tags", "_dd.p.dm=-4");
    check_passed_on("datadog", &[DATADOG[0], DATADOG[1], tags], &[DATADOG[0], DATADOG[1], left]);
}

#[test]
fn what_is_passed_on_stands_in_the_trace_state_as_datadogs_tracers_write_it() {
    for (more, state) in [
        (("x-datadog-sampling-priority", "2"), "dd=s:2"),
        (("x-datadog-sampling-priority", "-1"), "dd=s:-1"),
        (("x-datadog-origin", "synthetics-browser"), "dd=o:synthetics-browser"),
        (("x-datadog-origin", "tracing2.0"), "dd=o:tracing2.0"),
        (("x-datadog-origin", "synthetics~;=web,z"), "dd=o:synthetics__~web_z"),
        (("x-datadog-tags", "_dd.p.dm=-4"), "dd=t.dm:-4"),
        (
            ("x-datadog-tags", "_dd.p.dm=-4,_dd.p.usr.id=baz64==,_dd.p.url=http://localhost"),
            "dd=t.dm:-4;t.usr.id:baz64~~;t.url:http://localhost",
        ),
    ] {
        let ids = [("x-datadog-trace-id", "7890123456789012"), ("x-datadog-parent-id", "1234567890123456")];
        let sent = written("tracecontext,datadog", read("datadog", &[ids[0], ids[1], more]));
        assert_eq!(sent["tracestate"], state, "{more:?}");
    }
}

#[test]
fn the_trace_state_of_datadogs_tracers_says_what_their_headers_do() {
    let trace = "12345678901234567890123456789012-1234567890123456";
    for (flags, state, priority, origin, tags) in [
        ("01", "foo=1", "1", None, None),
        ("01", "foo=1,dd=s:-1", "1", None, None),
        ("01", "foo=1,dd=s:2", "2", None, None),
        ("00", "foo=1", "0", None, None),
        ("00", "foo=1,dd=s:-1", "-1", None, None),
        ("00", "foo=1,dd=s:1", "0", None, None),
        ("01", "foo=1,dd=s:-1;o:synthetics-browser", "1", Some("synthetics-browser"), None),
        ("01", "foo=1,dd=s:2;t.dm:-4;t.usr.id:baz64~~", "2", None, Some("_dd.p.dm=-4,_dd.p.usr.id=baz64==")),
        // Who decided is nobody where the decision is another one.
        (
            "00",
            "foo=1,dd=s:2;t.dm:-4;t.usr.id:baz64~~;t.url:http://localhost",
            "0",
            None,
            Some("_dd.p.usr.id=baz64==,_dd.p.url=http://localhost"),
        ),
        // The upper half of the trace ID is that of the `traceparent`.
        ("01", "dd=t.tid:640cfd8d0000ffff;o:;t.:x;s", "1", None, None),
    ] {
        let received = [("traceparent", &*format!("00-{trace}-{flags}")), ("tracestate", state)];
        let sent = written("datadog", read("tracecontext", &received));
        let own = "_dd.p.tid=1234567890123456";
        let expected = tags.map_or(own.to_owned(), |tags| format!("{own},{tags}"));
        assert_eq!(sent["x-datadog-tags"], expected, "{state}");
        assert_eq!(sent["x-datadog-sampling-priority"], priority, "{flags} {state}");
        assert_eq!(sent.get("x-datadog-origin").map(String::as_str), origin, "{state}");
    }
}

#[test]
fn the_member_stands_in_front_of_those_of_others() {
    let ids = [("x-datadog-trace-id", "1"), ("x-datadog-parent-id", "2"), ("x-datadog-origin", "rum")];
    let others = (0..32).map(|index| format!("key{index}=value")).collect::<Vec<_>>();
    let traceparent = ("traceparent", "00-00000000000000000000000000000001-0000000000000002-01");
    let state = |list: &str| {
        let received = [&[traceparent, ("tracestate", list)][..], &ids].concat();
        read("tracecontext,datadog", &received).trace_state.unwrap().to_string()
    };
    assert_eq!(state("foo=1"), "dd=o:rum,foo=1");
    assert_eq!(state("foo=1,dd=o:lambda"), "foo=1,dd=o:lambda", "it came with the same span");
    assert_eq!(state(&others.join(",")), format!("dd=o:rum,{}", others[..31].join(",")));
    let longest = "x".repeat(300);
    let received = [ids[0], ids[1], ("x-datadog-tags", &*format!("_dd.p.long={longest},_dd.p.short=y"))];
    assert_eq!(read("datadog", &received).trace_state.as_deref(), Some("dd=t.short:y"));
}

#[test]
fn the_same_is_written() {
    let sampled = ("x-datadog-sampling-priority", "1");
    check_written("datadog", parts(TRACE, 987_654_321, Flags::SAMPLED), &[IDS[0], IDS[1], TAGS, sampled]);
    let short = parts(1_234_567_890_123_456_789, 987_654_321, Flags::DEFERRED);
    check_written("datadog", short, &IDS);
    check_written("datadog", parts(1 << 64, 1, Flags::SAMPLED), &[]);
}

#[test]
fn malformed_values_are_left_alone() {
    let trace = |value| [("x-datadog-trace-id", value), IDS[1]];
    for value in ["0", "", "+1", "-1", "0x1", "1.0", "18446744073709551616", "1234567890123456789a"] {
        check_ignored("datadog", &[&trace(value)]);
    }
    check_ignored(
        "datadog",
        &[
            &IDS[..1],
            &IDS[1..],
            &[IDS[0], ("x-datadog-parent-id", "0")],
            &[IDS[0], IDS[1], ("x-datadog-sampling-priority", "yes")],
            &[IDS[0], IDS[1], ("x-datadog-sampling-priority", "")],
            &[IDS[0], IDS[1], IDS[0]],
        ],
    );
}
