//! The rules of `ARCHITECTURE.md`, checked over the real source tree.

mod contents;
mod directions;
mod source;

use std::collections::{BTreeMap, BTreeSet};

use directions::RULES;
use source::{Source, files, read, reexports, root, sources};

/// What `lib.rs` re-exports, so that a path through the root is seen for what it is.
fn runtime_reexports() -> BTreeMap<String, String> {
    reexports(&Source::parse("runtime/src/lib.rs", &read("runtime/src/lib.rs")))
}

/// Every broken direction in `sources`.
fn broken_directions(sources: &[Source]) -> Vec<String> {
    let reexports = runtime_reexports();
    sources
        .iter()
        .flat_map(|source| RULES.iter().flat_map(|rule| rule.violations(source, &reexports)))
        .collect()
}

/// Whether the checker objects to `text`, were it in `file`.
#[track_caller]
fn check_direction(file: &str, text: &str, forbidden: bool) {
    let found = broken_directions(&[Source::parse(file, text)]);
    assert_eq!(!found.is_empty(), forbidden, "{file}: {text}: {found:?}");
}

/// The section of `ARCHITECTURE.md` under the heading `title`.
fn section(title: &str) -> String {
    let text = read("ARCHITECTURE.md");
    let (_, after) =
        text.split_once(&format!("\n## {title}\n")).unwrap_or_else(|| panic!("no section {title:?}"));
    after.split("\n## ").next().unwrap_or_default().to_owned()
}

/// The files that a section names, as `` `runtime/src/x.rs` ``.
fn named_files(text: &str) -> BTreeSet<String> {
    text.split('`').skip(1).step_by(2).filter(|name| name.ends_with(".rs")).map(str::to_owned).collect()
}

#[test]
fn no_module_looks_where_it_must_not() {
    let sources = [sources("runtime"), sources("macros")].concat();
    assert!(sources.len() > 20, "the source tree was not found");
    assert_eq!(broken_directions(&sources), Vec::<String>::new());
}

#[test]
fn a_forbidden_direction_is_found_in_every_spelling() {
    check_direction("runtime/src/id.rs", "use crate::context::Context;", true);
    check_direction("runtime/src/id.rs", "fn f() -> crate::Context { todo() }", true);
    check_direction("runtime/src/clock/mod.rs", "use super::span;", true);
    check_direction("runtime/src/span/record.rs", "use crate::{id::SpanId, llm::Usage};", true);
    check_direction("runtime/src/span/record.rs", "mod inner { use super::super::super::export; }", true);
    check_direction("runtime/src/span/record.rs", "macro_rules! m { () => { $crate::logs::bind() } }", true);
    check_direction("runtime/src/context/slots.rs", "use crate::collect::worker::Worker;", true);
    check_direction("runtime/src/collect/worker.rs", "fn f() { crate::export::otlp::send() }", true);
    check_direction("runtime/src/export/otlp/mod.rs", "use crate::{span::Sink, collect::*};", true);
    check_direction("runtime/src/jobs/mod.rs", "use crate::init::Builder;", true);
    check_direction("runtime/src/propagation/mod.rs", "impl Carrier for axum::http::HeaderMap {}", true);
    check_direction("runtime/src/http/mod.rs", "use opentelemetry_sdk::trace::Span;", true);
    check_direction("runtime/src/http/mod.rs", "use tracing_subscriber::Layer;", true);
    check_direction("runtime/src/collect/log.rs", "async fn f() { tokio::task::yield_now().await }", true);
    check_direction("runtime/integrations/axum/src/lib.rs", "use throughline_reqwest::Client;", true);
    check_direction("runtime/integrations/axum/tests/routes.rs", "use throughline_reqwest::Client;", true);
    check_direction("runtime/integrations/sqlx/src/pool.rs", "use throughline_test_servers::Postgres;", true);
}

