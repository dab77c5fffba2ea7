//! <https://github.com/openzipkin/b3-propagation>, and the cases of OpenTelemetry's propagator for Go, `b3_data_test.go` in
//! <https://github.com/open-telemetry/opentelemetry-go-contrib/tree/main/propagators/b3>.

use crate::*;

const TRACE: u128 = 0x80f1_98ee_5634_3ba8_64fe_8b2a_57d3_eff7;
const SPAN: u64 = 0xe457_b5a2_e4d8_6bd1;

/// <https://github.com/openzipkin/b3-propagation#single-header>
#[test]
fn the_examples_of_the_single_header_are_read() {
    for (value, flags) in [
        ("80f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86bd1-1-05e3ac9a4f6e3b90", Flags::SAMPLED),
        ("80f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86bd1-1", Flags::SAMPLED),
        ("80f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86bd1-d", DEBUG),
        ("80f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86bd1-0", NOT_SAMPLED),
        ("80f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86bd1", Flags::DEFERRED),
    ] {
        check_read("b3", &[("b3", value)], parts(TRACE, SPAN, flags));
        check_read("b3multi", &[("b3", value)], parts(TRACE, SPAN, flags));
    }
    let short = "64fe8b2a57d3eff7-e457b5a2e4d86bd1-1";
    check_read("b3", &[("b3", short)], parts(0x64fe_8b2a_57d3_eff7, SPAN, Flags::SAMPLED));
}

/// The same in both forms, as the specification shows it.
#[test]
fn the_example_of_both_forms_is_one_trace() {
    let multiple = [
        ("X-B3-TraceId", "80f198ee56343ba864fe8b2a57d3eff7"),
        ("X-B3-ParentSpanId", "05e3ac9a4f6e3b90"),
        ("X-B3-SpanId", "e457b5a2e4d86bd1"),
        ("X-B3-Sampled", "1"),
    ];
    check_read("b3", &multiple, parts(TRACE, SPAN, Flags::SAMPLED));
    check_written(
        "b3",
        read("b3", &multiple),
        &[("b3", "80f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86bd1-1")],
    );
}

#[test]
fn the_example_of_the_single_header_is_written() {
    let id = "80f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86bd1";
    for (flags, ending) in [(Flags::SAMPLED, "-1"), (NOT_SAMPLED, "-0"), (Flags::DEFERRED, ""), (DEBUG, "-d")]
    {
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
    check_ignored("b3", &[&[("b3", "1")], &[("b3", "d")], &[("x-b3-sampled", "1")], &[("x-b3-flags", "1")]]);
}

#[test]
fn no_to_a_trace_that_another_format_names_is_a_no_to_that_one() {
    let traceparent = ("traceparent", "00-11111111111111111111111111111111-1111111111111111-01");
    let refused = parts(0x1111_1111_1111_1111_1111_1111_1111_1111, 0x1111_1111_1111_1111, NOT_SAMPLED);
    check_read("tracecontext,b3", &[traceparent, ("b3", "0")], refused);
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
        (&[("X-B3-Sampled", "false")], NOT_SAMPLED),
        (&[("X-B3-Flags", "1")], DEBUG),
        (&[("X-B3-Flags", "1"), ("X-B3-Sampled", "0")], DEBUG),
        (&[("X-B3-Flags", "2"), ("X-B3-Sampled", "1")], Flags::SAMPLED),
        (&[], Flags::DEFERRED),
        // "When extracting state headers, the first value wins."
        (&[("X-B3-Sampled", "0"), ("X-B3-Sampled", "1")], NOT_SAMPLED),
        (&[("X-B3-Flags", "1"), ("X-B3-Flags", "0")], DEBUG),
        (&[("X-B3-Flags", "0"), ("X-B3-Flags", "1"), ("X-B3-Sampled", "0")], NOT_SAMPLED),
    ] {
        let headers: Vec<_> = ids.iter().chain(more).copied().collect();
        let expected = parts(0x463a_c35c_9f64_13ad_4848_5a39_53bb_6124, 0xa2fb_4a1d_1a96_d312, flags);
        check_read("b3multi", &headers, expected.clone());
        check_read("b3", &headers, expected);
    }
    let short = [("X-B3-TraceId", "48485a3953bb6124"), ids[1]];
    check_read("b3multi", &short, parts(0x4848_5a39_53bb_6124, 0xa2fb_4a1d_1a96_d312, Flags::DEFERRED));
}

