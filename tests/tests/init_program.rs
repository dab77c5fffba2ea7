//! `init` in a process of its own, from a real environment.

use std::process::{Command, Output, Stdio};

use serde_json::Value;
use throughline_tests::otlp::{self, hex};
use throughline_tests::receiver::{Nobody, Receiver};

/// The program, told what to do, with nothing but this environment.
fn program(what: &str, environment: &[(&str, &str)]) -> Command {
    let mut program = Command::new(env!("CARGO_BIN_EXE_init_program"));
    program.arg(what).env_clear().envs(environment.iter().copied()).stdin(Stdio::null());
    program
}

/// What the program writes. It must succeed.
#[track_caller]
fn run(what: &str, environment: &[(&str, &str)]) -> Written {
    let Output { status, stdout, stderr } = program(what, environment).output().unwrap();
    let written =
        Written { stdout: String::from_utf8(stdout).unwrap(), stderr: String::from_utf8(stderr).unwrap() };
    assert!(status.success(), "{status}: {written:?}");
    written
}

#[derive(Debug)]
struct Written {
    stdout: String,
    stderr: String,
}

impl Written {
    /// The log lines.
    fn lines(&self) -> Vec<Value> {
        self.stdout
            .lines()
            .map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("{self:?}")))
            .collect()
    }

    fn messages(&self) -> Vec<String> {
        self.lines().iter().map(|line| line["message"].as_str().unwrap().to_owned()).collect()
    }
}

#[test]
fn without_any_variable_there_are_json_lines_and_nothing_on_a_stderr_that_is_no_terminal() {
    let written = run("work", &[]);
    assert_eq!(written.messages(), ["before", "inside", "from log"]);
    let line = &written.lines()[1];
    assert!(line["service"].as_str().unwrap().starts_with("unknown_service:init_program"), "{line}");
    assert_eq!(line["trace_id"], Value::Null, "tracing is off");
    assert_eq!(written.lines()[2]["target"], "legacy", "records of log are lines");
    assert_eq!(written.stderr, "");
}

#[test]
fn an_endpoint_means_otlp_with_events_and_the_ids_of_the_log_lines() {
    let receiver = Receiver::answering([]);
    let endpoint = receiver.endpoint();
    let base = endpoint.trim_end_matches("/v1/traces");
    let written = run("work", &[("OTEL_EXPORTER_OTLP_ENDPOINT", base), ("OTEL_SERVICE_NAME", "shop")]);
    let body = receiver.request().body;
    let resource = otlp::request(&body).resource_spans.remove(0).resource.unwrap();
    assert_eq!(otlp::attributes(&resource.attributes)["service.name"], otlp::Typed::Str("shop".into()));
    let [span] = &otlp::spans(&body)[..] else { panic!("one span expected") };
    let inside = &written.lines()[1];
    assert_eq!(span.name, "work");
    assert_eq!(inside["service"], "shop");
    assert_eq!(written.lines()[0]["trace_id"], Value::Null, "before the span");
    assert_eq!(inside["trace_id"], hex(&span.trace_id));
    assert_eq!(inside["span_id"], hex(&span.span_id));
    let events: Vec<_> = span.events.iter().map(|event| event.name.as_str()).collect();
    assert_eq!(events, ["inside", "from log"]);
    assert_eq!(written.stderr, "");
}

/// The keys of the one span that the program sends.
fn keys_sent(what: &str, profiles: &[(&str, &str)]) -> Vec<String> {
    let receiver = Receiver::answering([]);
    let endpoint = receiver.endpoint();
    let written = run(what, &[&[("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", &*endpoint)], profiles].concat());
    assert_eq!(written.stderr, "");
    let [span] = &otlp::spans(&receiver.request().body)[..] else { panic!("one span expected") };
    otlp::attributes(&span.attributes).into_keys().collect()
}

#[test]
fn profiles_add_keys_to_what_is_sent_and_to_what_sinks_of_the_program_get() {
    let of_profiles = ["openinference.span.kind", "langfuse.observation.type", "operation.cost"];
    let found = |keys: Vec<String>| of_profiles.map(|key| keys.iter().any(|known| known == key));
    assert_eq!(found(keys_sent("model", &[])), [false, false, false]);
    let variable = [("THROUGHLINE_PROFILES", "openinference,langfuse")];
    assert_eq!(found(keys_sent("model", &variable)), [true, true, false]);
    assert_eq!(found(keys_sent("model-with-profiles", &variable)), [true, true, true]);
    let written = run("model-with-profiles", &[]);
    assert!(written.stdout.contains("sink: 0.000435 dollars"), "{written:?}");
}

