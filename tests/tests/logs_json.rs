//! JSON lines: what is in them, under which key, of which type.

mod logs_context;
use std::error::Error;
use std::fmt;
use std::io;

use logs_context::request;
use serde_json::{Value, json};
use throughline::logs::{JsonFormat, JsonLayer, SpanFields, bind, lost_lines};
use throughline::{Context, ContextParts, RequestId};
use throughline_tests::lines::Lines;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::prelude::*;

/// The lines that `log` writes through the layer, and the same through the event format, which must not differ.
#[track_caller]
fn lines(log: impl Fn()) -> Vec<String> {
    let (layer, format) = (Lines::default(), Lines::default());
    let subscriber = tracing_subscriber::registry()
        .with(JsonLayer::new().with_service("shop").with_writer(layer.clone()))
        .with(
            tracing_subscriber::fmt::layer()
                .event_format(JsonFormat::new().with_service("shop"))
                .fmt_fields(SpanFields)
                .with_writer(format.clone()),
        );
    tracing::subscriber::with_default(subscriber, log);
    let (layer, format) = (layer.take(), format.take());
    let without_time = |lines: &[String]| lines.iter().map(|line| line[42..].to_owned()).collect::<Vec<_>>();
    assert_eq!(without_time(&layer), without_time(&format), "one serializer for both");
    layer
}

/// The one line that `log` writes, without its timestamp.
#[track_caller]
fn check(log: impl Fn(), expected: Value) {
    let lines = lines(log);
    let [line] = &lines[..] else { panic!("one line expected: {lines:?}") };
    let mut line = parse(line);
    line.as_object_mut().unwrap().remove("timestamp");
    assert_eq!(line, expected);
}

/// Parses a line, and checks that no key is in it twice.
#[track_caller]
fn parse(line: &str) -> Value {
    assert_eq!(line.find('\n'), Some(line.len() - 1), "a line has one line end: {line:?}");
    let value: Value = serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
    let again = serde_json::to_string(&value).unwrap();
    // Parsing keeps one of two equal keys. Nothing in these tests is written in more than one way in JSON.
    let keys = |text: &str| text.matches("\":").count();
    assert_eq!(keys(line), keys(&again), "a key is there twice: {line}");
    value
}

