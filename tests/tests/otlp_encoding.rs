//! What the encoder writes is what the OpenTelemetry project's own decoder reads, field by field.

use std::collections::BTreeMap;

use opentelemetry_proto::tonic::trace::v1::span::SpanKind;
use opentelemetry_proto::tonic::trace::v1::{Span, Status};
use throughline::export::otlp::{Encoder, Resource};
use throughline::span::{Callsite, Dropped, Kind, Outcome, ValueView};
use throughline_tests::otlp::{self, Shape, Typed};

static PLAIN: Callsite = Callsite::new("checkout", "shop::cart", "src/cart.rs", 17, &[]);
static SPOKEN: Callsite = Callsite::new("GET /cart", "", "", 0, &[]).with_kind(Kind::Server);
static CONSTANTS: Callsite = Callsite::new("chat", "shop::llm", "src/llm.rs", 300, &["gen_ai.request.model"])
    .with_kind(Kind::Client)
    .with_constants(&[
        ("gen_ai.provider.name", ValueView::Str("openai")),
        ("retries", ValueView::Int(3)),
        ("code.file.path", ValueView::Str("elsewhere.rs")),
    ]);
static PRODUCER: Callsite =
    Callsite::new("send", "shop::queue", "src/queue.rs", 1, &[]).with_kind(Kind::Producer);

/// Something that messages are received by.
struct Worker;

impl Worker {
    fn receive() -> &'static Callsite {
        static CONSUMER: Callsite = Callsite::new("receive a message", "shop::queue", "src/queue.rs", 2, &[])
            .with_kind(Kind::Consumer)
            .with_function(|| {});
        &CONSUMER
    }
}

fn callsites() -> [&'static Callsite; 5] {
    [&PLAIN, &SPOKEN, &CONSTANTS, &PRODUCER, Worker::receive()]
}

fn encode(shapes: &[Shape]) -> Vec<u8> {
    let mut encoder = Encoder::new(&Resource::new("shop"));
    shapes.iter().for_each(|shape| shape.view(|span| encoder.span(span)));
    assert_eq!(encoder.spans(), shapes.len());
    encoder.take(Vec::new())
}

fn decoded(shape: Shape) -> Span {
    let [span] = <[Span; 1]>::try_from(otlp::spans(&encode(&[shape]))).expect("one span");
    span
}

fn by_key<'a>(
    pairs: impl IntoIterator<Item = &'a (String, Typed)>,
    mut known: BTreeMap<String, Typed>,
) -> BTreeMap<String, Typed> {
    known.extend(pairs.into_iter().cloned());
    known
}

/// What the callsite and the outcome add, written down once more and without the encoder's help.
fn implied(shape: &Shape) -> (BTreeMap<String, Typed>, Option<(String, Typed)>) {
    let mut known: BTreeMap<_, _> = match shape.callsite.name {
        "checkout" => code("src/cart.rs", 17),
        "chat" => code("elsewhere.rs", 300),
        "send" => code("src/queue.rs", 1),
        "receive a message" => code("src/queue.rs", 2),
        _ => return (BTreeMap::new(), outcome(shape.outcome)),
    };
    if shape.callsite.name == "receive a message" {
        known.insert("code.function.name".to_owned(), "otlp_encoding::Worker::receive".into());
    }
    if shape.callsite.name == "chat" {
        known.insert("gen_ai.provider.name".to_owned(), "openai".into());
        known.insert("retries".to_owned(), 3.into());
    }
    (known, outcome(shape.outcome))
}

fn code(file: &str, line: i64) -> BTreeMap<String, Typed> {
    [("code.file.path".to_owned(), file.into()), ("code.line.number".to_owned(), line.into())].into()
}

fn outcome(outcome: Outcome) -> Option<(String, Typed)> {
    let word = match outcome {
        Outcome::Ok | Outcome::Error => return None,
        Outcome::Panicked => "panicked",
        Outcome::Cancelled => "cancelled",
    };
    Some(("throughline.outcome".to_owned(), word.into()))
}

fn kind(kind: Kind) -> SpanKind {
    match kind {
        Kind::Internal => SpanKind::Internal,
        Kind::Server => SpanKind::Server,
        Kind::Client => SpanKind::Client,
        Kind::Producer => SpanKind::Producer,
        Kind::Consumer => SpanKind::Consumer,
    }
}

fn status(shape: &Shape) -> Option<Status> {
    let failed = matches!(shape.outcome, Outcome::Error | Outcome::Panicked);
    failed.then(|| Status { message: shape.message.clone().unwrap_or_default(), code: 2 })
}

fn check(shape: &Shape, span: &Span) {
    assert_eq!(span.trace_id, shape.trace_id.to_bytes());
    assert_eq!(span.span_id, shape.span_id.to_bytes());
    assert_eq!(span.parent_span_id, shape.parent.map_or(Vec::new(), |id| id.to_bytes().to_vec()));
    let remote = if shape.parent_is_remote { 0x300 } else { 0x100 };
    assert_eq!(span.flags, u32::from(shape.flags.bits()) | remote);
    assert_eq!(span.trace_state, shape.trace_state.clone().unwrap_or_default());
    assert_eq!((&span.name, span.kind()), (&shape.name, kind(shape.callsite.kind)));
    assert_eq!(
        (span.start_time_unix_nano, span.end_time_unix_nano),
        (shape.start, shape.start + shape.duration)
    );
    assert_eq!(span.status, status(shape));
    let (implied, outcome) = implied(shape);
    let expected = by_key(shape.attributes.iter().chain(&outcome), implied);
    assert_eq!(otlp::attributes(&span.attributes), expected);
    check_events_and_links(shape, span);
    let dropped = Dropped {
        attributes: span.dropped_attributes_count,
        events: span.dropped_events_count,
        links: span.dropped_links_count,
    };
    assert_eq!(dropped, shape.dropped);
}