#[test]
fn the_guard_flushes_inside_a_runtime_of_one_thread() {
    let receiver = Receiver::answering([]);
    run("current-thread-runtime", &[("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", &receiver.endpoint())]);
    assert_eq!(otlp::spans(&receiver.request().body).len(), 1);
}

#[test]
fn with_nothing_listening_the_program_works_the_same_and_says_once_what_was_lost() {
    let nobody = Nobody::new();
    let written = run("work", &[("OTEL_EXPORTER_OTLP_ENDPOINT", &nobody.url())]);
    assert_eq!(written.messages(), ["before", "inside", "from log"]);
    assert_eq!(written.stderr.lines().count(), 1, "{written:?}");
}

#[test]
fn the_console_shows_the_trace_when_it_is_asked_for() {
    let written = run("work", &[("OTEL_TRACES_EXPORTER", "console"), ("NO_COLOR", "1")]);
    assert!(written.stderr.contains("work"), "{written:?}");
    let request_id = written.lines()[1]["request_id"].as_str().unwrap().to_owned();
    assert!(
        written.stderr.contains(&request_id),
        "the same request ID in the log and in the waterfall: {written:?}"
    );
}

#[test]
fn a_disabled_sdk_sends_nothing_and_logs_on() {
    let receiver = Receiver::answering([]);
    let endpoint = receiver.endpoint();
    let written =
        run("work", &[("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", &endpoint), ("OTEL_SDK_DISABLED", "true")]);
    assert_eq!(written.messages(), ["before", "inside", "from log"]);
    assert_eq!(receiver.rest().len(), 0);
}

#[test]
fn malformed_values_are_reported_once_each_and_stop_nothing() {
    let written = run(
        "work",
        &[
            ("OTEL_TRACES_EXPORTER", "smoke-signals"),
            ("OTEL_TRACES_SAMPLER", "sometimes"),
            ("OTEL_SPAN_LINK_COUNT_LIMIT", "many"),
            ("OTEL_RESOURCE_ATTRIBUTES", "no pair"),
            ("THROUGHLINE_LOG", "xml"),
            ("THROUGHLINE_TAIL", "errors"),
        ],
    );
    let mut reported: Vec<_> = written.stderr.lines().map(|line| line.split(": ").nth(1).unwrap()).collect();
    reported.sort_unstable();
    let variables = [
        "OTEL_RESOURCE_ATTRIBUTES",
        "OTEL_SPAN_LINK_COUNT_LIMIT",
        "OTEL_TRACES_EXPORTER",
        "OTEL_TRACES_SAMPLER",
        "THROUGHLINE_LOG",
        "THROUGHLINE_TAIL",
    ];
    assert_eq!(reported, variables, "{written:?}");
    assert_eq!(written.messages(), ["before", "inside", "from log"]);
}

#[test]
fn the_filter_decides_what_is_logged() {
    let filter = |variable, directives| run("work", &[(variable, directives)]).messages();
    assert_eq!(filter("THROUGHLINE_FILTER", "program=debug"), ["before", "inside", "detail"]);
    assert_eq!(filter("RUST_LOG", "warn"), ["from log"]);
    assert_eq!(filter("THROUGHLINE_FILTER", "off"), [""; 0]);
}

#[test]
fn lines_for_people_and_none_at_all() {
    let written = run("work", &[("THROUGHLINE_LOG", "pretty")]);
    let lines: Vec<_> = written.stdout.lines().map(|line| &line["02:05:09.123 ".len()..]).collect();
    assert_eq!(lines, [" INFO program: before", " INFO program: inside items=3", " WARN legacy: from log"]);
    assert_eq!(run("work", &[("THROUGHLINE_LOG", "off")]).stdout, "");
}

#[test]
fn a_second_init_is_reported_and_leaves_the_first() {
    let written = run("twice", &[("OTEL_SERVICE_NAME", "first")]);
    assert_eq!(written.stderr, "throughline: init() was called again: what the first call set up stays\n");
    assert_eq!(written.lines()[1]["service"], "first");
}

