//! The headers of other tracing systems, beside the examples of their specifications and of their own tests.

use std::collections::BTreeMap;

use throughline::propagation::{Config, Propagators};
use throughline::{Context, ContextParts, Flags};

fn config(names: &str) -> Config {
    let parsed = Propagators::parse(names);
    assert_eq!(parsed.errors, []);
    let mut config = Config::default();
    config.propagators = parsed.propagators;
    config
}

fn parts(trace: u128, span: u64, flags: Flags) -> ContextParts {
    ContextParts {
        trace_id: throughline::TraceId::new(trace),
        span_id: throughline::SpanId::new(span),
        flags,
        ..ContextParts::default()
    }
}

type Headers<'a> = &'a [(&'a str, &'a str)];

/// What is read of the headers, without the request ID that is made for it.
#[track_caller]
fn read(names: &str, headers: Headers<'_>) -> ContextParts {
    let headers: Vec<(&str, &str)> = headers.to_vec();
    ContextParts { request_id: None, ..config(names).extract(&headers).to_parts() }
}

/// What is written of the parts, by key, without the request ID.
fn written(names: &str, parts: ContextParts) -> BTreeMap<String, String> {
    let mut carrier = BTreeMap::new();
    config(names).inject(&Context::from(parts), &mut carrier);
    carrier.remove("X-Request-ID");
    carrier
}

#[track_caller]
fn check_read(names: &str, headers: Headers<'_>, expected: ContextParts) {
    assert_eq!(read(names, headers), expected, "{names}: {headers:?}");
}

