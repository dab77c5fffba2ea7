//! When the terminal's sink prints what, and that nothing it meets makes it fail.

mod terminal_support;

use std::io::{self, Write};
use std::sync::Arc;
use std::time::Duration;

use terminal_support::{Made, Screen, rag, render, span};
use throughline::Pipeline;
use throughline::export::terminal::{Style, TerminalSink};
use throughline::span::Sink;
use throughline::stats::Counters;

const STYLE: Style = Style::plain(80);

fn sink(grace: Duration) -> (TerminalSink<Screen>, Screen) {
    let screen = Screen::default();
    (TerminalSink::new(screen.clone(), STYLE).grace(grace), screen)
}

fn give(sink: &mut impl Sink, spans: &[Made]) {
    spans.iter().for_each(|made| made.with_view(|view| sink.span(view)));
}

/// The first lines of what was printed, one for each trace or addendum.
fn headers(screen: &Screen) -> Vec<String> {
    screen.text().split("\n\n").filter_map(|part| part.lines().next().map(str::to_owned)).collect()
}

#[test]
fn a_trace_is_printed_at_flush_without_waiting() {
    let (mut sink, screen) = sink(Duration::MAX / 4);
    give(&mut sink, &rag());
    sink.pass();
    assert_eq!(screen.text(), "");
    assert!(sink.flush(Duration::ZERO));
    assert_eq!(screen.text(), render(&rag(), &STYLE) + "\n");
    assert!(sink.flush(Duration::ZERO));
    drop(sink);
    assert_eq!(screen.text(), render(&rag(), &STYLE) + "\n");
}

#[test]
fn a_trace_is_printed_by_a_pass_after_the_grace_time() {
    let (mut sink, screen) = sink(Duration::ZERO);
    let mut spans = rag();
    let root = spans.remove(0);
    give(&mut sink, &spans);
    sink.pass();
    assert_eq!(screen.text(), "");
    give(&mut sink, &[root]);
    sink.pass();
    assert_eq!(screen.text(), render(&rag(), &STYLE) + "\n");
}

#[test]
fn what_ends_later_is_printed_under_the_same_request_id() {
    let (mut sink, screen) = sink(Duration::ZERO);
    give(&mut sink, &[span(1, 0, "POST /ask", 0.0, 10.0).request("req-abc")]);
    sink.pass();
    // The parent of `mail` has not ended: both are one part of the work and are shown together.
    give(&mut sink, &[span(3, 2, "mail", 20.0, 30.0)]);
    sink.pass();
    assert_eq!(headers(&screen).len(), 1);
    give(&mut sink, &[span(2, 1, "record_feedback", 15.0, 31.0)]);
    sink.pass();
    let text = screen.text();
    let later = text.split("\n\n").nth(1).unwrap();
    assert!(later.starts_with("+ POST /ask · later, from 15.0 ms on · req-abc\n  trace "), "{later}");
    assert!(later.contains("\nrecord_feedback ") && later.contains("\n└ mail "), "{later}");
}

#[test]
fn a_flush_leaves_what_has_not_ended_alone() {
    let (mut sink, screen) = sink(Duration::ZERO);
    give(&mut sink, &[span(2, 1, "child", 1.0, 2.0)]);
    give(&mut sink, &[span(1, 0, "other", 0.0, 2.0).in_trace(1)]);
    sink.flush(Duration::ZERO);
    assert_eq!(headers(&screen), ["● other · 2.00 ms · trace 0190163d8694739baea5966c26f8ad92"]);
    give(&mut sink, &[span(1, 0, "root", 0.0, 3.0)]);
    sink.flush(Duration::ZERO);
    assert!(headers(&screen)[1].starts_with("● root · 3.00 ms"));
    assert!(screen.text().contains("└ child "));
}

#[test]
fn a_server_in_the_same_process_waits_for_its_caller() {
    let (mut sink, screen) = sink(Duration::ZERO);
    give(&mut sink, &[span(2, 1, "look up", 0.5, 1.0)]);
    give(&mut sink, &[span(4, 3, "POST /charge", 2.0, 9.0).remote().request("req-abc")]);
    sink.pass();
    assert_eq!(screen.text(), "");
    give(&mut sink, &[span(3, 1, "POST", 1.5, 9.5), span(1, 0, "checkout", 0.0, 10.0).request("req-abc")]);
    sink.pass();
    assert_eq!(headers(&screen).len(), 1);
    assert!(screen.text().contains("  └ POST /charge "), "{}", screen.text());
}

#[test]
fn a_server_whose_caller_is_elsewhere_is_printed() {
    let (mut sink, screen) = sink(Duration::ZERO);
    give(&mut sink, &[span(5, 4, "ledger", 3.0, 8.0)]);
    give(&mut sink, &[span(4, 99, "POST /charge", 2.0, 9.0).remote().request("req-abc")]);
    sink.pass();
    assert!(headers(&screen)[0].starts_with("● POST /charge · 7.00 ms · req-abc"));
}

#[test]
fn spans_that_wait_too_long_for_their_root_are_printed_early_and_said_to_be() {
    let screen = Screen::default();
    let mut sink = TerminalSink::new(screen.clone(), STYLE).memory(64 << 10);
    let endless = |id| span(id, 1, "tick", id as f64, id as f64 + 1.0);
    for id in 2..5_000 {
        give(&mut sink, &[endless(id)]);
    }
    drop(sink);
    let text = screen.text();
    let headers = headers(&screen);
    let (last, early) = headers.split_last().unwrap();
    assert!(!early.is_empty());
    assert!(
        early.iter().all(|header| header.starts_with("? tick · not finished, shown early to save memory"))
    );
    assert!(last.starts_with("? tick · not finished · trace "), "{last}");
    let counts = text.lines().filter_map(|line| {
        line.strip_prefix("tick ×")?.split(' ').next()?.replace(',', "").parse::<u32>().ok()
    });
    assert_eq!(counts.sum::<u32>(), 4_998, "{text}");
}