#[test]
fn a_subscriber_of_the_program_is_left_alone_and_reported() {
    let written = run("own-subscriber", &[]);
    assert_eq!(written.stdout, "");
    assert_eq!(written.stderr.lines().count(), 1, "{written:?}");
    assert!(written.stderr.contains("throughline::logs::JsonLayer"), "{written:?}");
    let quiet = run("own-subscriber", &[("THROUGHLINE_LOG", "off")]);
    assert_eq!(quiet.stderr, "", "who wants no lines misses none");
}

#[test]
fn a_logger_of_the_program_is_left_alone_and_reported() {
    let written = run("own-logger", &[]);
    assert!(written.stdout.contains("own logger: from log\n"), "{written:?}");
    assert_eq!(written.stderr.lines().count(), 1, "{written:?}");
}

#[test]
fn spans_that_begin_without_a_parent_after_a_request_are_reported_once_each_where_they_are_written() {
    let written = run("orphans", &[("THROUGHLINE_ORPHANS", "warn"), ("THROUGHLINE_LOG", "off")]);
    let source = include_str!("../src/bin/init_program.rs");
    // The attribute is on the line before, which counts from one.
    let line = |text: &str| source.lines().position(|line| line.contains(text)).unwrap();
    let expected = [
        ("lost_on_a_thread", line("fn lost_on_a_thread")),
        ("lost_in_a_task", line("fn lost_in_a_task")),
        ("lost value", line("span!(\"lost value\")") + 1),
        ("lost_while_unwinding", line("fn lost_while_unwinding")),
    ];
    let start = |(name, line): (&str, usize)| {
        format!(
            "throughline: tests/src/bin/init_program.rs:{line}: the span `{name}` began without a parent, "
        )
    };
    let said: Vec<&str> = written.stderr.lines().collect();
    assert_eq!(said.len(), expected.len(), "{said:#?}");
    for (said, expected) in said.into_iter().zip(expected.map(start)) {
        assert!(said.starts_with(&expected), "{said}\n{expected}");
    }
    let recorded = written.stdout.lines().count();
    assert_eq!(recorded, 16, "they are recorded all the same: {}", written.stdout);
}

#[test]
fn orphans_are_not_reported_unless_that_is_asked_for() {
    for environment in [&[][..], &[("THROUGHLINE_ORPHANS", "off")]] {
        let written = run("orphans", environment);
        assert_eq!(written.stderr, "", "{environment:?}");
    }
}

#[test]
fn what_is_said_in_code_wins_over_the_environment() {
    let environment = [
        ("OTEL_SERVICE_NAME", "environment"),
        ("THROUGHLINE_LOG", "json"),
        ("THROUGHLINE_REQUEST_ID", "validate"),
    ];
    let written = run("said-in-code", &environment);
    assert_eq!(written.stdout, "sink: work Some(Str(\"two words\"))\n");
    assert_eq!(written.stderr, "");
}

#[test]
fn a_standard_output_that_nobody_reads_stops_nothing() {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let output = program("work", &[]).stdout(writer).output().unwrap();
    assert!(output.status.success());
    let stderr = String::from_utf8(output.stderr).unwrap();
    let expected = "throughline: 1 log line lost, the writer failed: Broken pipe (os error 32)\n";
    assert_eq!(stderr, expected, "once, also at the end");
}

#[test]
fn log_lines_whose_writer_fails_are_counted_and_said_at_once_and_at_the_end() {
    // Whether spans are recorded makes no difference.
    for environment in [&[][..], &[("OTEL_TRACES_EXPORTER", "console")]] {
        let full =
            std::fs::File::options().write(true).open("/dev/full").expect("a file that is always full");
        let output = program("busy", environment).stdout(full).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        let stderr = String::from_utf8(output.stderr).unwrap();
        let why = "lost, the writer failed: No space left on device (os error 28)";
        let said: Vec<&str> = stderr.lines().filter(|line| line.contains("log line")).collect();
        let expected =
            [format!("throughline: 1 log line {why}"), format!("throughline: 749 log lines {why}")];
        assert_eq!(said, expected, "{stderr}");
        assert!(stderr.contains("\nlines 750, waterfalls "), "{stderr}");
    }
}