#[track_caller]
fn check_ignored(names: &str, headers: &[Headers<'_>]) {
    headers.iter().for_each(|headers| check_read(names, headers, ContextParts::default()));
}

#[track_caller]
fn check_written(names: &str, parts: ContextParts, headers: Headers<'_>) {
    let expected = headers.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
    assert_eq!(written(names, parts), expected, "{names}");
}

const NOT_SAMPLED: Flags = Flags::from_bits(0);

/// <https://github.com/openzipkin/b3-propagation#single-header>
mod b3 {
    use super::*;

    const TRACE: u128 = 0x80f1_98ee_5634_3ba8_64fe_8b2a_57d3_eff7;
    const SPAN: u64 = 0x05e3_ac9a_4f6e_3b90;

    #[test]
    fn the_examples_of_the_single_header_are_read() {
        for (value, flags) in [
            ("80f198ee56343ba864fe8b2a57d3eff7-05e3ac9a4f6e3b90-1-e457b5a2e4d86bd1", Flags::SAMPLED),
            ("80f198ee56343ba864fe8b2a57d3eff7-05e3ac9a4f6e3b90-1", Flags::SAMPLED),
            ("80f198ee56343ba864fe8b2a57d3eff7-05e3ac9a4f6e3b90-d", Flags::SAMPLED),
            ("80f198ee56343ba864fe8b2a57d3eff7-05e3ac9a4f6e3b90-0", NOT_SAMPLED),
            ("80f198ee56343ba864fe8b2a57d3eff7-05e3ac9a4f6e3b90", Flags::DEFERRED),
        ] {
            check_read("b3", &[("b3", value)], parts(TRACE, SPAN, flags));
            check_read("b3multi", &[("b3", value)], parts(TRACE, SPAN, flags));
        }
        let short = "64fe8b2a57d3eff7-05e3ac9a4f6e3b90-1";
        check_read("b3", &[("b3", short)], parts(0x64fe_8b2a_57d3_eff7, SPAN, Flags::SAMPLED));
    }

    #[test]
    fn the_example_of_the_single_header_is_written() {
        let id = "80f198ee56343ba864fe8b2a57d3eff7-05e3ac9a4f6e3b90";
        for (flags, ending) in [(Flags::SAMPLED, "-1"), (NOT_SAMPLED, "-0"), (Flags::DEFERRED, "")] {
            check_written("b3", parts(TRACE, SPAN, flags), &[("b3", &format!("{id}{ending}"))]);
        }
    }

    #[test]
    fn no_to_a_trace_that_is_not_named_is_kept_by_what_comes_after() {
        for headers in [&[("b3", "0")][..], &[("x-b3-sampled", "0")]] {
            let parts = read("b3", headers);
            assert!(parts.trace_id.is_some() && parts.flags == NOT_SAMPLED, "{parts:?}");
            assert!(written("b3", parts)["b3"].ends_with("-0"));
            let trace = throughline::testing::capture(|| {
                let _attached = config("b3").extract(&headers.to_vec()).attach();
                throughline::span!("not recorded").end();
            });
            assert!(trace.is_empty());
        }
        check_ignored("b3", &[&[("b3", "1")], &[("b3", "d")], &[("x-b3-sampled", "1")]]);
    }

    /// <https://github.com/openzipkin/b3-propagation#multiple-headers>
    #[test]
    fn the_examples_of_multiple_headers_are_read() {
        let ids = [
            ("X-B3-TraceId", "463ac35c9f6413ad48485a3953bb6124"),
            ("X-B3-SpanId", "a2fb4a1d1a96d312"),
            ("X-B3-ParentSpanId", "0020000000000001"),
        ];
        for (more, flags) in [
            (&[("X-B3-Sampled", "1")][..], Flags::SAMPLED),
            (&[("X-B3-Sampled", "true")], Flags::SAMPLED),
            (&[("X-B3-Sampled", "0")], NOT_SAMPLED),
            (&[("X-B3-Flags", "1")], Flags::SAMPLED),
            (&[("X-B3-Flags", "1"), ("X-B3-Sampled", "0")], Flags::SAMPLED),
            (&[], Flags::DEFERRED),
        ] {
            let headers: Vec<_> = ids.iter().chain(more).copied().collect();
            let expected = parts(0x463a_c35c_9f64_13ad_4848_5a39_53bb_6124, 0xa2fb_4a1d_1a96_d312, flags);
            check_read("b3multi", &headers, expected.clone());
            check_read("b3", &headers, expected);
        }
    }

    #[test]
    fn the_single_header_wins_over_multiple_ones_unless_it_is_malformed() {
        let multiple = [
            ("X-B3-TraceId", "463ac35c9f6413ad48485a3953bb6124"),
            ("X-B3-SpanId", "a2fb4a1d1a96d312"),
            ("X-B3-Sampled", "1"),
        ];
        let with = |single| [&[("b3", single)][..], &multiple].concat();
        let single = "80f198ee56343ba864fe8b2a57d3eff7-05e3ac9a4f6e3b90-0";
        check_read("b3multi", &with(single), parts(TRACE, SPAN, NOT_SAMPLED));
        assert_eq!(read("b3", &with("nonsense")), read("b3", &multiple));
    }

    #[test]
    fn the_example_of_multiple_headers_is_written_in_lower_case() {
        let parts = |flags| parts(0x463a_c35c_9f64_13ad_4848_5a39_53bb_6124, 0xa2fb_4a1d_1a96_d312, flags);
        let ids = [("x-b3-traceid", "463ac35c9f6413ad48485a3953bb6124"), ("x-b3-spanid", "a2fb4a1d1a96d312")];
        for (flags, sampled) in
            [(Flags::SAMPLED, Some("1")), (NOT_SAMPLED, Some("0")), (Flags::DEFERRED, None)]
        {
            let headers: Vec<_> =
                ids.into_iter().chain(sampled.map(|sampled| ("x-b3-sampled", sampled))).collect();
            check_written("b3multi", parts(flags), &headers);
        }
    }

    #[test]
    fn malformed_values_are_left_alone() {
        let id = "80f198ee56343ba864fe8b2a57d3eff7-05e3ac9a4f6e3b90";
        let more = ["-2", "-", "-1-", "-1-x", "-1-e457b5a2e4d86bd1-", "-1-e457b5a2e4d86bd1-1"];
        for value in more.iter().map(|more| format!("{id}{more}")) {
            check_ignored("b3", &[&[("b3", &value)]]);
        }
        check_ignored(
            "b3",
            &[
                &[("b3", "")],
                &[("b3", "80F198EE56343BA864FE8B2A57D3EFF7-05e3ac9a4f6e3b90-1")],
                &[("b3", "00000000000000000000000000000000-05e3ac9a4f6e3b90-1")],
                &[("b3", "80f198ee56343ba864fe8b2a57d3eff7-0000000000000000-1")],
                &[("b3", "80f198ee56343ba864fe8b2a57d3eff-05e3ac9a4f6e3b90-1")],
                &[("b3", id), ("b3", id)],
                &[("x-b3-traceid", "463ac35c9f6413ad48485a3953bb6124"), ("x-b3-sampled", "0")],
                &[
                    ("x-b3-traceid", "463ac35c9f6413ad48485a3953bb6124"),
                    ("x-b3-spanid", "a2fb4a1d1a96d312"),
                    ("x-b3-sampled", "maybe"),
                ],
            ],
        );
    }
}

/// <https://www.jaegertracing.io/docs/1.76/client-libraries/#propagation-format>, with the values of the documentation of
/// OpenTelemetry's propagator for Python.
mod jaeger {
    use super::*;

    #[test]
    fn traces_are_read_with_as_many_digits_as_they_have() {
        for (value, flags) in [
            ("000000000000000000000000deadbeef:00000000deadbef0:00000000:01", Flags::SAMPLED),
            ("deadbeef:deadbef0:0:1", Flags::SAMPLED),
            ("deadbeef:deadbef0:0:3", Flags::SAMPLED),
            ("deadbeef:deadbef0:0:0", NOT_SAMPLED),
            ("deadbeef%3Adeadbef0%3A0%3A1", Flags::SAMPLED),
        ] {
            check_read("jaeger", &[("uber-trace-id", value)], parts(0xdead_beef, 0xdead_bef0, flags));
        }
    }

    #[test]
    fn a_trace_and_its_baggage_are_written() {
        let mut parts = parts(0xdead_beef, 0xdead_bef0, Flags::SAMPLED);
        parts.baggage.set("user", "Ada Löwe", "");
        check_written(
            "jaeger",
            parts.clone(),
            &[
                ("uber-trace-id", "000000000000000000000000deadbeef:00000000deadbef0:0:1"),
                ("uberctx-user", "Ada%20L%C3%B6we"),
            ],
        );
        assert_eq!(
            read(
                "jaeger",
                &[("uber-trace-id", "deadbeef:deadbef0:0:1"), ("Uberctx-User", "Ada%20L%C3%B6we")]
            ),
            parts
        );
    }

    #[test]
    fn malformed_values_are_left_alone() {
        for value in [
            "000000000000000000000000deadbeef:00000000deadbef0:00",
            "0:deadbef0:0:1",
            "deadbeef:0:0:1",
            "1000000000000000000000000deadbeef:deadbef0:0:1",
            "deadbeef:100000000deadbef0:0:1",
            "deadbeef:deadbef0:0:1:1",
            "deadbeef:deadbef0:x:1",
            "deadbeef:deadbef0:0:",
            "deadbeef:deadbef0:0:001",
            "",
        ] {
            check_ignored("jaeger", &[&[("uber-trace-id", value)]]);
        }
    }
}

/// <https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html#xray-concepts-tracingheader>
mod xray {
    use super::*;

    const TRACE: u128 = 0x5759_e988_bd86_2e3f_e1be_46a9_9427_2793;
    const SPAN: u64 = 0x5399_5c3f_42cd_8ad8;

    #[test]
    fn the_examples_are_read_in_any_order_and_with_other_fields() {
        for (value, flags) in [
            ("Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1", Flags::SAMPLED),
            ("Sampled=0;Parent=53995c3f42cd8ad8;Root=1-5759e988-bd862e3fe1be46a994272793", NOT_SAMPLED),
            ("Root=1-5759e988-bd862e3fe1be46a994272793; Parent=53995c3f42cd8ad8; Sampled=?", Flags::DEFERRED),
            ("Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8", Flags::DEFERRED),
            (
                "Self=1-67891234-12456789abcdef012345678;Root=1-5759e988-bd862e3fe1be46a994272793;\
                 Parent=53995c3f42cd8ad8;Sampled=1;Lineage=a87bd80c:1|68fd508a:5|c512fbe3:2;CalledFrom=app",
                Flags::SAMPLED,
            ),
        ] {
            check_read("xray", &[("x-amzn-trace-id", value)], parts(TRACE, SPAN, flags));
        }
    }

    #[test]
    fn the_example_is_written() {
        for (flags, verdict) in [(Flags::SAMPLED, '1'), (NOT_SAMPLED, '0'), (Flags::DEFERRED, '?')] {
            let value =
                format!("Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled={verdict}");
            check_written("xray", parts(TRACE, SPAN, flags), &[("X-Amzn-Trace-Id", &value)]);
        }
    }

    #[test]
    fn a_root_without_a_parent_and_malformed_values_are_left_alone() {
        for value in [
            "Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1",
            "Parent=53995c3f42cd8ad8;Sampled=1",
            "Root=2-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1",
            "Root=1-5759e988bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1",
            "Root=1-5759e988-bd862e3fe1be46a99427279;Parent=53995c3f42cd8ad8;Sampled=1",
            "Root=1-5759e988-bd862e3fe1be46a994272793-1;Parent=53995c3f42cd8ad8;Sampled=1",
            "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad;Sampled=1",
            "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=2",
            "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Parent=53995c3f42cd8ad9",
            "",
        ] {
            check_ignored("xray", &[&[("X-Amzn-Trace-Id", value)]]);
        }
    }
}

/// The values are those of Datadog's tests for all of its tracers, `tests/parametric/test_128_bit_traceids.py` in
/// <https://github.com/DataDog/system-tests>.
mod datadog {
    use super::*;

    const IDS: [(&str, &str); 2] =
        [("x-datadog-trace-id", "1234567890123456789"), ("x-datadog-parent-id", "987654321")];
    const TAGS: (&str, &str) = ("x-datadog-tags", "_dd.p.tid=640cfd8d00000000");
    const TRACE: u128 = (0x640c_fd8d_0000_0000 << 64) + 1_234_567_890_123_456_789;

    #[test]
    fn traces_of_128_bits_and_of_64_are_read() {
        check_read("datadog", &[IDS[0], IDS[1], TAGS], parts(TRACE, 987_654_321, Flags::DEFERRED));
        let tags = ("x-datadog-tags", "_dd.p.dm=-4,_dd.p.tid=640cfd8d00000000");
        check_read("datadog", &[IDS[0], IDS[1], tags], parts(TRACE, 987_654_321, Flags::DEFERRED));
        check_read("datadog", &IDS, parts(1_234_567_890_123_456_789, 987_654_321, Flags::DEFERRED));
        for (priority, flags) in
            [("2", Flags::SAMPLED), ("1", Flags::SAMPLED), ("0", NOT_SAMPLED), ("-1", NOT_SAMPLED)]
        {
            let priority = ("x-datadog-sampling-priority", priority);
            check_read("datadog", &[IDS[0], IDS[1], TAGS, priority], parts(TRACE, 987_654_321, flags));
        }
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
                &[IDS[0], IDS[1], ("x-datadog-tags", "_dd.p.tid=640cfd8d0000000")],
                &[IDS[0], IDS[1], ("x-datadog-tags", "_dd.p.tid=ZZZZZZZZZZZZZZZZ")],
            ],
        );
    }
}