#[test]
fn the_fixed_keys_come_first_in_their_order() {
    let lines = lines(|| {
        let _request = request();
        bind("user_id", 7);
        tracing::info!(target: "shop::orders", items = 3, "placed");
    });
    let [line] = &lines[..] else { panic!("{lines:?}") };
    let (time, rest) = line.split_at(r#"{"timestamp":"2026-11-21T02:05:09.123456Z""#.len());
    assert!(time.starts_with(r#"{"timestamp":"2"#) && time.ends_with(r#"Z""#), "{time}");
    assert_eq!(
        rest,
        concat!(
            r#","level":"INFO","message":"placed","target":"shop::orders","service":"shop","request_id":"req-abc","#,
            r#""trace_id":"4bf92f3577b34da6a3ce929d0e0e4736","span_id":"00f067aa0ba902b7","user_id":7,"items":3}"#,
            "\n"
        )
    );
}

#[test]
fn outside_of_any_request_a_line_has_no_ids() {
    check(
        || tracing::warn!(target: "t", "plain"),
        json!({"level": "WARN", "message": "plain", "target": "t", "service": "shop"}),
    );
}

#[test]
fn a_request_without_a_trace_has_its_id_on_the_line() {
    check(
        || {
            let parts = ContextParts { request_id: "req-only".parse().ok(), ..ContextParts::default() };
            let _request = Context::from(parts).attach();
            tracing::info!(target: "t", "x");
        },
        json!({"level": "INFO", "message": "x", "target": "t", "service": "shop", "request_id": "req-only"}),
    );
}

#[test]
fn a_trace_without_a_request_id_shows_the_one_that_follows_from_it() {
    let trace_id = "4bf92f3577b34da6a3ce929d0e0e4736".parse().unwrap();
    check(
        || {
            let span_id = "00f067aa0ba902b7".parse().ok();
            let parts = ContextParts { trace_id: Some(trace_id), span_id, ..ContextParts::default() };
            let _request = Context::from(parts).attach();
            tracing::info!(target: "t", "x");
        },
        json!({
            "level": "INFO", "message": "x", "target": "t", "service": "shop",
            "request_id": RequestId::of_trace(trace_id).to_string(),
            "trace_id": "4bf92f3577b34da6a3ce929d0e0e4736", "span_id": "00f067aa0ba902b7",
        }),
    );
}

#[test]
fn values_keep_their_types() {
    check(
        || {
            tracing::info!(
                target: "t",
                yes = true,
                int = -3_i64,
                unsigned = 3_u64,
                widest = u64::MAX,
                small = 5_u128,
                huge = u128::MAX,
                negative = i128::MIN,
                float = 0.5,
                whole = 2.0,
                nan = f64::NAN,
                infinite = f64::NEG_INFINITY,
                text = "a \"b\"\n\tc \\ \u{1} ü",
                display = %"as it is\n",
                debug = ?Some("x"),
                nothing = None::<u64>,
                bytes = &b"ok\xff\xfe"[..],
                r#type = "keyword",
            );
        },
        json!({
            "level": "INFO", "target": "t", "service": "shop",
            "yes": true, "int": -3, "unsigned": 3, "widest": "18446744073709551615", "small": 5,
            "huge": u128::MAX.to_string(), "negative": i128::MIN.to_string(),
            "float": 0.5, "whole": 2.0, "nan": null, "infinite": null,
            "text": "a \"b\"\n\tc \\ \u{1} ü", "display": "as it is\n", "debug": "Some(\"x\")",
            "bytes": "ok\u{fffd}\u{fffd}", "type": "keyword",
        }),
    );
}

#[derive(Debug)]
struct Failure(&'static str, Option<Box<Failure>>);

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl Error for Failure {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.1.as_deref().map(|source| source as _)
    }
}

#[test]
fn an_error_shows_the_chain_of_its_causes() {
    let refused = || Failure("connection refused", None);
    let failure = Failure("no answer", Some(Box::new(Failure("cannot connect", Some(Box::new(refused()))))));
    check(
        || tracing::error!(target: "t", error = &failure as &dyn Error, alone = &refused() as &dyn Error, "failed"),
        json!({
            "level": "ERROR", "message": "failed", "target": "t", "service": "shop",
            "error": "no answer", "error.sources": ["cannot connect", "connection refused"],
            "alone": "connection refused",
        }),
    );
}

#[test]
fn an_error_that_causes_itself_ends() {
    #[derive(Debug)]
    struct Circle;
    impl fmt::Display for Circle {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("again")
        }
    }
    impl Error for Circle {
        fn source(&self) -> Option<&(dyn Error + 'static)> {
            Some(&Circle)
        }
    }
    let lines = lines(|| tracing::error!(error = &Circle as &dyn Error, "failed"));
    assert_eq!(parse(&lines[0])["error.sources"].as_array().unwrap().len(), 16);
}

#[test]
fn a_display_that_fails_leaves_what_it_wrote() {
    struct Fails;
    impl fmt::Display for Fails {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("half")?;
            Err(fmt::Error)
        }
    }
    check(
        || tracing::info!(target: "t", value = %Fails, "x"),
        json!({"level": "INFO", "message": "x", "target": "t", "service": "shop", "value": "half"}),
    );
}

#[test]
fn a_field_with_the_name_of_a_fixed_key_is_written_beside_it() {
    check(
        || {
            let _request = request();
            bind("level", "bound");
            bind("service", "bound");
            tracing::info!(
                target: "t",
                timestamp = 1, target = "mine", service = "mine", request_id = "mine", trace_id = "mine", span_id = "mine",
                "x"
            );
        },
        json!({
            "level": "INFO", "message": "x", "target": "t", "service": "shop", "request_id": "req-abc",
            "trace_id": "4bf92f3577b34da6a3ce929d0e0e4736", "span_id": "00f067aa0ba902b7",
            "fields.level": "bound", "fields.timestamp": 1, "fields.target": "mine", "fields.service": "mine",
            "fields.request_id": "mine", "fields.trace_id": "mine", "fields.span_id": "mine",
        }),
    );
}

#[test]
fn a_message_can_be_a_field_and_need_not_be_the_first() {
    check(
        || tracing::info!(target: "t", a = 1, message = "explicit"),
        json!({"level": "INFO", "message": "explicit", "target": "t", "service": "shop", "a": 1}),
    );
    check(
        || tracing::info!(target: "t", a = 1),
        json!({"level": "INFO", "target": "t", "service": "shop", "a": 1}),
    );
}

#[test]
fn a_bound_field_is_on_every_later_line_of_its_request_and_on_no_other() {
    let all = lines(|| {
        {
            let _request = request();
            tracing::info!("before");
            assert!(bind("user_id", 7));
            assert!(bind(String::from("plan"), "free"));
            tracing::info!("after");
            let context = Context::current();
            std::thread::scope(|scope| {
                let dispatch = tracing::dispatcher::get_default(Clone::clone);
                scope.spawn(move || {
                    let _attached = context.attach();
                    tracing::dispatcher::with_default(&dispatch, || tracing::info!("in a thread"));
                });
            });
            assert!(bind("plan", "paid"));
            assert!(bind("plan", None::<&str>), "nothing is bound, nothing is lost");
            tracing::info!("later");
        }
        assert!(!bind("user_id", 8), "no request is current");
        let _other = request();
        tracing::info!("other");
    });
    let seen: Vec<_> = all.iter().map(|line| parse(line)).collect();
    let seen: Vec<_> = seen.iter().map(|line| (&line["message"], &line["user_id"], &line["plan"])).collect();
    assert_eq!(
        seen,
        [
            (&json!("before"), &Value::Null, &Value::Null),
            (&json!("after"), &json!(7), &json!("free")),
            (&json!("in a thread"), &json!(7), &json!("free")),
            (&json!("later"), &json!(7), &json!("paid")),
            (&json!("other"), &Value::Null, &Value::Null),
        ]
    );
}

#[test]
fn bound_values_are_typed() {
    check(
        || {
            let parts = ContextParts { request_id: "r".parse().ok(), ..ContextParts::default() };
            let _request = Context::from(parts).attach();
            bind("yes", true);
            bind("float", 0.5);
            bind("huge", u64::MAX);
            bind("list", ["a", "b"]);
            bind("escaped \"key\"", "\n");
            tracing::info!(target: "t", "x");
        },
        json!({
            "level": "INFO", "message": "x", "target": "t", "service": "shop", "request_id": "r",
            "yes": true, "float": 0.5, "huge": "18446744073709551615", "list": ["a", "b"], "escaped \"key\"": "\n",
        }),
    );
}

#[test]
fn fields_of_enclosing_spans_are_on_the_line() {
    check(
        || {
            let outer = tracing::info_span!("outer", tenant = "acme", late = tracing::field::Empty);
            let _outer = outer.enter();
            let _inner = tracing::info_span!("inner", order = 5).entered();
            outer.record("late", 1.5);
            tracing::info!(target: "t", "x");
        },
        json!({
            "level": "INFO", "message": "x", "target": "t", "service": "shop", "tenant": "acme", "late": 1.5, "order": 5,
        }),
    );
}

#[test]
fn the_nearest_of_fields_with_one_name_is_written() {
    check(
        || {
            let _request = request();
            bind("bound", "bound");
            bind("from_span", "bound");
            bind("from_event", "bound");
            bind("error.sources", "bound");
            let _outer =
                tracing::info_span!("outer", from_span = "outer", from_event = "outer", again = 1).entered();
            let inner =
                tracing::info_span!("inner", from_span = "inner", from_event = "inner", level = "inner");
            let _inner = inner.enter();
            inner.record("from_span", "recorded");
            tracing::info!(target: "t", from_event = "event", error = &Failure("alone", None) as &dyn Error, "x");
        },
        json!({
            "level": "INFO", "message": "x", "target": "t", "service": "shop", "request_id": "req-abc",
            "trace_id": "4bf92f3577b34da6a3ce929d0e0e4736", "span_id": "00f067aa0ba902b7",
            "bound": "bound", "again": 1, "from_span": "recorded", "fields.level": "inner", "from_event": "event", "error": "alone",
        }),
    );
}

#[test]
fn a_span_that_is_named_as_parent_counts_in_place_of_the_current_one() {
    check(
        || {
            let other = tracing::info_span!("other", a = 1);
            let _current = tracing::info_span!("current", b = 2).entered();
            tracing::info!(target: "t", parent: &other, "x");
        },
        json!({"level": "INFO", "message": "x", "target": "t", "service": "shop", "a": 1}),
    );
    check(
        || {
            let _current = tracing::info_span!("current", b = 2).entered();
            tracing::info!(target: "t", parent: None, "x");
        },
        json!({"level": "INFO", "message": "x", "target": "t", "service": "shop"}),
    );
}

#[test]
fn a_line_longer_than_the_buffer_that_is_kept_is_whole() {
    let text = "é".repeat(200_000);
    let lines = lines(|| {
        tracing::info!(text, "long");
        tracing::info!("short");
    });
    assert_eq!(parse(&lines[0])["text"], text.as_str());
    assert_eq!(parse(&lines[1])["message"], "short");
}

struct Broken;

impl io::Write for Broken {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        Err(io::ErrorKind::BrokenPipe.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Err(io::ErrorKind::BrokenPipe.into())
    }
}

impl MakeWriter<'_> for Broken {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        Self
    }
}

