//! What the OTLP sink sends, and what it does about every kind of answer, over real sockets.

use std::time::Duration;

use opentelemetry_proto::tonic::collector::trace::v1::{
    ExportTracePartialSuccess, ExportTraceServiceResponse,
};
use prost::Message;
use throughline::export::otlp::Compression;
use throughline_tests::otlp;
use throughline_tests::receiver::{Answer, Nobody, Receiver, Request};
use throughline_tests::sending::{PATIENCE, Subject};

fn ids(body: &[u8]) -> Vec<u8> {
    otlp::spans(body).iter().map(|span| span.span_id[7]).collect()
}

fn partial(rejected_spans: i64, message: &str) -> Answer {
    let partial = ExportTracePartialSuccess { rejected_spans, error_message: message.to_owned() };
    Answer::protobuf(200, ExportTraceServiceResponse { partial_success: Some(partial) }.encode_to_vec())
}

#[test]
fn a_flush_sends_what_there_is() {
    let receiver = Receiver::answering([]);
    let mut subject = Subject::new(receiver.endpoint(), |config| {
        config.headers = vec![("x-key".to_owned(), "secret".to_owned())];
    });
    assert!(subject.spans(1..=3).flush());
    let request = receiver.request();
    assert_eq!(request.line, "POST /v1/traces HTTP/1.1");
    assert_eq!(request.header("content-type"), Some("application/x-protobuf"));
    assert_eq!(request.header("content-encoding"), None);
    assert_eq!(request.header("x-key"), Some("secret"));
    assert!(request.header("user-agent").is_some_and(|agent| agent.starts_with("throughline-otlp/")));
    assert_eq!(ids(&request.body), [1, 2, 3]);
    assert_eq!(subject.counts(), (3, 0, 0));
    assert_eq!(subject.end(), [""; 0]);
}

#[test]
fn a_flush_of_nothing_sends_nothing() {
    let receiver = Receiver::answering([]);
    let mut subject = Subject::new(receiver.endpoint(), |_| {});
    assert!(subject.flush());
    subject.end();
    assert!(receiver.rest().is_empty());
}

#[test]
fn a_full_batch_is_sent_without_a_flush() {
    let receiver = Receiver::answering([]);
    let mut by_spans = Subject::new(receiver.endpoint(), |config| config.batch_spans = 2);
    by_spans.spans(1..=5);
    assert_eq!(ids(&receiver.request().body), [1, 2]);
    assert_eq!(ids(&receiver.request().body), [3, 4]);
    assert!(by_spans.flush());
    assert_eq!(ids(&receiver.request().body), [5]);

    let mut by_bytes = Subject::new(receiver.endpoint(), |config| config.batch_bytes = 1);
    by_bytes.spans(6..=6);
    assert_eq!(ids(&receiver.request().body), [6]);
}

#[test]
fn a_batch_that_is_not_full_is_sent_after_the_delay() {
    let receiver = Receiver::answering([]);
    let mut subject = Subject::new(receiver.endpoint(), |config| config.schedule_delay = Duration::ZERO);
    subject.spans(1..=1);
    let request = loop {
        // The worker calls this after each of its scans.
        subject.sink().pass();
        if let Some(request) = receiver.rest().pop() {
            break request;
        }
        std::thread::yield_now();
    };
    assert_eq!(ids(&request.body), [1]);
}

#[test]
fn limits_without_bounds_are_no_trouble() {
    let receiver = Receiver::answering([Answer::status(503, [])]);
    let mut subject = Subject::new(receiver.endpoint(), |config| {
        (config.timeout, config.export_timeout, config.schedule_delay) =
            (Duration::MAX, Duration::MAX, Duration::MAX);
        (config.batch_bytes, config.queue_bytes) = (usize::MAX, usize::MAX);
    });
    assert!(subject.spans(1..=1).flush());
    assert_eq!(subject.counts(), (1, 0, 0));
}

#[test]
fn gzip_is_used_when_asked_for() {
    let receiver = Receiver::answering([]);
    let mut subject = Subject::new(receiver.endpoint(), |config| config.compression = Compression::Gzip);
    assert!(subject.spans(1..=200).flush());
    let request = receiver.request();
    assert_eq!(request.header("content-encoding"), Some("gzip"));
    let body = request.content();
    assert_eq!(ids(&body), (1..=200).collect::<Vec<_>>());
    assert!(request.body.len() < body.len() / 4, "{} of {}", request.body.len(), body.len());
}

