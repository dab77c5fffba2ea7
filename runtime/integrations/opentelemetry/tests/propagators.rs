//! Propagators of one kind in the place of the other.
#![expect(deprecated, reason = "the exporter that is in one crate with the propagator for B3 is")]

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use opentelemetry::baggage::BaggageExt as _;
use opentelemetry::propagation::TextMapPropagator;
use opentelemetry::trace::{TraceContextExt as _, Tracer as _, TracerProvider as _};
use opentelemetry::{Context as OtelContext, KeyValue};
use opentelemetry_sdk::propagation::{BaggagePropagator, TraceContextPropagator};
use opentelemetry_zipkin::{B3Encoding, Propagator as Zipkin};
use throughline::propagation::{Config, Propagators};
use throughline::testing::capture;
use throughline::{Context, ContextParts, Flags, span};
use throughline_opentelemetry::{OtelPropagator, ThroughlinePropagator, TracerProvider};

fn theirs(propagators: Vec<Box<dyn TextMapPropagator + Send + Sync>>) -> Config {
    let mut config = Config::default();
    config.propagators = Propagators::NONE;
    let composite = opentelemetry::propagation::TextMapCompositePropagator::new(propagators);
    config.propagators.add(OtelPropagator::new("theirs", composite));
    config
}

fn ours(names: &str) -> Config {
    let mut config = Config::default();
    config.propagators = Propagators::parse(names).propagators;
    config
}

fn parts() -> ContextParts {
    let mut parts = ContextParts {
        trace_id: "4bf92f3577b34da6a3ce929d0e0e4736".parse().ok(),
        span_id: "00f067aa0ba902b7".parse().ok(),
        flags: Flags::SAMPLED,
        trace_state: Some("rojo=1,congo=2".into()),
        request_id: "req-abc".parse().ok(),
        ..ContextParts::default()
    };
    parts.baggage.set("user", "Ada", "");
    parts
}

fn written(config: &Config) -> BTreeMap<String, String> {
    let mut carrier = BTreeMap::new();
    config.inject(&Context::from(parts()), &mut carrier);
    carrier
}

#[test]
fn their_propagators_write_and_read_what_ours_do() {
    let w3c = theirs(vec![Box::new(TraceContextPropagator::new()), Box::new(BaggagePropagator::new())]);
    assert_eq!(written(&w3c), written(&ours("tracecontext,baggage")));
    assert_eq!(w3c.extract(&written(&w3c)).to_parts(), parts());

    let without =
        |state: bool| ContextParts { trace_state: parts().trace_state.filter(|_| state), ..parts() };
    for (encoding, name) in [(B3Encoding::SingleHeader, "b3"), (B3Encoding::MultipleHeader, "b3multi")] {
        let b3 = theirs(vec![Box::new(Zipkin::with_encoding(encoding))]);
        let theirs = written(&b3);
        assert!(written(&ours(name)).iter().all(|(key, value)| theirs.get(key) == Some(value)), "{theirs:?}");
        let read = b3.extract(&written(&ours(name))).to_parts();
        assert_eq!((read.trace_id, read.span_id), (parts().trace_id, parts().span_id));
        assert_eq!(ContextParts { baggage: parts().baggage, ..read }, without(false));
    }
}

#[test]
fn a_value_of_theirs_wins_over_formats_before_it_and_nothing_of_it_changes_nothing() {
    let mut config = ours("b3");
    config.propagators.add(OtelPropagator::new("theirs", TraceContextPropagator::new()));
    let b3 = ("b3", "11111111111111111111111111111111-1111111111111111-1");
    let w3c = ("traceparent", "00-22222222222222222222222222222222-2222222222222222-01");
    let trace = |headers: &[(&str, &str)]| config.extract(&headers.to_vec()).trace_id().unwrap().to_string();
    assert_eq!(trace(&[b3, w3c]), "2".repeat(32));
    assert_eq!(trace(&[b3]), "1".repeat(32));
    assert_eq!(trace(&[b3, ("traceparent", "nonsense")]), "1".repeat(32));
}

#[test]
fn what_their_code_sends_carries_the_span_and_the_request_of_ours() {
    let tracer = TracerProvider::new().tracer("library");
    let (mut in_ours, mut in_theirs, mut given) = (HashMap::new(), HashMap::new(), HashMap::new());
    let propagator = ThroughlinePropagator::new();
    let trace = capture(|| {
        let request = ContextParts { request_id: "req-abc".parse().ok(), ..ContextParts::default() };
        let _request = Context::from(request).attach();
        let other = OtelContext::new().with_span(tracer.start("other"));
        span!("ours").in_scope(|| {
            propagator.inject(&mut in_ours);
            tracer.in_span("theirs", |context| propagator.inject_context(&context, &mut in_theirs));
            propagator.inject_context(&other, &mut given);
        });
    });
    for (headers, name) in [(in_ours, "ours"), (in_theirs, "theirs"), (given, "other")] {
        let span = trace.span(name);
        assert_eq!(headers["traceparent"], format!("00-{}-{}-03", span.trace_id(), span.span_id()), "{name}");
        assert_eq!(headers["x-request-id"], "req-abc");
    }
    let fields: Vec<&str> = propagator.fields().collect();
    assert_eq!(fields, ["traceparent", "tracestate", "baggage", "x-request-id"]);
}

