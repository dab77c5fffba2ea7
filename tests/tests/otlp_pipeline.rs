//! OTLP at the end of a whole pipeline.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use throughline::export::otlp::{OtlpConfig, OtlpSink, Resource};
use throughline::span::{Callsite, Span};
use throughline::stats::Counters;
use throughline::{Pipeline, Stats};
use throughline_tests::otlp;
use throughline_tests::receiver::{Answer, Nobody, Receiver};

static WORK: Callsite = Callsite::new("work", "shop", "src/shop.rs", 1, &[]);

const PATIENCE: Duration = Duration::from_secs(60);

/// Makes spans in a pipeline that sends them to `endpoint`, ends it, and returns what was counted and said.
fn run(endpoint: String, spans: u64, flush: Option<Duration>) -> (Stats, Vec<String>) {
    let mut config = OtlpConfig::default();
    config.endpoint = endpoint;
    let (counters, said) = (Arc::new(Counters::default()), Arc::new(Mutex::new(Vec::new())));
    let say = {
        let said = Arc::clone(&said);
        move |message: &str| said.lock().expect("not poisoned").push(message.to_owned())
    };
    let sink = OtlpSink::start_saying(config, &Resource::new("shop"), Arc::clone(&counters), say);
    let pipeline = Pipeline::builder().counters(Arc::clone(&counters)).sink(sink.expect("a sink")).start();
    let pipeline = pipeline.expect("a pipeline");
    let entered = pipeline.enter();
    (0..spans).for_each(|_| Span::new(&WORK).in_scope(|| ()));
    drop(entered);
    flush.map(|timeout| pipeline.flush(timeout));
    drop(pipeline);
    // On a machine that is busy enough the pipeline may give up waiting for the end of its sink. We do not.
    while Arc::strong_count(&said) > 1 {
        std::thread::yield_now();
    }
    let said = said.lock().expect("not poisoned").clone();
    (counters.stats(), said)
}

#[test]
fn a_pipeline_that_ends_sends_what_it_has() {
    let receiver = Receiver::answering([]);
    let (stats, said) = run(receiver.endpoint(), 10, None);
    assert_eq!((stats.exported, stats.dropped_spans()), (10, 0));
    assert_eq!(otlp::spans(&receiver.request().body).len(), 10);
    assert_eq!(said, [""; 0]);
}

#[test]
fn spans_carry_the_sampled_flag() {
    let receiver = Receiver::answering([]);
    run(receiver.endpoint(), 1, None);
    let spans = otlp::spans(&receiver.request().body);
    assert_eq!(spans[0].flags & 1, 1, "{:#x}", spans[0].flags);
}

#[test]
fn without_a_receiver_a_program_ends_and_says_once_what_was_dropped() {
    let nobody = Nobody::new();
    let endpoint = nobody.endpoint();
    for flush in [None, Some(PATIENCE)] {
        let (stats, said) = run(endpoint.clone(), 10, flush);
        assert_eq!((stats.exported, stats.dropped_export), (0, 10));
        assert_eq!(said.len(), 1, "{said:?}");
        assert!(said[0].starts_with(&format!("10 spans for {endpoint} dropped: ")), "{said:?}");
    }
}

#[test]
fn with_a_receiver_that_hangs_a_program_ends_and_says_once_what_was_dropped() {
    let receiver = Receiver::answering([Answer::Silence]);
    let (stats, said) = run(receiver.endpoint(), 10, None);
    assert_eq!((stats.exported, stats.dropped_export), (0, 10));
    assert_eq!(said.len(), 1, "{said:?}");
}

#[test]
fn sending_spans_makes_no_spans() {
    let receiver = Receiver::answering([]);
    let (stats, _) = run(receiver.endpoint(), 3, Some(PATIENCE));
    assert_eq!((stats.spans, stats.exported), (3, 3));
    assert_eq!(receiver.rest().len(), 1);
}
