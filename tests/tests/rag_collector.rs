//! The `rag` example and a real collector: it received what the program sent, and that is what the program itself tells
//! of its work.

use std::collections::{BTreeMap, BTreeSet};

use throughline_tests::collector::{Collector, Seen};
use throughline_tests::otlp::hex;
use throughline_tests::rag::received::text;
use throughline_tests::rag::{Finished, Program, Received};
use throughline_tests::receiver::Receiver;

/// The receiver in front of the collector keeps the bytes that it passes on unchanged. The waterfalls are those of another
/// sink of the same process, and the log lines have the IDs that the code read while it ran.
#[test]
fn a_collector_receives_the_spans_that_the_example_tells_of() {
    let Some(collector) = Collector::start() else { return };
    let front = Receiver::in_front_of(collector.address());
    let run = Program::new(&["--first-token-delay", "0"]).otlp(&front.endpoint()).run().success();
    assert_eq!(run.stderr, "", "nothing was dropped");
    let sent = Received::by(&front);
    let received = Received::new(collector.received());

    let seen = |spans: &Received| spans.spans().iter().map(Seen::received).collect::<BTreeSet<_>>();
    assert_eq!(received.spans().len(), 34, "{}", received.forest());
    assert_eq!(seen(&received).len(), 34, "all are different");
    assert!(seen(&received) == seen(&sent), "{}\nis not\n{}", received.forest(), sent.forest());
    check_waterfalls(&run, &received);
    check_lines(&run, &received);
}

/// Each request has a waterfall with as many rows of a name as it has spans of that name.
fn check_waterfalls(run: &Finished, received: &Received) {
    let waterfalls: Vec<&str> = run.stdout.split("● ").skip(1).collect();
    assert_eq!(waterfalls.len(), received.roots().len(), "{}", run.stdout);
    for root in received.roots() {
        let id = text(root, "request.id").expect("an ID");
        let header = |waterfall: &&&str| waterfall.lines().next().is_some_and(|line| line.ends_with(id));
        let waterfall = waterfalls.iter().find(header).unwrap_or_else(|| panic!("no waterfall of {id}"));
        let rows = waterfall.lines().skip(1).map(|line| line.trim_start_matches(|c| " │├└✗".contains(c)));
        let mut names: BTreeMap<&str, usize> = BTreeMap::new();
        let spans = received.spans().iter().filter(|span| span.trace_id == root.trace_id);
        spans.for_each(|span| *names.entry(&span.name).or_default() += 1);
        for (name, expected) in names {
            let shown = rows.clone().filter(|row| row.starts_with(name)).count();
            assert_eq!(shown, expected, "{name} in\n{waterfall}");
        }
    }
}

/// Each log line was written inside of a span that arrived, of the trace and the request that the line has.
fn check_lines(run: &Finished, received: &Received) {
    let lines = run.json_lines();
    assert_eq!(lines.len(), 3 * 5 + 1, "three of each request, and one of a retry");
    for line in lines {
        let of_line = |span: &&_| -> bool {
            let span: &opentelemetry_proto::tonic::trace::v1::Span = span;
            line["span_id"] == hex(&span.span_id) && line["trace_id"] == hex(&span.trace_id)
        };
        let span = received.spans().iter().find(of_line).unwrap_or_else(|| panic!("no span of {line}"));
        let root = received.root_of(line["request_id"].as_str().expect("an ID"));
        assert_eq!(root.trace_id, span.trace_id, "{line}");
    }
}
