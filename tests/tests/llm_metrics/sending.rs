//! When metrics are sent, and what happens to those that are not taken.

use std::time::Duration;

use throughline::export::otlp::{Compression, Temporality};
use throughline_tests::otlp;
use throughline_tests::receiver::{Answer, Nobody, Receiver};

use crate::subject::{DURATION, PATIENCE, Points, Subject, ask};

#[test]
fn a_request_says_what_it_is_and_who_made_it() {
    let subject = Subject::of(Receiver::answering([]), |config| {
        config.otlp.compression = Compression::Gzip;
        config.otlp.headers = vec![("x-key".to_owned(), "secret".to_owned())];
    });
    assert!(subject.run(|| drop(ask(10, 1))));
    let request = subject.receiver.request();
    assert_eq!(request.line, "POST /v1/metrics HTTP/1.1");
    assert_eq!(request.header("content-type"), Some("application/x-protobuf"));
    assert_eq!(request.header("content-encoding"), Some("gzip"));
    assert_eq!(request.header("x-key"), Some("secret"));
    let [resource] = &otlp::metrics(&request.content())[..] else { panic!("one resource") };
    let attributes = otlp::attributes(&resource.resource.as_ref().expect("a resource").attributes);
    assert_eq!(attributes["service.name"], otlp::Typed::from("shop"));
    let [scope] = &resource.scope_metrics[..] else { panic!("one scope") };
    assert_eq!(scope.scope.as_ref().expect("a scope").name, "throughline");
    let stats = subject.pipeline.stats();
    assert_eq!((stats.exported_points, stats.dropped_points), (3, 0));
    assert_eq!(stats.exported, 0, "points are no spans");
}

#[test]
fn without_a_model_call_nothing_is_sent() {
    let subject = Subject::of(Receiver::answering([]), |config| config.interval = Duration::from_millis(1));
    assert!(subject.run(|| throughline::span!("work").in_scope(|| ())));
    assert_eq!(subject.end().0.len(), 0);
}

#[test]
fn the_sums_are_sent_again_at_each_interval() {
    let subject = Subject::of(Receiver::answering([]), |config| config.interval = Duration::from_millis(1));
    let entered = subject.pipeline.enter();
    ask(10, 1);
    drop(entered);
    for _ in 0..2 {
        assert_eq!(subject.points().only(DURATION).count, 1);
    }
}

#[test]
fn deltas_are_not_sent_at_an_interval_without_a_call() {
    let subject = Subject::of(Receiver::answering([]), |config| {
        config.interval = Duration::from_millis(1);
        config.temporality = Temporality::Delta;
    });
    assert!(subject.run(|| drop(ask(10, 1))));
    assert!(subject.run(|| drop(ask(20, 1))));
    let calls = subject.end().0.into_iter().map(|request| Points(otlp::points(&request.content())));
    let calls: Vec<_> = calls.map(|points| points.only(DURATION).count).collect();
    assert!(calls.iter().all(|count| *count > 0), "{calls:?}");
    assert_eq!(calls.iter().sum::<u64>(), 2, "each call once: {calls:?}");
}

#[test]
fn the_end_of_the_pipeline_sends_what_nobody_flushed() {
    let subject = Subject::new();
    let entered = subject.pipeline.enter();
    ask(10, 1);
    drop(entered);
    let (requests, said) = subject.end();
    let [request] = &requests[..] else { panic!("one request: {requests:?}") };
    assert_eq!(Points(otlp::points(&request.content())).only(DURATION).count, 1);
    assert_eq!(said, [""; 0]);
}

#[test]
fn what_may_be_taken_later_is_sent_again() {
    let subject = Subject::of(Receiver::answering([Answer::status(503, [])]), |_| {});
    assert!(subject.run(|| drop(ask(10, 1))));
    let (refused, taken) = (subject.receiver.request(), subject.receiver.request());
    assert_eq!(refused.body, taken.body);
    assert_eq!(subject.pipeline.stats().dropped_points, 0);
}

#[test]
fn what_is_refused_is_counted_and_said_and_the_next_export_is_sent() {
    let subject = Subject::of(Receiver::answering([Answer::status(400, [])]), |_| {});
    assert!(!subject.run(|| drop(ask(10, 1))));
    let stats = subject.pipeline.stats();
    assert_eq!((stats.exported_points, stats.dropped_points, stats.dropped_export), (0, 3, 0));
    assert!(subject.run(|| drop(ask(10, 1))));
    assert_eq!(subject.pipeline.stats().exported_points, 3);
    let (_, said) = subject.end();
    let [said] = &said[..] else { panic!("one message: {said:?}") };
    for part in ["3 data points for http://127.0.0.1:", "/v1/metrics dropped", "refused", "400"] {
        assert!(said.contains(part), "no `{part}` in {said}");
    }
}

#[test]
fn a_receiver_that_has_no_place_for_metrics_is_left_alone() {
    let answers = [Answer::status(404, []), Answer::status(404, [])];
    let subject = Subject::of(Receiver::answering(answers), |_| {});
    assert!(!subject.run(|| drop(ask(10, 1))), "the first time something is lost");
    assert!(subject.run(|| drop(ask(10, 1))));
    assert_eq!(subject.pipeline.stats().dropped_points, 3);
    let (requests, said) = subject.end();
    assert_eq!(requests.len(), 1);
    let [said] = &said[..] else { panic!("one message: {said:?}") };
    assert!(said.contains("OTEL_METRICS_EXPORTER=none"), "{said}");
}

#[test]
fn a_receiver_that_had_no_place_for_metrics_is_asked_again_after_sixty_intervals() {
    let subject = Subject::of(Receiver::answering([Answer::status(404, [])]), |config| {
        config.interval = Duration::from_millis(1);
    });
    subject.run(|| drop(ask(10, 1)));
    let (refused, taken) = (subject.receiver.request(), subject.receiver.request());
    assert!(taken.at - refused.at >= Duration::from_millis(60), "{:?}", taken.at - refused.at);
    assert_eq!(Points(otlp::points(&taken.content())).only(DURATION).count, 1);
}

#[test]
fn a_flush_does_not_wait_for_a_receiver_that_is_not_there_and_the_end_counts_what_was_for_it() {
    let nobody = Nobody::new();
    let subject = Subject::of(Receiver::answering([]), |config| {
        config.otlp.endpoint = format!("{}/v1/metrics", nobody.url());
        config.otlp.first_retry = PATIENCE;
        config.otlp.export_timeout = 100 * PATIENCE;
    });
    assert!(!subject.run(|| drop(ask(10, 1))));
    assert_eq!(subject.pipeline.stats().dropped_points, 0, "it is kept, and tried again");
    let said = subject.end().1.join("\n");
    for part in ["3 data points", "were not sent when the program ended", "OTEL_METRICS_EXPORTER=none"] {
        assert!(said.contains(part), "no `{part}` in {said}");
    }
}

#[test]
fn what_finds_no_room_is_dropped_and_counted() {
    let subject = Subject::of(Receiver::answering([]), |config| config.otlp.queue_bytes = 100);
    assert!(!subject.run(|| drop(ask(10, 1))));
    assert_eq!(subject.pipeline.stats().dropped_points, 3);
    assert_eq!(subject.end().0.len(), 0);
}