#[test]
fn an_answer_that_asks_for_time_is_given_it() {
    let dated = ["date: Sat, 21 Nov 2026 02:00:00 GMT", "retry-after: Sat, 21 Nov 2026 02:00:01 GMT"];
    for answer in [Answer::status(503, ["retry-after: 1"]), Answer::status(429, dated)] {
        let receiver = Receiver::answering([answer]);
        let mut subject = Subject::new(receiver.endpoint(), |_| {});
        assert!(subject.spans(1..=2).flush());
        let (first, second) = (receiver.request(), receiver.request());
        assert!(second.at - first.at >= Duration::from_secs(1), "{:?}", second.at - first.at);
        assert_eq!(first.body, second.body);
        assert_eq!(subject.counts(), (2, 0, 0));
        assert_eq!(subject.end(), [""; 0]);
    }
}

#[test]
fn answers_that_may_change_are_tried_again() {
    let receiver = Receiver::answering([429, 502, 503, 504].map(|status| Answer::status(status, [])));
    let mut subject = Subject::new(receiver.endpoint(), |_| {});
    assert!(subject.spans(1..=2).flush());
    assert_eq!(receiver.rest().len(), 5);
    assert_eq!(subject.counts(), (2, 0, 0));
}

#[test]
fn answers_that_will_not_change_drop_the_batch() {
    for status in [301, 307, 400, 401, 404, 413, 500, 501] {
        let receiver = Receiver::answering([Answer::status(status, ["location: /elsewhere"])]);
        let mut subject = Subject::new(receiver.endpoint(), |_| {});
        assert!(!subject.spans(1..=2).flush(), "{status}");
        assert!(subject.spans(3..=3).flush(), "{status}");
        assert_eq!(receiver.rest().len(), 2, "{status}");
        assert_eq!(subject.counts(), (1, 0, 2), "{status}");
        let said = subject.end();
        assert_eq!(said.len(), 1, "{said:?}");
        assert!(said[0].contains(&format!("2 spans for {} dropped", receiver.endpoint())), "{said:?}");
        assert!(said[0].contains(&format!("HTTP status {status}")), "{said:?}");
    }
}

#[test]
fn what_a_receiver_says_about_an_error_is_passed_on_in_one_line() {
    // The message of a `google.rpc.Status`: field 2.
    let status = [&[0x12, 9][..], b"no\nbucket"].concat();
    let receiver = Receiver::answering([Answer::protobuf(400, status)]);
    let mut subject = Subject::new(receiver.endpoint(), |_| {});
    assert!(!subject.spans(1..=1).flush());
    let said = subject.end();
    assert!(said[0].contains("no bucket"), "{said:?}");
}

#[test]
fn what_is_no_answer_is_tried_again() {
    let endless = b"HTTP/1.1 200 OK\r\nx-long: ".iter().copied().chain(std::iter::repeat_n(b'x', 1 << 20));
    for answer in [
        Vec::new(),
        b"SSH-2.0-OpenSSH_9.2\r\n".to_vec(),
        b"\x15\x03\x01\x00\x02\x02\x50".to_vec(),
        b"HTTP/1.1 ".to_vec(),
        b"HTTP/1.1 200 OK\r\ncontent-".to_vec(),
        b"HTTP/1.1 99999999999 \x1b[31m\r\n\r\n".to_vec(),
        endless.collect(),
    ] {
        let told = String::from_utf8_lossy(&answer[..answer.len().min(40)]).into_owned();
        let receiver = Receiver::answering([Answer::Raw(answer)]);
        let mut subject = Subject::new(receiver.endpoint(), |_| {});
        assert!(subject.spans(1..=2).flush(), "{told:?}");
        let requests = receiver.rest();
        assert!(requests.len() == 2 && requests[0].body == requests[1].body, "{told:?}: {requests:?}");
        assert_eq!(subject.counts(), (2, 0, 0), "{told:?}");
        assert_eq!(subject.end(), [""; 0], "{told:?}");
    }
}

#[test]
fn a_body_that_is_cut_or_nonsense_changes_nothing_of_the_status() {
    let protobuf = "content-type: application/x-protobuf\r\n";
    for (headers, body) in [
        ("content-length: 100\r\n".to_owned(), &b"half"[..]),
        ("transfer-encoding: chunked\r\n".to_owned(), b"zz\r\nnot a chunk\r\n"),
        (format!("{protobuf}content-length: 12\r\n"), b"\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"),
        ("content-type: application/json\r\ncontent-length: 9\r\n".to_owned(), b"{\"partial"),
        ("content-encoding: gzip\r\ncontent-length: 6\r\n".to_owned(), b"no zip"),
    ] {
        let answer = |status| {
            Answer::Raw([format!("HTTP/1.1 {status} Said\r\n{headers}\r\n").as_bytes(), body].concat())
        };
        let receiver = Receiver::answering([answer(200), answer(400)]);
        let mut subject = Subject::new(receiver.endpoint(), |_| {});
        assert!(subject.spans(1..=2).flush(), "{headers}");
        assert!(!subject.spans(3..=3).flush(), "{headers}");
        assert_eq!((receiver.rest().len(), subject.counts()), (2, (2, 0, 1)), "{headers}");
        let said = subject.end();
        assert!(said.len() == 1 && said[0].contains("HTTP status 400"), "{said:?}");
        assert!(!said[0].contains(char::is_control), "{said:?}");
    }
}

