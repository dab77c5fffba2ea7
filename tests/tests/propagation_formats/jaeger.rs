//! <https://www.jaegertracing.io/docs/1.76/client-libraries/#propagation-format>, with the values of the documentation of
//! OpenTelemetry's propagator for Python.

use crate::*;

#[test]
fn traces_are_read_with_as_many_digits_as_they_have() {
    for (value, flags) in [
        ("000000000000000000000000deadbeef:00000000deadbef0:00000000:01", Flags::SAMPLED),
        ("deadbeef:deadbef0:0:1", Flags::SAMPLED),
        ("deadbeef:deadbef0:0:3", DEBUG),
        ("deadbeef:deadbef0:0:ff", DEBUG),
        // "Debug flag should only be set when the sampled flag is set."
        ("deadbeef:deadbef0:0:2", NOT_SAMPLED),
        ("deadbeef:deadbef0:0:0", NOT_SAMPLED),
        ("deadbeef%3Adeadbef0%3A0%3A1", Flags::SAMPLED),
    ] {
        check_read("jaeger", &[("uber-trace-id", value)], parts(0xdead_beef, 0xdead_bef0, flags));
    }
}

/// The values of OpenTelemetry's propagator for Go, `jaeger_data_test.go` in
/// <https://github.com/open-telemetry/opentelemetry-go-contrib/tree/main/propagators/jaeger>.
#[test]
fn trace_ids_of_60_and_64_and_128_bits_are_read() {
    for (id, trace) in [
        ("3ce929d0e0e4736", 0x03ce_929d_0e0e_4736),
        ("a3ce929d0e0e4736", 0xa3ce_929d_0e0e_4736),
        ("a1ce929d0e0e4736a3ce929d0e0e4736", 0xa1ce_929d_0e0e_4736_a3ce_929d_0e0e_4736),
    ] {
        let value = format!("{id}:00f067aa0ba902b7:0:1");
        check_read(
            "jaeger",
            &[("uber-trace-id", &value)],
            parts(trace, 0x00f0_67aa_0ba9_02b7, Flags::SAMPLED),
        );
    }
}

#[test]
fn the_flags_are_written() {
    for (flags, written) in [(Flags::SAMPLED, '1'), (NOT_SAMPLED, '0'), (DEBUG, '3')] {
        let value = format!("a1ce929d0e0e4736a3ce929d0e0e4736:00f067aa0ba902b7:0:{written}");
        let parts = parts(0xa1ce_929d_0e0e_4736_a3ce_929d_0e0e_4736, 0x00f0_67aa_0ba9_02b7, flags);
        check_written("jaeger", parts, &[("uber-trace-id", &value)]);
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
        read("jaeger", &[("uber-trace-id", "deadbeef:deadbef0:0:1"), ("Uberctx-User", "Ada%20L%C3%B6we")]),
        parts
    );
}

/// The example of the documentation.
#[test]
fn baggage_is_one_header_for_each_value() {
    let mut expected = ContextParts::default();
    expected.baggage.set("key1", "value1", "");
    expected.baggage.set("key2", "value2", "");
    let headers = [("uberctx-key1", "value1"), ("uberctx-key2", "value2")];
    check_read("jaeger", &headers, expected.clone());
    check_written("jaeger", expected, &headers);
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
        "deadbeef:deadbef0:0:wired",
        "zcd00v0000000000a3ce929d0e0e4736:00f067aa0ba902b7:0:1",
        "a1ce929d0e0e4736a3ce929d0e0e4736:00f0wiredba902b7:0:1",
        "a1ce929d0e0e4736a3ce929d0e0e4736-00f067aa0ba902b7-0-1",
        "",
    ] {
        check_ignored("jaeger", &[&[("uber-trace-id", value)]]);
    }
}
