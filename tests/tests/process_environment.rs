//! Context from program to program, by the variables of real processes.

use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt as _;
use std::process::Command;

use serde_json::Value;
use throughline::process::CommandExt as _;
use throughline::{Context, ContextParts};

const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
const PARENT: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

/// The program, which starts so many programs in all, with nothing but this environment.
fn program(depth: u32, environment: impl IntoIterator<Item = (&'static str, OsString)>) -> Command {
    let mut program = Command::new(env!("CARGO_BIN_EXE_process_program"));
    program.arg(depth.to_string()).env_clear().envs(environment);
    program
}

/// What a program and those it starts write: log lines, by depth, and spans, from the innermost on.
#[derive(Debug)]
struct Seen {
    logged: Vec<Value>,
    spans: Vec<Value>,
}

#[track_caller]
fn run(mut program: Command) -> Seen {
    let output = program.output().unwrap();
    assert!(output.status.success(), "{output:?}");
    let lines = String::from_utf8(output.stdout).unwrap();
    let lines = lines.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let (spans, logged) = lines.partition(|line| line.get("span").is_some());
    Seen { logged, spans }
}

fn texts(list: &[(&'static str, &str)]) -> Vec<(&'static str, OsString)> {
    list.iter().map(|(name, value)| (*name, value.into())).collect()
}

#[test]
fn three_programs_that_start_each_other_are_one_trace_and_one_request() {
    let given = [
        ("TRACEPARENT", PARENT),
        ("TRACESTATE", "rojo=1"),
        ("BAGGAGE", "user=Ada%20L"),
        ("X_REQUEST_ID", "req-abc"),
    ];
    let Seen { logged, spans } = run(program(3, texts(&given)));
    let [innermost, middle, outermost] = &spans[..] else { panic!("{spans:?}") };
    assert_eq!(outermost["parent"], "00f067aa0ba902b7");
    assert_eq!((&middle["parent"], &innermost["parent"]), (&outermost["id"], &middle["id"]));
    for span in &spans {
        assert_eq!((&span["trace"], &span["span"]), (&TRACE.into(), &"process_program".into()), "{span}");
        assert_eq!(span["remote"], true, "{span}");
        assert_eq!(span["attributes"]["process.executable.name"], "process_program", "{span}");
        assert_eq!(span["attributes"]["request.id"], "req-abc", "{span}");
    }
    let pids: std::collections::BTreeSet<_> =
        spans.iter().map(|span| span["attributes"]["process.pid"].to_string()).collect();
    assert_eq!(pids.len(), 3, "{pids:?}");
    let depths: Vec<_> = logged.iter().map(|line| line["depth"].as_u64().unwrap()).collect();
    assert_eq!(depths, [3, 2, 1]);
    for line in &logged {
        assert_eq!((&line["request_id"], &line["trace_id"]), (&"req-abc".into(), &TRACE.into()), "{line}");
        assert_eq!(line["user"], "Ada L", "the baggage goes along: {line}");
    }
}

#[test]
fn a_program_nobody_traces_begins_a_trace_for_those_it_starts() {
    let Seen { logged, spans } = run(program(2, []));
    let [inner, outer] = &spans[..] else { panic!("{spans:?}") };
    assert_eq!((&outer["parent"], &outer["remote"]), (&Value::Null, &false.into()));
    assert_eq!((&inner["parent"], &inner["trace"]), (&outer["id"], &outer["trace"]));
    let ids: Vec<_> = logged.iter().map(|line| line["request_id"].as_str().unwrap()).collect();
    assert!(ids[0].starts_with("req-") && ids[0] == ids[1], "{ids:?}");
}

#[test]
fn with_tracing_off_the_request_goes_on() {
    let Seen { logged, spans } = run(program(3, texts(&[("OFF", "1"), ("TRACEPARENT", PARENT)])));
    assert_eq!(spans, Vec::<Value>::new());
    let ids: Vec<_> = logged.iter().map(|line| line["request_id"].as_str().unwrap()).collect();
    assert!(ids.len() == 3 && ids.iter().all(|id| id.starts_with("req-") && *id == ids[0]), "{ids:?}");
    assert!(logged.iter().all(|line| line["trace_id"] == TRACE), "{logged:?}");
    let Seen { logged, .. } = run(program(2, texts(&[("OFF", "1")])));
    assert_eq!(logged[0]["request_id"], logged[1]["request_id"], "one that nobody gave, too");
    assert!(logged[0]["request_id"].as_str().is_some_and(|id| id.starts_with("req-")), "{logged:?}");
}

#[test]
fn hostile_variables_are_not_passed_on() {
    // The longest text that Linux takes for one variable: its name, `=`, its value, and a zero.
    let longest = |name: &str| 128 * 1024 - name.len() - 2;
    let filled = |name: &'static str, begin: &[u8], with: &[u8]| {
        let filler = with.iter().copied().cycle().take(longest(name) - begin.len());
        (name, OsString::from_vec(begin.iter().copied().chain(filler).collect()))
    };
    let hostile = [
        ("TRACEPARENT", OsString::from_vec(b"00-\xff\xfe-00f067aa0ba902b7-01".to_vec())),
        filled("TRACESTATE", b"", b"k=v,"),
        filled("BAGGAGE", b"good=1,bad=\x01\xff,", b"k=v,"),
        filled("X_REQUEST_ID", b"a\n{\"level\":\"\x1b[31m\xff", b"x"),
        ("x-request-id", "req-of-another-spelling".into()),
        ("traceparent", PARENT.into()),
    ];
    let mut program = program(2, hostile);
    program.envs((0..5_000).map(|number| (format!("X_{number}"), "\n\"}")));
    let Seen { logged, spans } = run(program);
    let [inner, outer] = &spans[..] else { panic!("{spans:?}") };
    assert_eq!(outer["parent"], Value::Null, "a trace of its own: {outer}");
    assert_ne!(outer["trace"], TRACE);
    let replaced = outer["attributes"]["request.id.replaced"].as_str().unwrap();
    assert!(replaced.len() < 150 && replaced.starts_with(r#"a\n{\"level\":\"\x1b[31m\xffxxx"#), "{replaced}");
    assert_eq!(inner["attributes"]["request.id.replaced"], Value::Null, "what goes on is valid: {inner}");
    assert_eq!((&inner["parent"], &inner["trace"]), (&outer["id"], &outer["trace"]));
    for line in &logged {
        assert_eq!(line["request_id"], logged[0]["request_id"], "{line}");
        assert!(line["request_id"].as_str().unwrap().starts_with("req-"), "{line}");
    }
    assert_eq!(logged[1]["state"], Value::Null, "no state without its parent");
    assert_eq!(logged[1]["baggage"], "good=1,k=v", "what is valid of it");

    let (name, mut value) = filled("X_REQUEST_ID", b"", b"x");
    value.push("x");
    let refused = Command::new("true").env(name, value).status().unwrap_err();
    assert_eq!(refused.kind(), std::io::ErrorKind::ArgumentListTooLong, "no variable is longer");
}

/// What a command sets and removes, sorted by name.
fn set_by(command: &Command) -> Vec<(String, Option<String>)> {
    let text = |text: &std::ffi::OsStr| text.to_str().unwrap().to_owned();
    command.get_envs().map(|(name, value)| (text(name), value.map(text))).collect()
}

fn context() -> Context {
    Context::from(ContextParts {
        trace_id: Some(TRACE.parse().unwrap()),
        span_id: Some("00f067aa0ba902b7".parse().unwrap()),
        request_id: Some("req-abc".parse().unwrap()),
        ..ContextParts::default()
    })
}

#[test]
fn what_a_program_was_started_with_does_not_reach_the_programs_of_other_work() {
    let _attached = context().attach();
    let mut command = Command::new("true");
    command.with_context();
    let parent = PARENT.replace("-01", "-00");
    let some = |name: &str, value: &str| (name.to_owned(), Some(value.to_owned()));
    let expected = [
        ("BAGGAGE".to_owned(), None),
        some("TRACEPARENT", &parent),
        ("TRACESTATE".to_owned(), None),
        some("X_REQUEST_ID", "req-abc"),
    ];
    assert_eq!(set_by(&command), expected);
}

#[test]
fn a_request_without_a_trace_takes_the_inherited_one_away() {
    let request_id = Some("req-abc".parse().unwrap());
    let _attached = Context::from(ContextParts { request_id, ..ContextParts::default() }).attach();
    let mut command = Command::new("true");
    command.with_context();
    let expected =
        [("BAGGAGE", None), ("TRACEPARENT", None), ("TRACESTATE", None), ("X_REQUEST_ID", Some("req-abc"))];
    assert_eq!(set_by(&command), expected.map(|(name, value)| (name.to_owned(), value.map(str::to_owned))));
}

#[test]
fn what_a_command_sets_or_removes_itself_stays() {
    let _attached = context().attach();
    let mut command = Command::new("true");
    command.env("TRACEPARENT", "theirs").env("BAGGAGE", "a=b").env_remove("X_REQUEST_ID").with_context();
    let expected = [("BAGGAGE", Some("a=b")), ("TRACEPARENT", Some("theirs")), ("X_REQUEST_ID", None)];
    assert_eq!(set_by(&command), expected.map(|(name, value)| (name.to_owned(), value.map(str::to_owned))));
}

#[test]
fn without_a_context_nothing_is_set() {
    let mut command = Command::new("true");
    command.with_context();
    assert_eq!(set_by(&command), []);
}

#[test]
fn a_request_id_that_no_variable_can_hold_does_not_keep_a_program_from_starting() {
    for id in ["a\0b", &"x".repeat(10 << 20)] {
        let request_id = Some(throughline::RequestId::new_unchecked(id));
        let _attached = Context::from(ContextParts { request_id, ..context().to_parts() }).attach();
        let mut program = program(1, []);
        program.with_context();
        let Seen { logged, .. } = run(program);
        assert_eq!(logged[0]["trace_id"], TRACE, "the trace goes on: {logged:?}");
        assert!(logged[0]["request_id"].as_str().unwrap().starts_with("req-"), "{logged:?}");
    }
}