/// <https://cloud.google.com/trace/docs/trace-context>, with the values of the documentation of `TraceContextHelper` in
/// App Engine's runtime for Java.
mod cloud_trace {
    use super::*;

    const TRACE: u128 = (0x7b << 64) + 0x1c8;

    #[test]
    fn the_examples_with_a_span_are_read() {
        for (value, flags) in [
            ("000000000000007b00000000000001c8/789;o=1", Flags::SAMPLED),
            ("000000000000007B00000000000001C8/789;o=3", Flags::SAMPLED),
            ("000000000000007b00000000000001c8/789;o=0", NOT_SAMPLED),
            ("000000000000007b00000000000001c8/789;o=", Flags::DEFERRED),
            ("000000000000007b00000000000001c8/789", Flags::DEFERRED),
        ] {
            check_read("gcp", &[("x-cloud-trace-context", value)], parts(TRACE, 789, flags));
        }
        let largest = "000000000000007b00000000000001c8/18446744073709551615;o=1";
        check_read("gcp", &[("X-Cloud-Trace-Context", largest)], parts(TRACE, u64::MAX, Flags::SAMPLED));
    }

    #[test]
    fn the_example_is_written() {
        for (flags, ending) in [(Flags::SAMPLED, ";o=1"), (NOT_SAMPLED, ";o=0"), (Flags::DEFERRED, "")] {
            let value = format!("000000000000007b00000000000001c8/789{ending}");
            check_written("gcp", parts(TRACE, 789, flags), &[("X-Cloud-Trace-Context", &value)]);
        }
    }