#[test]
fn what_their_code_receives_is_the_parent_and_the_request_of_ours() {
    let headers: HashMap<String, String> = [
        ("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"),
        ("tracestate", "rojo=1"),
        ("baggage", "user=Ada"),
        ("x-request-id", "req-abc"),
    ]
    .map(|(key, value)| (key.to_owned(), value.to_owned()))
    .into();
    let tracer = TracerProvider::new().tracer("library");
    let trace = capture(|| {
        let context = ThroughlinePropagator::new().extract(&headers);
        assert_eq!(context.baggage().get("user").unwrap().as_str(), "Ada");
        let server = tracer.start_with_context("server", &context);
        let _attached = context.with_span(server).attach();
        span!("ours").in_scope(|| {
            assert_eq!(throughline::request_id().unwrap(), "req-abc");
            assert_eq!(throughline::baggage::get("user").as_deref(), Some("Ada"));
        });
    });
    trace.assert_tree(
        "
        server (remote parent)
          ours
        ",
    );
    let server = trace.span("server");
    assert_eq!(server.attribute("request.id").unwrap(), "req-abc");
    assert_eq!(server.parent_id().unwrap().to_string(), "00f067aa0ba902b7");
    assert_eq!(trace.span("ours").record().trace_state(), Some("rojo=1"));

    let only_id = HashMap::from([("x-request-id".to_owned(), "req-def".to_owned())]);
    let trace = capture(|| {
        let _attached = ThroughlinePropagator::new().extract(&only_id).attach();
        span!("ours").end();
    });
    assert_eq!(trace.span("ours").attribute("request.id").unwrap(), "req-def");
}

#[test]
fn hostile_headers_pass_through_their_propagators_without_harm() {
    let mut random = fastrand::Rng::with_seed(1);
    let config = theirs(vec![
        Box::new(TraceContextPropagator::new()),
        Box::new(BaggagePropagator::new()),
        Box::new(Zipkin::new()),
    ]);
    let huge: Arc<[u8]> = vec![b'1'; 10_000_000].into();
    for round in 0..2_000 {
        let mut carrier: Vec<(String, Arc<[u8]>)> = Vec::new();
        for key in ["traceparent", "tracestate", "baggage", "b3", "x-b3-traceid", "x-request-id", "Ünï\u{1}"]
        {
            for _ in 0..random.usize(0..3) {
                let length = random.usize(0..80);
                let bytes = b"00-4bf92f3577b34da6-,=;% \t\x00\x1f\x7f\xc3\xa9\xff";
                let value = (0..length).map(|_| bytes[random.usize(0..bytes.len())]).collect();
                carrier.push((key.to_owned(), value));
            }
        }
        if round == 0 {
            carrier.extend((0..500).map(|number| (format!("traceparent{number}"), Arc::clone(&huge))));
            carrier.push(("baggage".to_owned(), Arc::clone(&huge)));
        }
        let context = config.extract(&carrier);
        let mut sent = Vec::new();
        config.inject(&context, &mut sent);
        for (key, value) in sent {
            assert!(value.bytes().all(|byte| matches!(byte, b' '..=b'~')), "{key}: {value:?}");
            assert!(value.len() <= 16 * 1024);
        }
        // And the other way: what their carriers bring to our propagators.
        let text: HashMap<String, String> = carrier
            .iter()
            .filter(|(_, value)| value.len() < 1_000_000)
            .map(|(key, value)| (key.to_lowercase(), String::from_utf8_lossy(value).into_owned()))
            .collect();
        let mut sent = HashMap::new();
        let context = ThroughlinePropagator::new().extract(&text);
        ThroughlinePropagator::new().inject_context(&context, &mut sent);
        assert!(sent.values().all(|value| value.bytes().all(|byte| matches!(byte, b' '..=b'~'))), "{sent:?}");
    }
}

#[test]
fn baggage_that_is_set_in_theirs_goes_out_by_ours() {
    TracerProvider::new();
    let mut headers = HashMap::new();
    capture(|| {
        let _attached = OtelContext::current_with_baggage([KeyValue::new("user", "Ada Löwe")]).attach();
        span!("ours").in_scope(|| throughline::inject(&mut headers));
    });
    assert_eq!(headers["baggage"], "user=Ada%20L%C3%B6we");
}
