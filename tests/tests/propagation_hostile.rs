//! Headers made at random from the characters that matter: nothing panics, and what is read can be written and read again.

use http::{HeaderMap, HeaderName};
use throughline::propagation::{Config, Propagators, TraceParent};
use throughline::{Context, ContextParts, Flags, SpanId, TraceId, extract, inject, span};
use throughline_tests::recorded::Recorder;

/// A text of these characters, at random, from a seed that never changes.
fn random(random: &mut fastrand::Rng, characters: &[u8], longest: usize) -> Vec<u8> {
    let length = random.usize(0..=longest);
    (0..length).map(|_| characters[random.usize(0..characters.len())]).collect()
}

#[test]
fn a_damaged_traceparent_is_read_as_itself_or_not_at_all() {
    let mut rng = fastrand::Rng::with_seed(1);
    let valid = b"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    let mut is_read = 0;
    for _ in 0..50_000 {
        let mut value = valid.to_vec();
        for _ in 0..rng.usize(0..3) {
            let place = rng.usize(0..value.len());
            value[place] = b"0123456789abcdefABCDEFg- \xff\x00"[rng.usize(0..27)];
        }
        value.truncate(if rng.u8(..) == 0 { rng.usize(0..=value.len()) } else { value.len() });
        let Some(parent) = TraceParent::parse(&value) else { continue };
        is_read += 1;
        let written = parent.to_bytes();
        assert_eq!(TraceParent::parse(&written), Some(parent));
        assert_eq!(written[2..53], value[2..53]);
    }
    assert!((10_000..50_000).contains(&is_read), "{is_read}");
}

#[test]
fn lists_made_at_random_do_no_harm() {
    let mut rng = fastrand::Rng::with_seed(2);
    let parent = b"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01".to_vec();
    for _ in 0..20_000 {
        let carrier: Vec<(&str, Vec<u8>)> = vec![
            ("traceparent", parent.clone()),
            ("tracestate", random(&mut rng, b"ab1@=,; \t_-*/.A\xc3\xa9", 80)),
            ("tracestate", random(&mut rng, b"ab=,", 40)),
            ("baggage", random(&mut rng, b"ab1%2F=,; \t\"\\\xc3\xa9", 80)),
            ("x-request-id", random(&mut rng, b"ab1.-_:, \xff\n", 20)),
        ];
        let context = extract(&carrier);
        let _attached = context.attach();
        let mut written = Vec::new();
        inject(&mut written);
        assert_eq!(extract(&written).to_parts(), context.to_parts(), "{carrier:?}");
    }
}

const FORMATS: &str = "tracecontext,b3,b3multi,jaeger,xray,ottrace,datadog,gcp,baggage";

/// A valid header of each format.
const VALID: &[(&str, &str)] = &[
    ("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"),
    ("b3", "4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-1"),
    ("x-b3-traceid", "4bf92f3577b34da6a3ce929d0e0e4736"),
    ("x-b3-spanid", "00f067aa0ba902b7"),
    ("x-b3-sampled", "1"),
    ("uber-trace-id", "4bf92f3577b34da6a3ce929d0e0e4736:00f067aa0ba902b7:0:1"),
    ("uberctx-user", "alice"),
    ("x-amzn-trace-id", "Root=1-4bf92f35-77b34da6a3ce929d0e0e4736;Parent=00f067aa0ba902b7;Sampled=1"),
    ("ot-tracer-traceid", "a3ce929d0e0e4736"),
    ("ot-tracer-spanid", "00f067aa0ba902b7"),
    ("ot-tracer-sampled", "true"),
    ("ot-baggage-user", "alice"),
    ("x-datadog-trace-id", "11803532876627986230"),
    ("x-datadog-parent-id", "67667974448284343"),
    ("x-datadog-sampling-priority", "1"),
    ("x-datadog-tags", "_dd.p.dm=-4,_dd.p.tid=4bf92f3577b34da6"),
    ("x-cloud-trace-context", "4bf92f3577b34da6a3ce929d0e0e4736/67667974448284343;o=1"),
    ("baggage", "user=alice"),
];

fn config(names: &str) -> Config {
    let mut config = Config::default();
    config.propagators = Propagators::parse(names).propagators;
    config
}

#[test]
fn damaged_headers_of_other_systems_are_read_as_themselves_or_not_at_all() {
    let mut rng = fastrand::Rng::with_seed(3);
    let config = config(FORMATS);
    let mut is_read = 0;
    for _ in 0..20_000 {
        let (key, value) = VALID[rng.usize(0..VALID.len())];
        let mut damaged = value.as_bytes().to_vec();
        for _ in 0..rng.usize(1..4) {
            let place = rng.usize(0..damaged.len());
            damaged[place] = b"0123456789abcdefABCDEFg-:;=,?/+% \x00\x1f\x7f\xc3\xff"[rng.usize(0..38)];
        }
        damaged.truncate(if rng.u8(..) < 16 { rng.usize(0..=damaged.len()) } else { damaged.len() });
        let others = VALID.iter().filter(|(known, _)| *known != key && known.get(..4) == key.get(..4));
        let mut carrier: Vec<(&str, Vec<u8>)> =
            others.map(|(key, value)| (*key, value.as_bytes().to_vec())).collect();
        carrier.push((key, damaged));
        let parts = config.extract(&carrier).to_parts();
        is_read += usize::from(parts.trace_id.is_some());
        assert_eq!(parts.trace_id.is_some(), parts.span_id.is_some(), "half applied: {carrier:?}");
        // What has been read can be written in every format, and is the same then.
        let mut written = Vec::new();
        config.inject(&parts.clone().into(), &mut written);
        assert!(
            written.iter().all(|(_, value)| value.bytes().all(|byte| matches!(byte, b' '..=b'~'))),
            "{written:?}"
        );
        let again = config.extract(&written).to_parts();
        assert_eq!((again.trace_id, again.span_id), (parts.trace_id, parts.span_id), "{carrier:?}");
    }
    assert!((5_000..20_000).contains(&is_read), "{is_read}");
}