    #[test]
    fn a_trace_without_a_span_and_malformed_values_are_left_alone() {
        for value in [
            "000000000000007b00000000000001c8/;o=1",
            "000000000000007b00000000000001c8;o=1",
            "000000000000007b00000000000001c8",
            "000000000000007b00000000000001c8/0;o=1",
            "000000000000007b00000000000001c8/18446744073709551616;o=1",
            "000000000000007b00000000000001c8/7b;o=1",
            "000000000000007b00000000000001c8/789;o=x",
            "000000000000007b00000000000001c8/789;p=1",
            "00000000000000000000000000000000/789;o=1",
            "7b00000000000001c8/789;o=1",
            "",
        ] {
            check_ignored("gcp", &[&[("X-Cloud-Trace-Context", value)]]);
        }
    }
}

/// The values are those of the tests of OpenTelemetry's propagator for Java, `OtTracePropagatorTest`, and of Nakadi.
mod ot_trace {
    use super::*;

    #[test]
    fn a_trace_and_its_baggage_are_read() {
        let headers = [
            ("ot-tracer-traceid", "e9435c17dabe8238"),
            ("ot-tracer-spanid", "b268f901d5f2b865"),
            ("ot-baggage-foo", "bar"),
        ];
        let mut expected = parts(0xe943_5c17_dabe_8238, 0xb268_f901_d5f2_b865, Flags::DEFERRED);
        expected.baggage.set("foo", "bar", "");
        check_read("ottrace", &headers, expected.clone());
        for (value, flags) in [("true", Flags::SAMPLED), ("false", NOT_SAMPLED)] {
            let headers = [&headers[..], &[("ot-tracer-sampled", value)]].concat();
            check_read("ottrace", &headers, ContextParts { flags, ..expected.clone() });
        }
    }

