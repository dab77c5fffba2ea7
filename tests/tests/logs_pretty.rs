//! Lines for people.

mod logs_context;
use logs_context::request;
use throughline::logs::{PrettyFormat, PrettyLayer, SpanFields, bind};
use throughline_tests::lines::Lines;
use tracing_subscriber::prelude::*;

/// What `log` writes, after the time of day.
#[track_caller]
fn check(color: bool, log: impl Fn(), expected: &str) {
    let (layer, format) = (Lines::default(), Lines::default());
    let subscriber = tracing_subscriber::registry()
        .with(PrettyLayer::new().with_color(color).with_writer(layer.clone()))
        .with(
            tracing_subscriber::fmt::layer()
                .event_format(PrettyFormat::new(color))
                .fmt_fields(SpanFields)
                .with_writer(format.clone()),
        );
    tracing::subscriber::with_default(subscriber, log);
    let time = if color { "\x1b[2m02:05:09.123\x1b[0m " } else { "02:05:09.123 " };
    assert_eq!(&layer.take()[0][time.len()..], expected);
    assert_eq!(&format.take()[0][time.len()..], expected, "as event format");
}

#[test]
fn a_line_has_target_message_fields_and_request_id() {
    check(
        false,
        || {
            let _request = request();
            bind("user_id", 7);
            let _span = tracing::info_span!("span", tenant = "acme").entered();
            tracing::warn!(target: "shop::orders", items = 3, note = "two words", empty = "", "placed");
        },
        " WARN shop::orders: placed user_id=7 tenant=acme items=3 note=\"two words\" empty=\"\" req-abc\n",
    );
}

#[test]
fn the_end_of_a_request_reads_as_one() {
    let end = |status: Option<u16>, error: Option<&'static str>| {
        move || {
            let _request = request();
            let (method, route, duration_ms) = ("POST", Some("/orders/{id}"), 12.3456);
            tracing::info!(target: "throughline::request", method, route, status, duration_ms, error, "request");
        }
    };
    check(false, end(Some(201), None), " INFO POST /orders/{id} 201 12.3ms req-abc\n");
    check(false, end(None, Some("reset")), " INFO POST /orders/{id} 12.3ms error=reset req-abc\n");
}

#[test]
fn a_status_is_coloured_by_its_class() {
    let end = |status: u16| move || tracing::info!(target: "throughline::request", method = "GET", status, duration_ms = 1.0, "request");
    let line = |color| format!("\x1b[32m INFO\x1b[0m \x1b[1mGET\x1b[0m {color} 1.0ms\n");
    check(true, end(200), &line("\x1b[32m200\x1b[0m"));
    check(true, end(404), &line("\x1b[33m404\x1b[0m"));
    check(true, end(500), &line("\x1b[31m500\x1b[0m"));
}

#[test]
fn what_is_logged_can_neither_paint_nor_forge_a_line() {
    check(
        false,
        || tracing::error!(target: "t", value = %"\x1b[31m\n02:05:09 INFO", "\x1b[2J\nfake"),
        "ERROR t: \\u{1b}[2J\n    fake value=\"\\u001b[31m\\n02:05:09 INFO\"\n",
    );
}

#[test]
fn what_is_logged_cannot_show_itself_in_another_place() {
    check(
        false,
        || tracing::error!(target: "t", user = "\u{202e}adA", "denied\u{2028}INFO t: granted"),
        "ERROR t: denied\\u{2028}INFO t: granted user=\\u{202e}adA\n",
    );
}

#[test]
fn levels_and_keys_are_painted_when_asked() {
    check(
        true,
        || tracing::error!(target: "t", a = 1, "x"),
        "\x1b[31mERROR\x1b[0m \x1b[2mt:\x1b[0m x \x1b[2ma=\x1b[0m1\n",
    );
}