#[test]
fn waterfalls_that_are_not_shown_are_counted_and_said() {
    let written = run("busy", &[("OTEL_TRACES_EXPORTER", "console"), ("THROUGHLINE_LOG", "off")]);
    let shown = written.stderr.matches("● work · ").count() as u64;
    let said = written.stderr.lines().filter_map(|line| {
        line.strip_prefix("… ")?.strip_suffix(" traces not shown: over 100 a second")?.parse::<u64>().ok()
    });
    let said: u64 = said.sum();
    // Where the machine is slow, a part of them ends in the next second.
    assert!((100..250).contains(&shown) && shown + said == 250, "{shown} {said}\n{}", written.stderr);
    let counted = format!("lines 0, waterfalls {said}\n");
    assert!(written.stderr.contains(&counted), "{counted} {}", written.stderr);
}

/// What is in the content of the program's model call, and nowhere else.
const CONTENT: [&str; 3] = ["Is the kettle", "It is hot", "the tea leaves"];

#[test]
fn content_is_recorded_in_the_words_of_either_variable() {
    for environment in [
        ("THROUGHLINE_CAPTURE_CONTENT", "on"),
        ("OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT", "SPAN_ONLY"),
    ] {
        let written = run("content", &[environment, ("THROUGHLINE_LOG", "off")]);
        for text in CONTENT {
            assert!(written.stdout.contains(text), "{text}: {written:?}");
        }
        assert!(written.stdout.contains("[mail]") && !written.stdout.contains("jane@"), "{written:?}");
        assert_eq!(written.stderr, "", "{written:?}");
    }
}

#[test]
fn without_a_word_no_content_is_recorded() {
    for environment in [
        &[][..],
        &[
            ("THROUGHLINE_CAPTURE_CONTENT", "off"),
            ("OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT", "SPAN_ONLY"),
        ],
        &[("OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT", "NO_CONTENT")],
    ] {
        let written = run("content", environment);
        assert!(written.stdout.contains("gen_ai.usage.input_tokens"), "the span is recorded: {written:?}");
        for text in CONTENT {
            assert!(!written.stdout.contains(text) && !written.stderr.contains(text), "{text}: {written:?}");
        }
    }
}

#[test]
fn a_malformed_word_for_content_is_said_once_and_records_none() {
    let written = run("content", &[("THROUGHLINE_CAPTURE_CONTENT", "everything")]);
    let expected = "throughline: THROUGHLINE_CAPTURE_CONTENT: `everything`: expected `on` or `off`; no content is recorded\n";
    assert_eq!(written.stderr, expected);
    assert!(!written.stdout.contains("gen_ai.input.messages"), "{written:?}");
}

#[test]
fn what_the_program_says_of_content_wins_over_the_environment() {
    let written = run("content-in-code", &[("THROUGHLINE_CAPTURE_CONTENT", "off")]);
    assert!(written.stdout.contains("Is the [thing] on?"), "{written:?}");
    let values =
        written.stdout.lines().filter_map(|line| line.strip_prefix("attribute gen_ai.")?.split_once(' '));
    assert!(values.clone().count() > 3 && values.clone().all(|(_, value)| value.len() <= 256), "{written:?}");
    let written = run("no-content-in-code", &[("THROUGHLINE_CAPTURE_CONTENT", "on")]);
    assert!(!written.stdout.contains("gen_ai.input.messages"), "{written:?}");
}

#[test]
fn content_is_on_spans_and_neither_in_log_lines_nor_on_the_terminal() {
    for log in ["json", "pretty"] {
        let environment = [
            ("THROUGHLINE_CAPTURE_CONTENT", "on"),
            ("THROUGHLINE_LOG", log),
            ("THROUGHLINE_FILTER", "trace"),
            ("OTEL_TRACES_EXPORTER", "console"),
        ];
        let written = run("content", &environment);
        assert!(written.stderr.contains("chat gpt-4o"), "the waterfall is shown: {written:?}");
        let (attributes, lines): (Vec<_>, Vec<_>) =
            written.stdout.lines().partition(|line| line.starts_with("attribute "));
        assert!(lines.iter().any(|line| line.contains("while it is asked")), "{written:?}");
        for text in CONTENT {
            assert!(attributes.iter().any(|line| line.contains(text)), "{text}: {written:?}");
            let said: Vec<_> = lines.iter().filter(|line| line.contains(text)).collect();
            assert!(said.is_empty() && !written.stderr.contains(text), "{text}: {written:?}");
        }
    }
}