    #[test]
    fn the_lower_half_of_a_trace_id_is_written() {
        let trace = 0xffff_ffff_ffff_ffff_aaaa_aaaa_aaaa_aaaa;
        let mut parts = parts(trace, 0xbbbb_bbbb_bbbb_bbbb, NOT_SAMPLED);
        parts.baggage.set("request", "checkout", "");
        parts.baggage.set("name", "Löwe", "");
        check_written(
            "ottrace",
            parts,
            &[
                ("ot-tracer-traceid", "aaaaaaaaaaaaaaaa"),
                ("ot-tracer-spanid", "bbbbbbbbbbbbbbbb"),
                ("ot-tracer-sampled", "false"),
                ("ot-baggage-request", "checkout"),
            ],
        );
    }

    #[test]
    fn malformed_values_are_left_alone() {
        let ids = [("ot-tracer-traceid", "e9435c17dabe8238"), ("ot-tracer-spanid", "b268f901d5f2b865")];
        check_ignored(
            "ottrace",
            &[
                &ids[..1],
                &ids[1..],
                &[ids[0], ("ot-tracer-spanid", "0")],
                &[ids[0], ids[1], ("ot-tracer-sampled", "maybe")],
                &[ids[0], ("ot-tracer-spanid", "b268f901d5f2b8651")],
            ],
        );
    }
}

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
    check_read("tracecontext,b3", &same, w3c);
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