#[test]
fn an_allowed_direction_is_left_alone() {
    check_direction("runtime/src/id.rs", "use std::fmt; use self::inner::X; use super::id::SpanId;", false);
    check_direction("runtime/src/id.rs", "// use crate::context;\n/// [`crate::Context`]\nstruct Id;", false);
    check_direction("runtime/src/id.rs", "#[cfg(test)] mod tests { use crate::context::Context; }", false);
    check_direction("runtime/src/span/record.rs", "use crate::{collect::log, context, id::SpanId};", false);
    check_direction("runtime/src/span/record.rs", "const A: &str = \"crate::llm::Usage\";", false);
    check_direction("runtime/src/testing/mod.rs", "use crate::init::Builder;", false);
    check_direction("runtime/src/initial.rs", "use crate::export::otlp;", false);
    check_direction("runtime/src/logs/layer.rs", "use tracing_subscriber::Layer;", false);
    check_direction(
        "runtime/integrations/axum/src/lib.rs",
        "use throughline::http; use axum::Router;",
        false,
    );
    check_direction("runtime/integrations/axum/tests/routes.rs", "use throughline_axum::RouteLayer;", false);
    check_direction(
        "runtime/integrations/sqlx/tests/pg.rs",
        "use throughline_test_servers::Postgres;",
        false,
    );
}

#[test]
fn unsafe_stands_only_where_the_architecture_says_and_why() {
    let named = named_files(&section("Where `unsafe` is"));
    let everything = [sources("runtime"), sources("macros"), sources("examples")].concat();
    let real: BTreeSet<String> = everything
        .iter()
        .filter(|source| contents::has_unsafe(source))
        .map(|source| source.file.clone())
        .collect();
    assert_eq!(real, named, "left: files with `unsafe`; right: files that ARCHITECTURE.md names");
}

#[test]
fn every_crate_denies_unsafe_code() {
    assert!(read("Cargo.toml").contains("unsafe_code = \"deny\""), "the workspace denies unsafe code");
    for (file, text) in files("", &["Cargo.toml"]) {
        let member = text.contains("[package]") && !text.contains("[workspace]");
        assert!(
            !member || text.contains("[lints]\nworkspace = true"),
            "{file} does not take the workspace's lints"
        );
    }
}

#[test]
fn unsafe_is_told_from_words_that_contain_it() {
    let holds = |text| contents::has_unsafe(&Source::parse("runtime/src/x.rs", text));
    assert!(holds("fn f() { let a = { unsafe { g() } }; }"));
    assert!(holds("unsafe impl Send for X {}"));
    assert!(!holds("#![deny(unsafe_code)] // unsafe\nconst A: &str = \"unsafe\";"));
}

#[test]
fn attribute_keys_are_written_in_semconv_alone() {
    let (semconv, others): (Vec<Source>, Vec<Source>) =
        sources("runtime").into_iter().partition(|source| source.file.starts_with("runtime/src/semconv"));
    let namespaces = contents::namespaces(&semconv);
    let strays: Vec<String> = others
        .iter()
        .filter(|source| source.file.contains("/src/"))
        .flat_map(|source| contents::literals(source).into_iter().map(move |key| (source, key)))
        .filter(|(_, key)| contents::is_key(key, &namespaces))
        .map(|(source, key)| format!("{}: {key:?}", source.file))
        .collect();
    assert_eq!(strays, Vec::<String>::new(), "keys belong into semconv");
}

#[test]
fn the_keys_of_the_attributes_are_those_of_semconv() {
    let mut semconv = sources("runtime/src");
    semconv.retain(|source| source.file.starts_with("runtime/src/semconv"));
    let known: BTreeSet<String> = semconv.iter().flat_map(contents::literals).collect();
    let namespaces = contents::namespaces(&semconv);
    let macros = sources("macros/src");
    let written: BTreeSet<String> = macros
        .iter()
        .filter(|source| !source.file.ends_with("tests.rs"))
        .flat_map(contents::literals)
        .filter(|text| contents::is_key(text, &namespaces))
        .collect();
    assert!(written.len() > 30, "only {} keys were found", written.len());
    assert_eq!(written.difference(&known).collect::<Vec<_>>(), Vec::<&String>::new());
}

#[test]
fn a_stray_key_is_told_from_other_strings() {
    let semconv = Source::parse("runtime/src/semconv.rs", "pub const A: &str = \"error.type\";");
    let namespaces = contents::namespaces(&[semconv]);
    let text = "#[doc = \"error.type\"] fn f() { g(\"error.message\", \"error: type.\", \"lib.rs\") }";
    let found = contents::literals(&Source::parse("runtime/src/x.rs", text));
    assert_eq!(found, ["error.message", "error: type.", "lib.rs"]);
    assert_eq!(found.iter().filter(|key| contents::is_key(key, &namespaces)).count(), 1);
}