fn check_events_and_links(shape: &Shape, span: &Span) {
    assert_eq!(span.events.len(), shape.events.len());
    for (event, expected) in span.events.iter().zip(&shape.events) {
        assert_eq!((&event.name, event.time_unix_nano), (&expected.name, expected.time));
        assert_eq!(otlp::attributes(&event.attributes), by_key(&expected.attributes, BTreeMap::new()));
    }
    assert_eq!(span.links.len(), shape.links.len());
    for (link, expected) in span.links.iter().zip(&shape.links) {
        assert_eq!(link.trace_id, expected.trace_id.to_bytes());
        assert_eq!(link.span_id, expected.span_id.to_bytes());
        assert_eq!(link.flags, u32::from(expected.flags.bits()));
    }
}

#[test]
fn spans_of_every_shape_are_decoded_as_they_were() {
    for seed in 0..300 {
        let random = &mut fastrand::Rng::with_seed(seed);
        let mut shapes: Vec<_> =
            (0..random.usize(0..8)).map(|_| Shape::random(random, &callsites())).collect();
        // What panicked or was cancelled says so, whatever the user set.
        shapes.iter_mut().for_each(|shape| {
            if shape.outcome != Outcome::Ok && shape.outcome != Outcome::Error {
                shape.attributes.retain(|(key, _)| key != "throughline.outcome");
            }
        });
        let spans = otlp::spans(&encode(&shapes));
        assert_eq!(spans.len(), shapes.len(), "seed {seed}");
        shapes.iter().zip(&spans).for_each(|(shape, span)| check(shape, span));
    }
}

#[test]
fn the_last_of_two_values_of_a_key_wins() {
    let span = decoded(Shape::new(&SPOKEN, 1).with("n", 1).with("m", 2).with("n", 3).with("n", "last"));
    let expected = [("m".to_owned(), Typed::Int(2)), ("n".to_owned(), "last".into())];
    assert_eq!(otlp::attributes(&span.attributes), expected.into());
}

#[test]
fn an_attribute_of_the_span_wins_over_a_constant_of_its_callsite() {
    let span = decoded(Shape::new(&CONSTANTS, 1).with("retries", 9).with("code.function.name", "f"));
    let attributes = otlp::attributes(&span.attributes);
    assert_eq!(attributes["retries"], Typed::Int(9));
    assert_eq!(attributes["code.function.name"], "f".into());
    assert_eq!(attributes["gen_ai.provider.name"], "openai".into());
}

#[test]
fn a_panic_is_an_error_and_a_cancelled_future_is_none() {
    let mut panicked = Shape::new(&SPOKEN, 1);
    panicked.outcome = Outcome::Panicked;
    panicked.message = Some("index out of bounds".to_owned());
    let span = decoded(panicked);
    assert_eq!(span.status, Some(Status { message: "index out of bounds".to_owned(), code: 2 }));
    assert_eq!(otlp::attributes(&span.attributes)["throughline.outcome"], "panicked".into());

    let mut cancelled = Shape::new(&SPOKEN, 2);
    cancelled.outcome = Outcome::Cancelled;
    let span = decoded(cancelled);
    assert_eq!(span.status, None);
    assert_eq!(otlp::attributes(&span.attributes)["throughline.outcome"], "cancelled".into());
}

#[test]
fn a_request_names_the_resource_and_the_scope_once() {
    let shapes: Vec<_> = (1..=1000).map(|id| Shape::new(&PLAIN, id)).collect();
    let request = otlp::request(&encode(&shapes));
    let [resource] = &request.resource_spans[..] else { panic!("one resource: {request:?}") };
    let attributes = otlp::attributes(&resource.resource.as_ref().expect("a resource").attributes);
    assert_eq!(attributes["service.name"], "shop".into());
    assert_eq!(attributes["telemetry.sdk.language"], "rust".into());
    let [scope] = &resource.scope_spans[..] else { panic!("one scope") };
    assert_eq!(scope.scope.as_ref().expect("a scope").name, "throughline");
    assert_eq!(scope.spans.len(), 1000);
}

#[test]
fn each_request_begins_anew() {
    let mut encoder = Encoder::new(&Resource::new("shop"));
    Shape::new(&PLAIN, 1).view(|span| encoder.span(span));
    let first = encoder.take(Vec::new());
    Shape::new(&PLAIN, 2).view(|span| encoder.span(span));
    let second = encoder.take(first.clone());
    let ids = |body: &[u8]| otlp::spans(body).iter().map(|span| span.span_id[7]).collect::<Vec<_>>();
    assert_eq!((ids(&first), ids(&second)), (vec![1], vec![2]));
    assert!(ids(&encoder.take(Vec::new())).is_empty());
}