#[test]
fn the_single_header_wins_over_multiple_ones_unless_it_is_malformed() {
    let multiple = [
        ("X-B3-TraceId", "463ac35c9f6413ad48485a3953bb6124"),
        ("X-B3-SpanId", "a2fb4a1d1a96d312"),
        ("X-B3-Sampled", "1"),
    ];
    let with = |single| [&[("b3", single)][..], &multiple].concat();
    let single = "80f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86bd1-0";
    check_read("b3multi", &with(single), parts(TRACE, SPAN, NOT_SAMPLED));
    for malformed in ["nonsense", "80f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86bd1-"] {
        assert_eq!(read("b3", &with(malformed)), read("b3", &multiple));
    }
    let malformed = [("b3", single), multiple[0], multiple[1], ("X-B3-Sampled", "invalid")];
    check_read("b3multi", &malformed, parts(TRACE, SPAN, NOT_SAMPLED));
}

#[test]
fn the_example_of_multiple_headers_is_written_in_lower_case() {
    let parts = |flags| parts(0x463a_c35c_9f64_13ad_4848_5a39_53bb_6124, 0xa2fb_4a1d_1a96_d312, flags);
    let ids = [("x-b3-traceid", "463ac35c9f6413ad48485a3953bb6124"), ("x-b3-spanid", "a2fb4a1d1a96d312")];
    for (flags, state) in [
        (Flags::SAMPLED, Some(("x-b3-sampled", "1"))),
        (NOT_SAMPLED, Some(("x-b3-sampled", "0"))),
        // "Debug implies an accept decision, so don't also send the X-B3-Sampled header."
        (DEBUG, Some(("x-b3-flags", "1"))),
        (Flags::DEFERRED, None),
    ] {
        let headers: Vec<_> = ids.into_iter().chain(state).collect();
        check_written("b3multi", parts(flags), &headers);
    }
}

#[test]
fn malformed_values_are_left_alone() {
    let id = "80f198ee56343ba864fe8b2a57d3eff7-05e3ac9a4f6e3b90";
    let more = [
        "-2",
        "-",
        "-1-",
        "-1-x",
        "-1-e457b5a2e4d86bd1-",
        "-1-e457b5a2e4d86bd1-1",
        "-true",
        "-01",
        "-1-EF00000000000000",
    ];
    for value in more.iter().map(|more| format!("{id}{more}")) {
        check_ignored("b3", &[&[("b3", &value)]]);
    }
    check_ignored(
        "b3",
        &[
            &[("b3", "")],
            &[("b3", "80F198EE56343BA864FE8B2A57D3EFF7-05e3ac9a4f6e3b90-1")],
            &[("b3", "80f198ee56343ba864fe8b2a57d3eff7-05E3AC9A4F6E3B90-1")],
            &[("b3", "00000000000000000000000000000000-05e3ac9a4f6e3b90-1")],
            &[("b3", "80f198ee56343ba864fe8b2a57d3eff7-0000000000000000-1")],
            &[("b3", "80f198ee56343ba864fe8b2a57d3eff-05e3ac9a4f6e3b90-1")],
            &[("b3", "00-80f198ee56343ba864fe8b2a57d3eff7-05e3ac9a4f6e3b90-01")],
            &[("b3", id), ("b3", id)],
        ],
    );
    let ids = [("x-b3-traceid", "463ac35c9f6413ad48485a3953bb6124"), ("x-b3-spanid", "a2fb4a1d1a96d312")];
    check_ignored(
        "b3",
        &[
            &[ids[0], ("x-b3-sampled", "0")],
            &[ids[1], ("x-b3-sampled", "1")],
            &[ids[0], ids[1], ("x-b3-sampled", "maybe")],
            &[ids[0], ids[1], ("x-b3-sampled", "10")],
            &[ids[0], ids[1], ("x-b3-sampled", "")],
            &[("x-b3-traceid", "463AC35C9F6413AD48485A3953BB6124"), ids[1]],
            &[ids[0], ("x-b3-spanid", "A2FB4A1D1A96D312")],
            &[("x-b3-traceid", "463ac35c9f6413ad48485a3953bb"), ids[1]],
            &[ids[0], ids[1], ids[0]],
        ],
    );
}
