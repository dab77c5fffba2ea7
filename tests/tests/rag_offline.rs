//! The `rag` example where something is missing: the collector, the network.

use std::process::Command;

use serde_json::Value;
use throughline_tests::rag::{Finished, Program, Received};
use throughline_tests::receiver::{Nobody, Receiver};

const FAST: [&str; 2] = ["--first-token-delay", "0"];

fn answers(run: &Finished) -> Vec<&str> {
    run.stdout.lines().filter(|line| line.starts_with("A: ")).collect()
}

#[test]
fn without_a_collector_it_works_the_same_and_says_once_what_was_dropped() {
    let receiver = Receiver::answering([]);
    let with = Program::new(&FAST).otlp(&receiver.endpoint()).run().success();
    let nobody = Nobody::new();
    let without = Program::new(&FAST).otlp(&nobody.endpoint()).run().success();
    assert_eq!(answers(&without), answers(&with));
    assert_eq!(answers(&without).len(), 5);
    assert_eq!(outline(&without), outline(&with));

    assert_eq!(with.stderr, "");
    let spans = Received::by(&receiver).spans().len();
    let said: Vec<&str> = without.stderr.lines().collect();
    let expected =
        format!("throughline: {spans} spans for {} dropped: {spans} were not sent", nobody.endpoint());
    let [of_spans, of_metrics] = said[..] else { panic!("two lines: {}", without.stderr) };
    assert!(of_spans.starts_with(&expected), "{expected}\n{}", without.stderr);
    let dropped = format!("data points for {}/v1/metrics dropped: ", nobody.url());
    assert!(of_metrics.contains(&dropped), "{dropped}\n{}", without.stderr);
}

/// The first words of what was written, without what differs from run to run: IDs, times, and the widths they take.
fn outline(run: &Finished) -> Vec<String> {
    let lines = run.stdout.lines().map(|line| match serde_json::from_str::<Value>(line) {
        Ok(line) => format!("{} {} {}", line["level"], line["target"], line["message"]),
        Err(_) => line.split_inclusive(' ').take_while(|word| !word.starts_with(char::is_numeric)).collect(),
    });
    let mut lines: Vec<String> =
        lines.map(|line| line.split(" req-").next().unwrap_or_default().trim().to_owned()).collect();
    // A request's last lines come as their threads come to them.
    lines.sort_unstable();
    lines
}

#[test]
fn without_a_network_it_answers_every_question() {
    // A network namespace with nothing but the loopback device. Where the system allows none, the run still shows that
    // the example works, though not that it needs no network.
    let up = ["--user", "--map-root-user", "--net", "sh", "-c", "ip link set lo up"];
    let isolated = Command::new("unshare").args(up).output().is_ok_and(|output| output.status.success());
    let program = if isolated { Program::isolated(&FAST) } else { Program::new(&FAST) };
    let run = program.run().success();
    assert_eq!(answers(&run).len(), 5, "{}", run.stdout);
    assert!(!run.stdout.contains("do not answer"), "{}", run.stdout);
}