#[test]
fn the_runtime_prints_nothing_to_standard_output() {
    let printing = ["print", "println", "dbg", "todo", "unimplemented"];
    let found: Vec<String> = [sources("runtime"), sources("macros")]
        .concat()
        .into_iter()
        .filter(|source| source.file.contains("/src/") && contents::calls_macro(source, &printing))
        .map(|source| source.file)
        .collect();
    assert_eq!(found, Vec::<String>::new());
    assert!(contents::calls_macro(&Source::parse("x.rs", "fn f() { if a { println!(\"b\") } }"), &printing));
    assert!(!contents::calls_macro(
        &Source::parse("x.rs", "fn println() { print(); eprintln!() }"),
        &printing
    ));
}

#[test]
fn nothing_points_to_a_path_of_one_machine() {
    let kinds = [".rs", ".toml", ".md", ".yml", ".tsv", ".ci/run", ".supp"];
    // What an example serves as its documents may speak of any path.
    let ours = files("", &kinds)
        .into_iter()
        .filter(|(file, _)| !file.starts_with("examples/") || file.ends_with(".rs"));
    let found: Vec<String> = ours
        .filter_map(|(file, text)| contents::absolute_path(&text).map(|path| format!("{file}: {path}")))
        .collect();
    assert_eq!(found, Vec::<String>::new());
    let made_up = ["see \"/ho", "me/me/x\""].concat();
    assert!(contents::absolute_path(&made_up).is_some());
    assert!(contents::absolute_path(&["https://example.org/ho", "me/"].concat()).is_none());
}

#[test]
fn files_have_one_role_and_a_name_that_says_which() {
    for source in [sources("runtime"), sources("macros")].concat() {
        let name = source.file.rsplit('/').next().unwrap_or_default();
        let vague = ["utils.rs", "util.rs", "helpers.rs", "misc.rs", "common.rs"].contains(&name);
        assert!(!vague && !name.ends_with("_hack.rs"), "{}: name it after what it does", source.file);
    }
}

#[test]
fn the_architecture_is_short_and_its_map_is_complete() {
    let text = read("ARCHITECTURE.md");
    assert!(text.lines().count() <= 250, "ARCHITECTURE.md has {} lines", text.lines().count());
    let map = section("Map");
    for (file, _) in files("", &["Cargo.toml"]).iter().filter(|(file, _)| file != "Cargo.toml") {
        let folder = file.trim_end_matches("/Cargo.toml");
        assert!(map.contains(&format!("`{folder}")), "the map leaves out {folder}");
    }
    for named in named_files(&text) {
        assert!(root().join(&named).is_file(), "ARCHITECTURE.md names {named}, which is not there");
    }
}

#[test]
fn every_module_of_the_runtime_is_on_the_map() {
    let map = section("Map");
    let modules: BTreeSet<String> =
        sources("runtime/src").into_iter().filter_map(|source| source.module.into_iter().next()).collect();
    let missing: Vec<&String> =
        modules.iter().filter(|module| !map.contains(&format!("`{module}`"))).collect();
    assert_eq!(missing, Vec::<&String>::new(), "the map leaves out modules");
}

#[test]
fn the_readme_is_short_before_its_reference() {
    let text = read("README.md");
    let start = text.split("\n## Reference").next().unwrap_or_default();
    assert!(start.len() < text.len(), "the README has a part called Reference");
    let words = start.split_whitespace().count();
    assert!(words <= 400, "{words} words before the reference");
}

#[test]
fn every_page_with_code_is_compiled_and_linked_from_the_readme() {
    let (compiled, readme) = (read("runtime/src/lib.rs"), read("README.md"));
    let pages = files("docs", &[".md"]);
    assert!(!pages.is_empty(), "the pages were not found");
    for (page, text) in pages {
        assert!(readme.contains(&format!("({page})")), "the README has no link to {page}");
        let is_compiled = compiled.contains(&format!("include_str!(\"../../{page}\")"));
        assert!(is_compiled || !text.contains("```rust"), "{page} has code that nobody compiles");
    }
}

