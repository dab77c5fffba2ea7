//! How calls add up from export to export, and which of them stand as examples.

use std::collections::BTreeSet;

use opentelemetry_proto::tonic::metrics::v1::AggregationTemporality::{Cumulative, Delta};
use throughline::Flags;
use throughline::export::otlp::{ExemplarFilter, MetricsConfig, MetricsSink, Resource, Temporality};
use throughline::span::{Callsite, Sink};
use throughline::stats::Counters;
use throughline_tests::otlp::{self, Shape, Typed};
use throughline_tests::receiver::Receiver;

use crate::subject::{DURATION, PATIENCE, Points, Subject, TOKENS, ask};

fn with(temporality: Temporality) -> Subject {
    Subject::of(Receiver::answering([]), |config| config.temporality = temporality)
}

#[test]
fn a_cumulative_export_covers_everything_since_the_start() {
    let subject = with(Temporality::Cumulative);
    assert!(subject.run(|| drop(ask(10, 1))));
    let first = subject.points();
    assert!(subject.run(|| drop(ask(20, 1))));
    let second = subject.points();
    let (first, second) = (first.tokens("input"), second.tokens("input"));
    assert_eq!((first.temporality, second.temporality), (Cumulative, Cumulative));
    assert_eq!((first.count, first.sum), (1, 10.0));
    assert_eq!((second.count, second.sum, second.min, second.max), (2, 30.0, 10.0, 20.0));
    assert_eq!(second.start, first.start);
    assert!(first.start <= first.time && first.time <= second.time);
}

#[test]
fn a_delta_export_covers_what_came_since_the_one_before() {
    let subject = with(Temporality::Delta);
    assert!(subject.run(|| drop(ask(10, 1))));
    let first = subject.points();
    assert!(subject.run(|| drop(ask(20, 1))));
    let second = subject.points();
    let (first, second) = (first.tokens("input"), second.tokens("input"));
    assert_eq!((first.temporality, second.temporality), (Delta, Delta));
    assert_eq!((second.count, second.sum, second.min, second.max), (1, 20.0, 20.0, 20.0));
    assert_eq!(second.filled(), [(64.0, 1)]);
    assert_eq!(second.start, first.time, "no time is left out, and none is covered twice");
    assert_eq!(second.exemplars.len(), 1, "only of what it covers");
}

#[test]
fn a_flush_without_a_new_call_sends_nothing_again() {
    for temporality in [Temporality::Cumulative, Temporality::Delta] {
        let subject = with(temporality);
        assert!(subject.run(|| drop(ask(10, 1))));
        assert_eq!(subject.points().0.len(), 3);
        assert!(subject.run(|| ()));
        assert_eq!(subject.end().0.len(), 0);
    }
}

#[test]
fn exemplars_are_the_last_calls_of_each_bucket_and_point_to_their_spans() {
    let subject = Subject::new();
    assert!(subject.run(|| [9, 100, 200].into_iter().for_each(|input| drop(ask(input, 1)))));
    let spans: Vec<_> = subject.memory.trace().spans().map(|span| span.record().clone()).collect();
    let ids = |index: usize| {
        let span = &spans[index];
        (span.trace_id().to_string(), span.span_id().to_string(), span.end())
    };
    let points = subject.points();
    let found: BTreeSet<_> = points
        .tokens("input")
        .exemplars
        .iter()
        .map(|(value, trace, span, time)| (value.to_bits(), (trace.clone(), span.clone(), *time)))
        .collect();
    // 100 and 200 are in one bucket, of which the last one stands.
    assert_eq!(found, BTreeSet::from([(9_f64.to_bits(), ids(0)), (200_f64.to_bits(), ids(2))]));
    let (value, _, span, _) = &points.only(DURATION).exemplars[0];
    assert_eq!((*value, span), (spans[2].duration() as f64 / 1e9, &ids(2).1));
}

static CHAT: Callsite = Callsite::new("chat", "shop", "src/shop.rs", 1, &[]);