#[test]
fn a_writer_that_fails_loses_lines_and_nothing_else() {
    let before = lost_lines();
    let subscriber = tracing_subscriber::registry().with(JsonLayer::new().with_writer(Broken));
    tracing::subscriber::with_default(subscriber, || {
        tracing::info!("one");
        tracing::info!("two");
    });
    assert_eq!(lost_lines() - before, 2);
}

#[test]
fn lines_of_many_threads_do_not_mix() {
    let written = Lines::default();
    let subscriber = tracing_subscriber::registry().with(JsonLayer::new().with_writer(written.clone()));
    let dispatch = tracing::Dispatch::new(subscriber);
    std::thread::scope(|scope| {
        for thread in 0..4 {
            let dispatch = &dispatch;
            scope.spawn(move || {
                tracing::dispatcher::with_default(dispatch, || {
                    for number in 0..250 {
                        tracing::info!(thread, number, "line");
                    }
                });
            });
        }
    });
    let lines = written.take();
    assert_eq!(lines.len(), 1000, "one call of the writer for each line");
    lines.iter().for_each(|line| drop(parse(line)));
}

#[test]
fn with_other_span_fields_the_event_format_still_writes_json() {
    let written = Lines::default();
    let subscriber =
        tracing_subscriber::fmt().event_format(JsonFormat::new()).with_writer(written.clone()).finish();
    tracing::subscriber::with_default(subscriber, || {
        let _span = tracing::info_span!("span", a = 1).entered();
        tracing::info!(b = 2, "x");
    });
    let lines = written.take();
    assert_eq!((&parse(&lines[0])["a"], &parse(&lines[0])["b"]), (&Value::Null, &json!(2)));
}