#[test]
fn every_feature_of_the_runtime_is_in_its_documentation() {
    let (manifest, documentation) = (read("runtime/Cargo.toml"), read("runtime/src/lib.rs"));
    let features = manifest.split("\n[").find_map(|table| table.strip_prefix("features]\n"));
    let features =
        features.expect("the runtime has features").lines().filter_map(|line| line.split_once(" = ["));
    let names: Vec<&str> = features.map(|(name, _)| name).filter(|name| *name != "default").collect();
    assert!(names.contains(&"http"), "the features were not found: {names:?}");
    for name in names {
        assert!(
            documentation.contains(&format!("\n//! | `{name}` | ")),
            "runtime/src/lib.rs does not say what `{name}` adds"
        );
    }
}

#[test]
fn every_variable_that_is_read_is_in_the_table_of_init() {
    let table = read("runtime/src/init/mod.rs");
    let documented: Vec<&str> = table.lines().filter(|line| line.starts_with("//! | `")).collect();
    let documented: Vec<&str> = documented
        .iter()
        .flat_map(|row| row.split('|').nth(1))
        .flat_map(|cell| cell.split('`').skip(1).step_by(2))
        .collect();
    let is_documented = |variable: &String| {
        documented.iter().any(|name| match name.split_once('*') {
            Some((start, end)) => variable.starts_with(start) && variable.ends_with(end),
            None => variable == name,
        })
    };
    // What is only said to have no effect is no setting.
    let sources =
        sources("runtime/src").into_iter().filter(|source| !source.file.ends_with("init/unbuilt.rs"));
    let read: BTreeSet<String> =
        sources.flat_map(|source| contents::literals(&source)).filter(|text| is_variable(text)).collect();
    assert!(read.len() > 30, "only {} variables were found", read.len());
    let missing: Vec<&String> = read.iter().filter(|variable| !is_documented(variable)).collect();
    assert_eq!(missing, Vec::<&String>::new(), "runtime/src/init/mod.rs does not list them");
}

/// Whether a text names a variable of the environment that is about telemetry, or begins the names of several.
fn is_variable(text: &str) -> bool {
    let is_ours = ["OTEL_", "THROUGHLINE_"].iter().any(|prefix| text.starts_with(prefix));
    is_ours && text.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_')
}

/// What the table of traps names: `target::test`, where a bare `::test` goes on with the target before it.
fn named_tests(text: &str) -> Vec<(String, String)> {
    let mut target = String::new();
    let mut named = Vec::new();
    for (before, test) in text.split('`').skip(1).step_by(2).filter_map(|name| name.split_once("::")) {
        if !before.is_empty() {
            before.clone_into(&mut target);
        }
        named.push((target.clone(), test.to_owned()));
    }
    named
}

/// Whether there is a test of that name: in a test target of this crate or the runtime, or as a module of the runtime.
fn is_there((target, test): &(String, String)) -> bool {
    let targets =
        ["tests/tests", "runtime/tests"].map(|folder| root().join(folder).join(format!("{target}.rs")));
    let holds = |text: String| text.contains(&format!("fn {test}("));
    targets.iter().filter_map(|file| std::fs::read_to_string(file).ok()).any(holds)
        || root().join(format!("runtime/src/{target}/{test}.rs")).is_file()
}

#[test]
fn every_trap_has_its_test() {
    let text = read("tests/README.md");
    let (_, traps) = text.split_once("\n## Traps\n").expect("the table of traps is there");
    for trap in 1..=15 {
        assert!(traps.contains(&format!("\n| {trap}. ")), "trap {trap} is not in the table");
    }
    let missing: Vec<_> = named_tests(traps).into_iter().filter(|named| !is_there(named)).collect();
    assert_eq!(missing, Vec::<(String, String)>::new());
    assert_eq!(
        named_tests("`a::b`, `::c` | `d`"),
        [("a", "b"), ("a", "c")].map(|(a, b)| (a.into(), b.into()))
    );
    assert!(!is_there(&("core_spans".into(), "no_such_test".into())));
}