fn chat(id: u64) -> Shape {
    Shape::new(&CHAT, id).with("gen_ai.operation.name", "chat").with("gen_ai.usage.input_tokens", 5)
}

/// The points of one export of a sink that is shown these spans.
fn exported(change: impl FnOnce(&mut MetricsConfig), shapes: impl IntoIterator<Item = Shape>) -> Vec<Points> {
    let receiver = Receiver::answering([]);
    let mut config = MetricsConfig::default();
    config.otlp.endpoint = receiver.metrics_endpoint();
    config.otlp.timeout = PATIENCE;
    change(&mut config);
    let mut sink = MetricsSink::new(config, &Resource::new("shop"), Counters::default().into());
    shapes.into_iter().for_each(|shape| shape.view(|span| sink.span(span)));
    assert!(sink.flush(PATIENCE));
    receiver.rest().iter().map(|request| Points(otlp::points(&request.content()))).collect()
}

#[test]
fn the_filter_says_which_calls_stand_as_examples() {
    let exemplars = |filter: ExemplarFilter| {
        let mut unsampled = chat(2);
        unsampled.flags = Flags::default();
        let shapes = [chat(1), unsampled.with("gen_ai.usage.input_tokens", 500)];
        let points = exported(|config| config.exemplars = filter, shapes);
        let tokens = points[0].only(TOKENS);
        assert_eq!(tokens.count, 2, "every call is counted");
        tokens.exemplars.len()
    };
    assert_eq!(exemplars(ExemplarFilter::TraceBased), 1);
    assert_eq!(exemplars(ExemplarFilter::AlwaysOn), 2);
    assert_eq!(exemplars(ExemplarFilter::AlwaysOff), 0);
}

#[test]
fn more_series_than_are_kept_add_up_in_one_that_says_so() {
    let calls = 3000;
    let models = (1..=calls).map(|id| chat(id).with("gen_ai.request.model", &*format!("model-{id}")));
    let all: Vec<_> = exported(|_| {}, models).into_iter().flat_map(|points| points.0).collect();
    let is_overflow = |attributes: &std::collections::BTreeMap<String, Typed>| {
        attributes.len() == 1 && attributes.get("otel.metric.overflow") == Some(&Typed::Bool(true))
    };
    let overflow: Vec<_> = all.iter().filter(|point| is_overflow(&point.attributes)).collect();
    assert_eq!(all.len(), 2000 + overflow.len(), "2,000 series, and one for the rest of each metric");
    for metric in [DURATION, TOKENS] {
        let counts = |of: &dyn Fn(&&otlp::Point) -> bool| -> u64 {
            all.iter().filter(|point| point.metric == metric).filter(of).map(|point| point.count).sum()
        };
        assert_eq!(counts(&|_| true), calls, "no call of {metric} is lost");
        assert_eq!(counts(&|point| is_overflow(&point.attributes)), calls - 1000, "{metric}");
    }
}

#[test]
fn an_export_that_is_too_long_goes_in_several_requests() {
    let models = (1..=500).map(|id| chat(id).with("gen_ai.request.model", &*format!("model-{id}")));
    let requests = exported(|config| config.otlp.batch_bytes = 30_000, models);
    assert!(requests.len() > 5, "{}", requests.len());
    let points: Vec<_> = requests.iter().flat_map(|points| &points.0).collect();
    let series: BTreeSet<_> = points.iter().map(|point| (point.metric.clone(), point.line())).collect();
    assert_eq!((points.len(), series.len()), (1000, 1000), "each series once");
}

#[test]
fn a_long_text_is_cut_and_a_number_that_is_none_is_left_out() {
    let long = "m".repeat(100_000);
    let shapes = [chat(1)
        .with("gen_ai.request.model", &*long)
        .with("gen_ai.response.time_to_first_chunk", Typed::Double(f64::NAN))];
    let points = exported(|_| {}, shapes);
    assert_eq!(points[0].0.len(), 2, "{points:#?}");
    let model = &points[0].only(DURATION).attributes["gen_ai.request.model"];
    assert_eq!(*model, Typed::Str("m".repeat(128)));
}
