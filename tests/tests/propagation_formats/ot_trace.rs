//! The values are those of the tests of OpenTelemetry's propagator for Java, `OtTracePropagatorTest`, and of Nakadi.

use crate::*;

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

/// `OtTracePropagatorTest` in
/// <https://github.com/open-telemetry/opentelemetry-java/tree/main/extensions/trace-propagators>, and `ot_data_test.go` in
/// <https://github.com/open-telemetry/opentelemetry-go-contrib/tree/main/propagators/ot>.
#[test]
fn ids_of_all_lengths_and_all_spellings_of_the_verdict_are_read() {
    let (trace, span) = (0xff00_0000_0000_0000_0000_0000_0000_0041, 0xff00_0000_0000_0041);
    for (id, trace) in
        [("ff000000000000000000000000000041", trace), ("ff00000000000000", 0xff00_0000_0000_0000)]
    {
        for (span_id, span) in [("ff00000000000041", span), ("f00000000000041", 0x0f00_0000_0000_0041)] {
            for (sampled, flags) in [
                ("1", Flags::SAMPLED),
                ("true", Flags::SAMPLED),
                ("True", Flags::SAMPLED),
                ("0", NOT_SAMPLED),
                ("FALSE", NOT_SAMPLED),
            ] {
                let headers = [
                    ("Ot-Tracer-Traceid", id),
                    ("Ot-Tracer-Spanid", span_id),
                    ("Ot-Tracer-Sampled", sampled),
                ];
                check_read("ottrace", &headers, parts(trace, span, flags));
            }
        }
    }
    let mut expected = parts(trace, span, Flags::SAMPLED);
    expected.baggage.set("foo", "bar", "");
    expected.baggage.set("key", "value", "");
    let headers = [("ot-tracer-traceid", "0000000000000041"), ("ot-tracer-spanid", "ff00000000000041")];
    let more = [("ot-tracer-sampled", "true"), ("ot-baggage-foo", "bar"), ("ot-baggage-key", "value")];
    check_written("ottrace", expected, &[&headers[..], &more].concat());
}

#[test]
fn baggage_without_a_trace_is_neither_read_nor_written() {
    check_ignored("ottrace", &[&[("ot-baggage-foo", "bar")]]);
    let mut baggage = ContextParts::default();
    baggage.baggage.set("foo", "bar", "");
    check_written("ottrace", baggage, &[]);
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
            &[("ot-tracer-traceid", "abcdefghijklmnopabcdefghijklmnop"), ids[1]],
            &[("ot-tracer-traceid", "ff00000000000000000000000000004100"), ids[1]],
        ],
    );
}
