//! `THROUGHLINE_FILTER` in a process of its own: which spans are recorded, and what is said of a filter that is not meant
//! for them.

use std::process::{Command, Stdio};

/// The spans of the program.
const ALL: [&str; 8] = ["error", "warn", "info", "debug", "trace", "order", "query", "row"];

/// Which spans are recorded with this filter, and what is said about it.
#[track_caller]
fn run(filter: &str) -> (Vec<&'static str>, Vec<String>) {
    let mut program = Command::new(env!("CARGO_BIN_EXE_init_program"));
    let environment = [("THROUGHLINE_FILTER", filter), ("THROUGHLINE_LOG", "off")];
    let output = program.arg("filtered").env_clear().envs(environment).stdin(Stdio::null()).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    let lines = |bytes: Vec<u8>| -> Vec<String> {
        String::from_utf8(bytes).unwrap().lines().map(str::to_owned).collect()
    };
    let recorded = lines(output.stdout);
    let times = |name| recorded.iter().filter(|line| line.split(' ').nth(1) == Some(name)).count();
    let names: Vec<&str> = ALL.into_iter().filter(|name| times(name) > 0).collect();
    assert!(names.iter().all(|name| times(name) == 2), "the second time is as the first: {recorded:?}");
    (names, lines(output.stderr))
}

#[track_caller]
fn check(filter: &str, expected: &[&str]) {
    let (names, said) = run(filter);
    assert_eq!(names, expected, "{filter}");
    assert!(said.is_empty(), "{filter}: {said:?}");
}

const INFO: [&str; 4] = ["error", "warn", "info", "order"];

#[test]
fn a_level_is_for_all_targets() {
    check("", &INFO);
    check("error", &["error"]);
    check("warn", &["error", "warn"]);
    check("INFO", &INFO);
    check("debug", &["error", "warn", "info", "debug", "order", "query"]);
    check("trace", &ALL);
    check("2", &["error", "warn"]);
    check("off", &[]);
}

#[test]
fn a_target_has_a_level_of_its_own_with_all_that_is_below_it() {
    check("warn,shop=debug", &["error", "warn", "order", "query"]);
    check("shop=trace", &["order", "query", "row"]);
    check("levels=info", &["error", "warn", "info"]);
    check("info, shop::sql=trace", &["error", "warn", "info", "order", "query", "row"]);
    check("trace,shop=off", &["error", "warn", "info", "debug", "trace"]);
    check("off,shop=info", &["order"]);
    check("trace,shop=off,shop::sql=debug", &["error", "warn", "info", "debug", "trace", "query"]);
}

#[test]
fn a_target_alone_is_on_with_everything() {
    check("shop", &["order", "query", "row"]);
    check("error,shop::sql", &["error", "query", "row"]);
}

#[test]
fn a_filter_of_spans_of_tracing_by_name_or_field_is_said_to_mean_no_others() {
    for (filter, directives, expected) in [
        ("info,[checkout]=trace", "`[checkout]=trace`", &INFO[..]),
        ("shop[checkout{user=1}]=debug,error", "`shop[checkout{user=1}]=debug`", &["error"][..]),
        ("[{user}]=debug,shop=info,[checkout]", "`[{user}]=debug`, `[checkout]`", &["order"][..]),
        // What says nothing about them leaves them as they are without it.
        ("[checkout]=trace", "`[checkout]=trace`", &INFO[..]),
    ] {
        let (names, said) = run(filter);
        assert_eq!(names, expected, "{filter}");
        let expected = format!(
            "throughline: THROUGHLINE_FILTER: {directives} is about spans of `tracing`; spans of Throughline go by \
             target and level alone"
        );
        assert_eq!(said, [expected]);
    }
}

#[test]
fn a_malformed_filter_is_said_once_by_its_directive_and_the_default_is_used() {
    for (filter, directive) in [
        ("info,shop=loud", "shop=loud"),
        ("trace,shop=debug=info", "shop=debug=info"),
        (",", ","),
        ("[a=trace", "[a=trace"),
    ] {
        let (names, said) = run(filter);
        assert_eq!(names, INFO, "{filter}");
        let [said] = &said[..] else { panic!("one line expected: {said:?}") };
        assert!(
            said.starts_with(&format!("throughline: THROUGHLINE_FILTER: `{filter}`: \"{directive}\"")),
            "{said}"
        );
        assert!(said.ends_with("; info is used"), "{said}");
    }
}