#[test]
fn what_never_got_its_root_is_shown_at_the_end() {
    let (mut sink, screen) = sink(Duration::ZERO);
    give(&mut sink, &[span(2, 1, "child", 1.0, 2.0)]);
    sink.flush(Duration::ZERO);
    assert_eq!(screen.text(), "");
    drop(sink);
    assert!(screen.text().starts_with("? child · not finished · trace "), "{}", screen.text());
}

#[test]
fn traces_are_printed_in_the_order_they_began() {
    let (mut sink, screen) = sink(Duration::ZERO);
    for n in [3_u8, 1, 2] {
        give(
            &mut sink,
            &[span(1, 0, &format!("trace {n}"), f64::from(n), f64::from(n) + 1.0).in_trace(n.into())],
        );
    }
    sink.pass();
    let names: Vec<_> = headers(&screen).iter().map(|header| header[4..11].to_owned()).collect();
    assert_eq!(names, ["trace 1", "trace 2", "trace 3"]);
}

#[test]
fn of_too_many_traces_those_that_failed_are_printed_and_the_others_counted() {
    let (screen, counters) = (Screen::default(), Arc::<Counters>::default());
    let mut sink = TerminalSink::new(screen.clone(), STYLE).per_second(3).counters(Arc::clone(&counters));
    for n in 0..20_u8 {
        let root = span(1, 0, &format!("trace {n}"), f64::from(n), f64::from(n) + 1.0).in_trace(n.into());
        let failed = n % 8 == 7;
        give(&mut sink, &[if failed { root.ended(throughline::span::Outcome::Error, "") } else { root }]);
    }
    sink.flush(Duration::ZERO);
    let text = screen.text();
    assert!(
        text.contains("● trace 0 ") && text.contains("✗ trace 7 ") && text.contains("✗ trace 15 "),
        "{text}"
    );
    assert!(text.ends_with("\n… 17 traces not shown: over 3 a second\n"), "{text}");
    assert_eq!(counters.stats().dropped_waterfalls, 17);
}

struct Broken;

impl Write for Broken {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        Err(io::ErrorKind::BrokenPipe.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Err(io::ErrorKind::BrokenPipe.into())
    }
}

#[test]
fn a_writer_that_fails_does_no_harm_and_the_flush_says_so() {
    let counters = Arc::<Counters>::default();
    let mut sink = TerminalSink::new(Broken, STYLE).counters(Arc::clone(&counters));
    give(&mut sink, &rag());
    assert!(!sink.flush(Duration::ZERO));
    assert_eq!(counters.stats().dropped_waterfalls, 1);
    give(&mut sink, &rag());
}

#[test]
fn nonsense_is_shown_and_does_not_panic() {
    let (mut sink, screen) = sink(Duration::ZERO);
    give(
        &mut sink,
        &[
            span(1, 1, "own parent", 0.0, 1.0).remote(),
            span(2, 3, "circle", 0.0, 1.0),
            span(3, 2, "circle", 0.0, 1.0),
            span(4, 0, "", 5.0, 5.0),
            span(4, 0, "twice", 5.0, 9e9),
            span(5, 4, "before its parent", 0.0, 20.0)
                .chat("", (-5, i64::MAX), f64::NAN, f64::INFINITY)
                .set("throughline.llm.attempts", i64::MIN)
                .set("throughline.llm.attempt.wait", -1.0),
        ],
    );
    sink.flush(Duration::ZERO);
    drop(sink);
    assert!(screen.text().contains("before its parent"), "{}", screen.text());
}

#[test]
fn a_trace_as_deep_as_a_stack_and_one_of_very_many_rows_are_printed() {
    let deep: Vec<_> = (0..20_000).map(|n| span(n + 1, n, "step", n as f64, 30_000.0)).collect();
    let text = render(&deep, &STYLE);
    assert!(text.lines().count() < 300);
    assert!(
        text.ends_with("  19,800 spans more, each faster than those shown\n"),
        "{}",
        &text[text.len() - 200..]
    );

    let mut wide: Vec<_> = (2..2_000)
        .map(|n| span(n, 1, &format!("job {n}"), n as f64, n as f64 + 1.0 + n as f64 / 1e4))
        .collect();
    wide.push(span(1, 0, "batch", 0.0, 3_000.0));
    wide[7] = span(9, 1, "job 9", 9.0, 9.1).ended(throughline::span::Outcome::Error, "lost");
    let text = render(&wide, &STYLE);
    assert!(text.contains("✗ job 9 ") && text.contains("job 1999 ") && !text.contains("job 10 "), "{text}");
}

#[test]
fn a_pipeline_prints_to_it() {
    let screen = Screen::default();
    let pipeline =
        Pipeline::builder().sink(TerminalSink::new(screen.clone(), STYLE)).deterministic().start().unwrap();
    let entered = pipeline.enter();
    throughline::span!("GET /").in_scope(|| throughline::span!("query").end());
    drop(entered);
    assert!(pipeline.flush(Duration::from_secs(60)));
    let text = screen.text();
    assert!(text.starts_with("● GET / · 6.00 ms · req-00000000-0000-0000-"), "{text}");
    assert!(text.contains("\n└ query "), "{text}");
}
