//! <https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html#xray-concepts-tracingheader>

use crate::*;

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

/// The values of OpenTelemetry's propagators for Go and Java: `propagator_test.go` in
/// <https://github.com/open-telemetry/opentelemetry-go-contrib/tree/main/propagators/aws/xray>, and `AwsXrayPropagatorTest` in
/// <https://github.com/open-telemetry/opentelemetry-java-contrib/tree/main/aws-xray-propagator>.
#[test]
fn the_values_of_other_propagators_are_read() {
    let go = parts(0xabcd_ef12_1234_5678_90ab_cdef_1234_5678, 0x1234_5678_90ab_cdef, Flags::SAMPLED);
    let value = "Root=1-abcdef12-1234567890abcdef12345678;Parent=1234567890abcdef;Sampled=1";
    check_read("xray", &[("X-Amzn-Trace-Id", value)], go.clone());
    check_read("xray", &[("X-Amzn-Trace-Id", &format!("{value};"))], go);
    for (value, trace) in [
        (
            "Root=1-8a3c60f7-d188f8fa79d48a391a778fa6;Parent=53995c3f42cd8ad8;Sampled=1;Lineage=32767:e65a2c4d:255",
            0x8a3c_60f7_d188_f8fa_79d4_8a39_1a77_8fa6,
        ),
        (
            "Parent=53995c3f42cd8ad8;Sampled=1;Root=1-8a3c60f7-d188f8fa79d48a391a778fa6",
            0x8a3c_60f7_d188_f8fa_79d4_8a39_1a77_8fa6,
        ),
        (
            "Root=1-0-d188f8fa79d48a391a778fa6;Parent=53995c3f42cd8ad8;Sampled=1;Foo=Bar",
            0xd188_f8fa_79d4_8a39_1a77_8fa6,
        ),
        (
            "Root=1-1a-d188f8fa79d48a391a778fa6;Parent=53995c3f42cd8ad8;Sampled=1;Foo=Bar",
            0x1a_d188_f8fa_79d4_8a39_1a77_8fa6,
        ),
        (
            "Root=1-00000000-d188f8fa79d48a391a778fa6;Parent=53995c3f42cd8ad8;Sampled=1;Foo=Bar",
            0xd188_f8fa_79d4_8a39_1a77_8fa6,
        ),
    ] {
        check_read("xray", &[("X-Amzn-Trace-Id", value)], parts(trace, SPAN, Flags::SAMPLED));
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
        // What a load balancer sends: <https://docs.aws.amazon.com/xray/latest/devguide/xray-services-elb.html>
        "Root=1-5759e988-bd862e3fe1be46a994272793",
        "Self=1-67891233-12456789abcdef012345678;Root=1-67891233-abcdef012345678912345678;CalledFrom=app",
        "Parent=53995c3f42cd8ad8;Sampled=1",
        "Sampled=1",
        "Root=abcdefghijklmnopabcdefghijklmnop;Parent=53995c3f42cd8ad8;Sampled=0",
        "Root=1--d188f8fa79d48a391a778fa6;Parent=53995c3f42cd8ad8;Sampled=0",
        "Root=1-8a3c60f7-d188f8fa79d48a391a778fa600;Parent=53995c3f42cd8ad8;Sampled=0",
        "Root=1-8a3c60f711-d188f8fa79d48a391a778fa6;Parent=53995c3f42cd8ad8;Sampled=0",
        "Root=1-8a3c60f7-d188f8fa79d48a391a778fa6;Parent=abcdefghijklmnop;Sampled=0",
        "Root=1-8a3c60f7-d188f8fa79d48a391a778fa6;Parent=53995c3f42cd8ad800;Sampled=0",
        "Root=1-8a3c60f7-d188f8fa79d48a391a778fa6;Parent=53995c3f42cd8ad8;Sampled=",
        "Root=1-8a3c60f7-d188f8fa79d48a391a778fa6;Parent=53995c3f42cd8ad8;Sampled=10220",
        "Root=1-8a3c60f7-d188f8fa79d48a391a778fa6;Parent=53995c3f42cd8ad8;Sampled=a",
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
