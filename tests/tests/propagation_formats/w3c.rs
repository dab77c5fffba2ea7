//! The examples of [Trace Context](https://www.w3.org/TR/trace-context-2/) and [Baggage](https://www.w3.org/TR/baggage/), byte
//! by byte. `propagation_w3c` has every other form of them.

use crate::*;

#[test]
fn the_examples_of_trace_context_are_read_and_written() {
    let (trace, short) =
        (0x4bf9_2f35_77b3_4da6_a3ce_929d_0e0e_4736, 0x0af7_6519_16cd_43dd_8448_eb21_1c80_319c);
    for (traceparent, tracestate, expected) in [
        (
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            None,
            parts(trace, 0x00f0_67aa_0ba9_02b7, Flags::SAMPLED),
        ),
        (
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00",
            Some("rojo=00f067aa0ba902b7"),
            parts(trace, 0x00f0_67aa_0ba9_02b7, NOT_SAMPLED),
        ),
        (
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            Some("congo=t61rcWkgMzE"),
            parts(short, 0xb7ad_6b71_6920_3331, Flags::SAMPLED),
        ),
        (
            "00-0af7651916cd43dd8448eb211c80319c-00f067aa0ba902b7-01",
            Some("rojo=00f067aa0ba902b7,congo=t61rcWkgMzE"),
            parts(short, 0x00f0_67aa_0ba9_02b7, Flags::SAMPLED),
        ),
    ] {
        let state = tracestate.map(|state| ("tracestate", state));
        let headers: Vec<_> = [("traceparent", traceparent)].into_iter().chain(state).collect();
        let expected = ContextParts { trace_state: tracestate.map(Into::into), ..expected };
        check_read("tracecontext", &headers, expected.clone());
        check_written("tracecontext", expected, &headers);
    }
}

#[test]
fn the_examples_of_baggage_are_read_and_written() {
    for (header, entries) in [
        (
            "userId=alice,serverNode=DF%2028,isProduction=false",
            [("userId", "alice", ""), ("serverNode", "DF 28", ""), ("isProduction", "false", "")],
        ),
        (
            "userId=Am%C3%A9lie,serverNode=DF%2028,isProduction=false",
            [("userId", "Amélie", ""), ("serverNode", "DF 28", ""), ("isProduction", "false", "")],
        ),
        (
            "key1=value1;property1;property2,key2=value2,key3=value3;propertyKey=propertyValue",
            [
                ("key1", "value1", "property1;property2"),
                ("key2", "value2", ""),
                ("key3", "value3", "propertyKey=propertyValue"),
            ],
        ),
    ] {
        let mut expected = ContextParts::default();
        entries.iter().for_each(|(name, value, more)| expected.baggage.set(name, value, more));
        check_read("baggage", &[("baggage", header)], expected.clone());
        check_written("baggage", expected, &[("baggage", header)]);
    }
    let mut expected = ContextParts::default();
    expected.baggage.set("userId", "alice", "");
    expected.baggage.set("serverNode", "DF 28", "");
    expected.baggage.set("isProduction", "false", "");
    let spaced = [("baggage", "userId =   alice"), ("baggage", "serverNode = DF%2028, isProduction = false")];
    check_read("baggage", &spaced, expected.clone());
    let several = [("baggage", "userId=alice"), ("baggage", "serverNode=DF%2028,isProduction=false")];
    check_read("baggage", &several, expected);
}