#[test]
fn spans_that_a_partial_success_rejects_are_counted() {
    let receiver = Receiver::answering([partial(3, "too old"), partial(99, "")]);
    let mut subject = Subject::new(receiver.endpoint(), |_| {});
    assert!(!subject.spans(1..=5).flush());
    assert_eq!(subject.counts(), (2, 0, 3));
    assert!(!subject.spans(6..=7).flush());
    assert_eq!(subject.counts(), (2, 0, 5));
    let said = subject.end();
    assert!(said[0].contains("3 were rejected") && said[0].contains("too old"), "{said:?}");
    assert_eq!(receiver.rest().len(), 2);
}

#[test]
fn a_warning_of_a_receiver_is_said_once() {
    let receiver = Receiver::answering([partial(0, "deprecated"), partial(0, "deprecated")]);
    let mut subject = Subject::new(receiver.endpoint(), |_| {});
    assert!(subject.spans(1..=1).flush() && subject.spans(2..=2).flush());
    assert_eq!(subject.counts(), (2, 0, 0));
    let said = subject.end();
    assert!(said.len() == 1 && said[0].contains("deprecated"), "{said:?}");
}

#[test]
fn a_receiver_that_never_answers_is_given_up() {
    let receiver = Receiver::answering([Answer::Silence, Answer::Silence]);
    let mut subject = Subject::new(receiver.endpoint(), |config| {
        config.timeout = Duration::from_millis(100);
        config.retries = 1;
    });
    assert!(!subject.spans(1..=2).flush());
    // On a busy machine the time may be over before a request has come as far as the receiver.
    assert!(receiver.rest().len() <= 2);
    assert_eq!(subject.counts(), (0, 0, 2));
    let said = subject.end();
    assert!(said.len() == 1 && said[0].contains("OTEL_EXPORTER_OTLP_TIMEOUT"), "{said:?}");
}

#[test]
fn a_request_that_was_not_answered_is_tried_again() {
    let receiver = Receiver::answering([Answer::Silence]);
    let mut subject = Subject::new(receiver.endpoint(), |config| {
        config.timeout = Duration::from_millis(100);
        (config.export_timeout, config.retries) = (PATIENCE, u32::MAX);
    });
    assert!(subject.spans(1..=2).flush());
    assert_eq!(receiver.request().body, receiver.request().body);
    assert_eq!(subject.counts(), (2, 0, 0));
}

#[test]
fn a_flush_does_not_wait_longer_than_it_may() {
    let receiver = Receiver::answering([Answer::Silence]);
    let mut subject = Subject::new(receiver.endpoint(), |_| {});
    subject.spans(1..=2);
    assert!(!subject.sink().flush(Duration::from_millis(10)));
    assert_eq!(subject.counts(), (0, 0, 0), "nothing is given up yet");
}

#[test]
fn ending_breaks_off_a_request_and_says_what_was_dropped() {
    let receiver = Receiver::answering([Answer::Silence]);
    // Were the request not broken off, the sender would not end in time, and its span not be counted.
    let mut subject = Subject::new(receiver.endpoint(), |config| {
        config.batch_spans = 1;
        config.timeout = Duration::MAX;
    });
    subject.spans(1..=1);
    receiver.request();
    subject.spans(2..=3);
    let said = subject.end();
    assert_eq!(subject.counts(), (0, 0, 3));
    assert!(said.len() == 1 && said[0].contains("3 were not sent when the program ended"), "{said:?}");
}

#[test]
fn with_nothing_listening_a_flush_fails_at_once_and_the_end_says_so_once() {
    let nobody = Nobody::new();
    let endpoint = nobody.endpoint();
    let mut subject = Subject::new(endpoint.clone(), |config| {
        (config.first_retry, config.export_timeout) = (PATIENCE, Duration::MAX);
    });
    assert!(!subject.spans(1..=4).flush());
    assert!(!subject.spans(5..=6).flush());
    assert_eq!(subject.counts(), (0, 0, 0), "they are kept, and tried again");
    let said = subject.end();
    assert_eq!(subject.counts(), (0, 0, 6));
    assert_eq!(said.len(), 1, "{said:?}");
    for part in ["6 spans", &endpoint, "refused", "OTEL_EXPORTER_OTLP_ENDPOINT"] {
        assert!(said[0].contains(part), "{part}: {said:?}");
    }
}