#[test]
fn values_of_ten_megabytes_and_five_hundred_of_them_bring_nothing() {
    let huge = "4".repeat(10_000_000);
    let config = config(FORMATS);
    for (key, valid) in VALID {
        for (value, count) in [(huge.as_str(), 1), (valid, 500), (huge.as_str(), 500)] {
            let carrier: Vec<(&str, &str)> = std::iter::repeat_n((*key, value), count).collect();
            let parts = config.extract(&carrier).to_parts();
            assert_eq!((parts.trace_id, parts.span_id), (None, None), "{count} of {key}");
            assert!(parts.baggage.iter().count() <= 1 && parts.baggage.get("user") != Some(&huge));
        }
    }
}

#[test]
fn baggage_of_thousands_of_headers_is_cut_to_the_limits_of_the_recommendation() {
    let config = config(FORMATS);
    for prefix in ["uberctx-", "ot-baggage-"] {
        let mut carrier: Vec<(String, String)> =
            (0..2000).map(|number| (format!("{prefix}k{number}"), "v".repeat(100))).collect();
        carrier.extend(VALID.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())));
        carrier.retain(|(key, _)| key != "baggage");
        let parts = config.extract(&carrier).to_parts();
        let length: usize = parts.baggage.iter().map(|(name, value, _)| name.len() + value.len()).sum();
        assert!((4_000..=2 * 8192).contains(&length), "{prefix}: {length}");
        assert!(parts.baggage.iter().count() <= 2 * 180);
    }
}

#[test]
fn lists_of_any_length_are_read_up_to_their_limits() {
    let parent = ("traceparent", VALID[0].1);
    let spaces = " ".repeat(65_530);
    for (baggage, expected) in [
        (format!("user=alice,{spaces}"), Some("alice")),
        (format!("a=1,{spaces}user=alice"), None),
        (format!("user=alice,{}", "x=1,".repeat(2_500_000)), Some("alice")),
    ] {
        let parts = throughline::extract(&[parent, ("baggage", &baggage)]).to_parts();
        assert_eq!(parts.baggage.get("user"), expected);
    }
    for (state, is_kept) in [("rojo=1".to_owned(), true), (format!("rojo=1,{spaces}congo=2"), false)] {
        let parts = throughline::extract(&[parent, ("tracestate", &*state)]).to_parts();
        assert_eq!(parts.trace_state.is_some(), is_kept);
    }
}

#[test]
fn a_state_that_no_header_brought_costs_neither_the_span_nor_what_fits() {
    let member = |number: usize| format!("k{number:03}={}", "v".repeat(256));
    let many = (0..400).map(member).collect::<Vec<_>>().join(",");
    let longest = (0..32).map(|n| format!("{n:k>256}={}", "v".repeat(256))).collect::<Vec<_>>().join(",");
    let recorder = Recorder::new();
    let _entered = recorder.enter();
    for (number, (state, kept)) in (1..).zip([
        (longest.clone(), Some(longest.clone())),
        (format!("{longest},one=more"), Some(longest)),
        (many.clone(), Some(many[..62 * 262 - 1].to_owned())),
        ("v".repeat(10_000_000), None),
    ]) {
        let trace = ContextParts {
            trace_id: TraceId::new(number),
            span_id: SpanId::new(1),
            flags: Flags::SAMPLED,
            ..ContextParts::default()
        };
        let made = Context::from(ContextParts { trace_state: Some(state.as_str().into()), ..trace.clone() });
        let changed = Context::from(trace).with_parts(|parts| {
            parts.span_id = SpanId::new(2);
            parts.trace_state = Some(state.into());
        });
        for context in [made, changed] {
            let _attached = context.attach();
            span!("work").end();
            let mut sent = Vec::new();
            inject(&mut sent);
            let sent = sent.into_iter().find_map(|(key, value)| (key == "tracestate").then_some(value));
            assert_eq!(sent, kept);
            assert_eq!(recorder.only().trace_state(), kept.as_deref());
        }
    }
}

#[test]
fn a_map_with_as_many_headers_as_it_can_hold_is_left_as_it_is() {
    let mut headers = HeaderMap::new();
    let mut numbers = 0..;
    while let Some(number) = numbers.next()
        && headers
            .try_append(format!("x-{number}").parse::<HeaderName>().unwrap(), "1".parse().unwrap())
            .is_ok()
    {}
    let full = headers.clone();
    assert!(full.len() > 20_000, "{}", full.len());
    let carrier =
        [VALID[0], ("tracestate", "rojo=1"), ("baggage", "user=alice"), ("x-request-id", "req-abc")];
    let context = extract(&carrier);
    config(FORMATS).inject(&context, &mut headers);
    assert_eq!(headers, full);
    assert_eq!(extract(&headers).trace_id(), None);
}
