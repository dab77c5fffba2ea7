//! <https://cloud.google.com/trace/docs/trace-context>, with the values of the documentation of `TraceContextHelper` in
//! App Engine's runtime for Java.

use crate::*;

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

/// The values of Google's propagator for Go, `propagator_test.go` in
/// <https://github.com/GoogleCloudPlatform/opentelemetry-operations-go/tree/main/propagator>, and the example that Google's
/// documentation had.
#[test]
fn the_values_of_googles_propagator_are_read_and_written() {
    let trace = 0xd36a_105d_7002_f0de_e73c_0dfb_9553_764a;
    for (ending, flags) in [(";o=1", Flags::SAMPLED), (";o=0", NOT_SAMPLED), ("", Flags::DEFERRED)] {
        let value = format!("d36a105d7002f0dee73c0dfb9553764a/139592093{ending}");
        check_read("gcp", &[("X-CLOUD-TRACE-CONTEXT", &value)], parts(trace, 139_592_093, flags));
        check_written("gcp", parts(trace, 139_592_093, flags), &[("X-Cloud-Trace-Context", &value)]);
    }
    let example = [("X-Cloud-Trace-Context", "105445aa7843bc8bf206b12000100000/1;o=1")];
    check_read("gcp", &example, parts(0x1054_45aa_7843_bc8b_f206_b120_0010_0000, 1, Flags::SAMPLED));
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