#[test]
fn a_batch_is_given_up_after_its_retries() {
    let nobody = Nobody::new();
    let mut subject = Subject::new(nobody.endpoint(), |config| config.retries = 2);
    subject.spans(1..=4);
    subject.flush();
    while subject.counts().2 == 0 {
        std::thread::yield_now();
    }
    assert_eq!(subject.counts(), (0, 0, 4));
}

#[test]
fn a_batch_is_given_up_when_its_time_is_over() {
    let receiver = Receiver::answering((0..100).map(|_| Answer::status(503, [])));
    let mut subject = Subject::new(receiver.endpoint(), |config| {
        config.export_timeout = Duration::from_millis(20);
        config.first_retry = Duration::from_millis(10);
        config.retries = u32::MAX;
    });
    assert!(!subject.spans(1..=2).flush());
    assert_eq!(subject.counts(), (0, 0, 2));
    assert!(receiver.rest().len() < 10);
}

#[test]
fn many_small_batches_wait_side_by_side() {
    let receiver = Receiver::answering([Answer::Silence]);
    let mut subject = Subject::new(receiver.endpoint(), |config| config.queue_bytes = 2 << 20);
    for id in 1..=1000 {
        subject.spans(id..=id);
        assert!(!subject.sink().flush(Duration::ZERO));
    }
    assert_eq!(subject.counts(), (0, 0, 0), "a batch of one span takes no more memory than that");
}

#[test]
fn spans_that_find_the_queue_full_are_counted_exactly() {
    let receiver = Receiver::answering([Answer::Silence]);
    let mut subject = Subject::new(receiver.endpoint(), |config| {
        config.batch_spans = 10;
        config.queue_spans = 30;
    });
    // The batch that is being sent counts as well: 3 batches find room.
    subject.spans(1..=100);
    assert_eq!(subject.counts(), (0, 70, 0));
    let said = subject.end();
    assert_eq!(subject.counts(), (0, 70, 30));
    assert!(said.iter().any(|said| said.contains("70 found the queue full")), "{said:?}");
}

#[test]
fn the_queue_is_bounded_in_bytes() {
    let receiver = Receiver::answering([Answer::Silence]);
    let mut subject = Subject::new(receiver.endpoint(), |config| {
        config.batch_bytes = 10_000;
        config.queue_bytes = 50_000;
    });
    subject.spans(1..=10_000);
    let (_, dropped, _) = subject.counts();
    let kept = 10_000 - dropped;
    let bytes_of_one = 50_000 / kept;
    assert!((100..300).contains(&bytes_of_one), "{kept} kept");
    subject.end();
    assert_eq!(subject.counts(), (0, dropped, kept));
}

#[test]
fn room_that_is_free_again_is_used() {
    let receiver = Receiver::answering([]);
    let mut subject = Subject::new(receiver.endpoint(), |config| {
        config.batch_spans = 1;
        config.queue_spans = 1;
    });
    for id in 1..=20 {
        assert!(subject.spans(id..=id).flush());
    }
    assert_eq!(subject.counts(), (20, 0, 0));
    assert_eq!(receiver.rest().len(), 20);
}

#[test]
fn losses_are_said_once_a_minute_and_at_the_end() {
    let receiver = Receiver::answering((0..20).map(|_| Answer::status(400, [])));
    let mut subject = Subject::new(receiver.endpoint(), |_| {});
    (1..=20).for_each(|id| assert!(!subject.spans(id..=id).flush()));
    let said = subject.end();
    assert_eq!(said.len(), 2, "{said:?}");
    assert!(said[0].starts_with("1 span for ") && said[1].starts_with("19 spans for "), "{said:?}");
}

#[test]
fn secrets_of_the_address_are_not_said() {
    let receiver = Receiver::answering([Answer::status(400, [])]);
    let endpoint = receiver.endpoint().replace("http://", "http://user:password@") + "?key=secret";
    let mut subject = Subject::new(endpoint, |_| {});
    assert!(!subject.spans(1..=1).flush());
    let Request { line, .. } = receiver.request();
    assert_eq!(line, "POST /v1/traces?key=secret HTTP/1.1");
    let said = subject.end();
    assert!(
        said[0].contains("/v1/traces") && !said[0].contains("password") && !said[0].contains("secret"),
        "{said:?}"
    );
    // Set in code, where nothing checks it.
    let mut subject = Subject::new("user:password@collector:4318".to_owned(), |_| {});
    assert!(!subject.spans(1..=1).flush());
    let said = subject.end();
    assert!(said[0].contains("collector:4318") && !said[0].contains("password"), "{said:?}");
    let proxy = Nobody::new().url().replace("http://", "http://user:password@");
    let mut subject = Subject::new("http://collector:4318".to_owned(), |config| config.proxy = Some(proxy));
    assert!(!subject.spans(1..=1).flush());
    let said = subject.end();
    assert!(said[0].contains("collector:4318") && !said[0].contains("password"), "{said:?}");
}
